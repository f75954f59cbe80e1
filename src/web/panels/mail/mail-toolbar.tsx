/** The acts that need no message: write, receive, set up. */

import { ActionIcon, Button, Group, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload, IconPencil, IconUserCog } from "@tabler/icons-react";
import { useRef } from "react";
import type { ReceiveResult } from "../../../engine/panels/mail/view.ts";
import { EMPTY_WRITING } from "./letter.ts";
import classes from "./mail.module.css";
import { composing, type MailPanel } from "./screen.ts";

export function MailToolbar({ port, view, screen, onScreen }: MailPanel) {
  const busy = view.activity !== undefined;
  const shown = useRef(screen);
  shown.current = screen;
  const receive = async (): Promise<void> => {
    const result = await port.tryTo<ReceiveResult>("receive");
    if (result === undefined || result.problems.length > 0) return;
    const { received } = result;
    const what = received === 0 ? "No new messages" : `${received} new message${received === 1 ? "" : "s"}`;
    notifications.show({ message: what, autoClose: 2_500 });
    // Who has gone elsewhere meanwhile, or is writing, stays there.
    const stays = shown.current !== screen || screen.kind === "compose";
    if (received > 0 && !stays) onScreen({ kind: "folder", folder: "inbox", open: undefined });
  };
  return (
    <Group className={classes.toolbar} gap={6} wrap="nowrap">
      <Button leftSection={<IconPencil size={14} />} onClick={() => onScreen(composing(EMPTY_WRITING))}>
        Compose
      </Button>
      <Button
        variant="default"
        leftSection={<IconDownload size={14} />}
        disabled={busy || view.account === undefined}
        onClick={receive}
      >
        Receive
      </Button>
      <Tooltip label="Mail account">
        <ActionIcon
          ml="auto"
          variant={screen.kind === "account" ? "light" : "subtle"}
          aria-label="Mail account"
          aria-pressed={screen.kind === "account"}
          onClick={() => onScreen({ kind: "account" })}
        >
          <IconUserCog size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
