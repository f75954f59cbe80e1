/** A message in the list of its folder. */

import { Checkbox, UnstyledButton } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconPaperclip } from "@tabler/icons-react";
import type { MessageRow } from "../../../engine/panels/mail/view.ts";
import { formatDate, personOf, splitAddresses } from "../parts/format.ts";
import classes from "./mail.module.css";

interface Props {
  readonly row: MessageRow;
  readonly current: boolean;
  readonly chosen: boolean;
  readonly onOpen: () => void;
  readonly onChoose: (on: boolean) => void;
}

export function MessageLine({ row, current, chosen, onOpen, onChoose }: Props) {
  const { subject, preview, dateMs, unread, attachments, answered, forwarded } = row;
  const who = whoOf(row);
  return (
    <li className={classes.line} data-unread={unread || undefined} data-current={current || undefined}>
      <Checkbox
        size="xs"
        className={classes.choose}
        aria-label={`Choose ${subject || "the message without subject"}`}
        checked={chosen}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <UnstyledButton className={classes.open} onClick={onOpen} aria-current={current ? "true" : undefined}>
        <span className={classes.who}>
          {unread && <span className={classes.dot} role="img" aria-label="unread" />}
          <span className={classes.person}>{who}</span>
          <span className={classes.when}>{dateMs === undefined ? "" : formatDate(dateMs)}</span>
        </span>
        <span className={classes.subject}>
          {answered && <IconArrowBackUp size={13} aria-label="answered" />}
          {forwarded && <IconArrowForwardUp size={13} aria-label="forwarded" />}
          <span>{subject || "(no subject)"}</span>
          {attachments > 0 && (
            <IconPaperclip
              size={14}
              className={classes.clip}
              aria-label={attachments === 1 ? "1 attachment" : `${attachments} attachments`}
            />
          )}
        </span>
        <span className={classes.preview}>{preview}</span>
      </UnstyledButton>
    </li>
  );
}

function whoOf({ role, from, to }: MessageRow): string {
  if (role !== "sent" && role !== "drafts") return personOf(from) || "(nobody)";
  const people = splitAddresses(to).map(personOf).join(", ");
  return people === "" ? "(nobody yet)" : `To ${people}`;
}
