/** Back, forward, again or stop, and the address. */

import { ActionIcon, Group, TextInput } from "@mantine/core";
import { IconArrowLeft, IconArrowRight, IconRefresh, IconX } from "@tabler/icons-react";
import { type FormEvent, useId, useState } from "react";
import type { BrowserView } from "../../../engine/panels/browser/view.ts";
import type { PanelPort } from "../panel.ts";
import classes from "./browser.module.css";

interface Props {
  readonly port: PanelPort;
  readonly view: BrowserView;
  readonly onGo: (url: string) => void;
}

export function AddressBar({ port, view, onGo }: Props) {
  const [typed, setTyped] = useState<string>();
  const visited = useId();
  const travel = (pages: number) => () => void port.tryTo("travel", { pages });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const url = (typed ?? view.address).trim();
    if (url !== "") onGo(url);
    setTyped(undefined);
  };
  return (
    <form onSubmit={submit} aria-label="Address">
      <Group className={classes.bar} gap={2} wrap="nowrap">
        <ActionIcon aria-label="Back" disabled={!view.canGoBack} onClick={travel(-1)}>
          <IconArrowLeft size={16} />
        </ActionIcon>
        <ActionIcon aria-label="Forward" disabled={!view.canGoForward} onClick={travel(1)}>
          <IconArrowRight size={16} />
        </ActionIcon>
        {view.loading === undefined ? (
          <ActionIcon aria-label="Load again" disabled={view.page === 0} onClick={travel(0)}>
            <IconRefresh size={16} />
          </ActionIcon>
        ) : (
          <ActionIcon aria-label="Stop" onClick={() => port.tryTo("stop")}>
            <IconX size={16} />
          </ActionIcon>
        )}
        <TextInput
          flex={1}
          ml={4}
          aria-label="Address of the page"
          list={visited}
          placeholder="http://www.hamburger.edu/"
          autoComplete="off"
          spellCheck={false}
          value={typed ?? view.address}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => typed?.trim() === "" && setTyped(undefined)}
        />
      </Group>
      <datalist id={visited}>
        {view.visited.map((url) => (
          <option key={url} value={url} />
        ))}
      </datalist>
    </form>
  );
}
