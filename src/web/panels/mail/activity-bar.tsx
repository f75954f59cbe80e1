/** What the client is busy with, and what went wrong the last time. */

import { Alert, Button, Group, Progress, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { PausedNote } from "../parts/paused-note.tsx";
import classes from "./mail.module.css";
import type { MailPanel } from "./screen.ts";

export function ActivityBar({ view, port, screen, onScreen }: MailPanel) {
  const { activity, problems } = view;
  if (activity !== undefined) {
    const known = activity.progress !== undefined;
    return (
      <div className={classes.activity} role="status">
        <Group gap="xs" wrap="nowrap">
          <Text size="xs" flex={1} truncate>
            {activity.text}…
          </Text>
          <PausedNote />
          <Button size="compact-xs" variant="default" onClick={() => port.tryTo("stop")}>
            Stop
          </Button>
        </Group>
        <Progress
          size={3}
          mt={4}
          value={known ? (activity.progress ?? 0) * 100 : 100}
          animated={!known}
          striped={!known}
          aria-label={activity.text}
        />
      </div>
    );
  }
  // The form shows them at its fields, the letter at its own.
  if (problems.length === 0 || screen.kind !== "folder") return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} className={classes.problems} role="alert">
      {problems.map(({ message }) => (
        <Text size="sm" key={message}>
          {message}
        </Text>
      ))}
      <Button mt={6} size="compact-xs" variant="default" onClick={() => onScreen({ kind: "account" })}>
        Open the account
      </Button>
    </Alert>
  );
}
