/** The queue: what waits, why, and when it is tried again. */

import { ActionIcon, Button, Group, Text, Tooltip } from "@mantine/core";
import { IconRefresh, IconTrash } from "@tabler/icons-react";
import type { MailServerView, QueueEntry } from "../../../engine/panels/mail-server/view.ts";
import { useSelectedTime } from "../../engine/hooks.ts";
import { formatDuration, formatTime } from "../../time/format.ts";
import type { PanelPort } from "../panel.ts";
import { formatOctets } from "../parts/format.ts";
import { PanelSection } from "../parts/panel-section.tsx";
import classes from "./mail-server.module.css";

interface Props {
  readonly port: PanelPort;
  readonly view: MailServerView;
}

export function QueueTable({ port, view }: Props) {
  const { queue, queued } = view;
  const flush = (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<IconRefresh size={13} />}
      disabled={queued === 0 || view.smtp?.running !== true}
      onClick={() => port.tryTo("queue.flush")}
    >
      Try all again now
    </Button>
  );
  return (
    <PanelSection title={`Queue (${queued})`} aside={flush}>
      {queue.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing waits to be sent on.
        </Text>
      )}
      {queue.map((mail) => (
        <QueuedMail key={mail.id} mail={mail} port={port} running={view.smtp?.running === true} />
      ))}
      {queued > queue.length && (
        <Text size="xs" c="dimmed">
          and {queued - queue.length} more
        </Text>
      )}
    </PanelSection>
  );
}

interface MailProps {
  readonly mail: QueueEntry;
  readonly port: PanelPort;
  readonly running: boolean;
}

function QueuedMail({ mail, port, running }: MailProps) {
  const { id, from, octets, arrivedAtNs, recipients } = mail;
  const sender = from === "" ? "a notification" : `from ${from}`;
  return (
    <div className={classes.queued}>
      <Group gap={6} wrap="nowrap" justify="space-between">
        <Text size="sm" truncate>
          {sender}, {formatOctets(octets)}, since <span className="mono">{formatTime(arrivedAtNs)}</span>
        </Text>
        <Group gap={0} wrap="nowrap">
          <Tooltip label="Try again now">
            <ActionIcon
              size="sm"
              aria-label={`Try the mail ${sender} again now`}
              disabled={!running}
              onClick={() => port.tryTo("queue.flush", { id })}
            >
              <IconRefresh size={14} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Remove from the queue; nobody is told">
            <ActionIcon
              size="sm"
              aria-label={`Remove the mail ${sender} from the queue`}
              onClick={() => port.tryTo("queue.remove", { id })}
            >
              <IconTrash size={14} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      <ul className={classes.waiting}>
        {recipients.map(({ address, attempts, nextAttemptAtNs, lastResult }) => (
          <li key={address}>
            to <b>{address}</b>: {attempts === 0 ? "not tried yet" : `tried ${attempts}×`}, next attempt{" "}
            <Until timeNs={nextAttemptAtNs} />
            {lastResult && <span className={classes.reason}>{lastResult}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Counts down in whole seconds of virtual time. */
function Until({ timeNs }: { readonly timeNs: number }) {
  const seconds = useSelectedTime((time) => Math.ceil((timeNs - (time?.nowNs ?? 0)) / 1e9));
  return <span className="mono">{seconds <= 0 ? "now" : `in ${formatDuration(seconds * 1e9)}`}</span>;
}
