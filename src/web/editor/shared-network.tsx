/** A network that came in the page's address: asks before it takes the place of the one that runs. */

import { Button, Code, Group, Modal, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { tellProblem } from "../app/act.ts";
import { useNavigation } from "../app/route-store.ts";
import { useEngine } from "../engine/hooks.ts";
import { sharedCode, unpackNetwork } from "./share.ts";

export function SharedNetwork() {
  const [text, setText] = useState<string>();
  const engine = useEngine();
  const { openNetwork, show } = useNavigation();
  useEffect(() => {
    const look = (): void => {
      const code = sharedCode(location.hash);
      if (code !== undefined) unpackNetwork(code).then(setText, tellProblem);
    };
    look();
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  const forget = (): void => {
    setText(undefined);
    if (sharedCode(location.hash) !== undefined)
      history.replaceState(null, "", location.pathname + location.search);
  };
  const open = async (): Promise<void> => {
    forget();
    try {
      const answer = await engine.request("network.open", {
        source: { text: text ?? "", fileName: SHARED_FILE_NAME },
      });
      if (answer.opened) openNetwork(undefined);
      else tellProblem(answer.errors[0]?.message ?? "It is not a network file.");
    } catch (error) {
      tellProblem(error);
    }
  };
  const edit = async (): Promise<void> => {
    forget();
    const { draft } = await import("./draft.ts");
    draft.set({ text: text ?? "", fileName: SHARED_FILE_NAME, changed: true });
    show("editor");
  };
  return (
    <Modal opened={text !== undefined} onClose={forget} title="A network came with this link">
      <Text size="sm">
        It takes the place of the one that runs. It is only a description: no program comes with it.
      </Text>
      <Code block mt="sm" mah={220} style={{ overflow: "auto" }} tabIndex={0}>
        {text?.slice(0, MAX_SHOWN)}
        {(text?.length ?? 0) > MAX_SHOWN && "\n…"}
      </Code>
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={forget}>
          No
        </Button>
        <Button variant="default" onClick={edit}>
          Look at it in the editor
        </Button>
        <Button data-autofocus onClick={open}>
          Open it
        </Button>
      </Group>
    </Modal>
  );
}

const SHARED_FILE_NAME = "shared.yaml";
const MAX_SHOWN = 4_000;
