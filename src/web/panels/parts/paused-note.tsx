/** Says why nothing comes: what the host does takes virtual time, and that stands still. */

import { Text } from "@mantine/core";
import { useSelectedTime } from "../../engine/hooks.ts";

export function PausedNote() {
  const paused = useSelectedTime((time) => time?.paused === true);
  if (!paused) return null;
  return (
    <Text size="xs" c="dimmed" role="status">
      Time is paused: play or step to go on.
    </Text>
  );
}
