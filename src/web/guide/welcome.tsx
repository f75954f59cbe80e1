/** For the first visit: what this is, and the tour. A page that was opened by a link to something does not ask. */

import { Button, Group, List, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { isBoolean, useStored } from "../app/stored.ts";
import { useRequest } from "../engine/hooks.ts";
import { useBeginLesson } from "./use-begin-lesson.ts";

export function Welcome() {
  const [plain] = useState(() => location.hash === "");
  const [seen, setSeen] = useStored("welcomed", false, isBoolean);
  const { data: lessons } = useRequest("lesson.list", {});
  const begin = useBeginLesson();
  const tour = lessons?.[0];
  const close = (): void => setSeen(true);
  return (
    <Modal
      opened={plain && !seen && lessons !== undefined}
      onClose={close}
      title="Welcome to Hamlet"
      size="md"
    >
      <Text size="sm" mb="sm">
        A small Internet that you can run, see and take apart. Its hosts speak the real protocols, byte by
        byte, and nothing of it leaves this machine.
      </Text>
      <List size="sm" spacing={6} mb="md">
        <List.Item>
          <b>Network:</b> click a host to see what it is, double-click to use it; right-click for more.
        </List.Item>
        <List.Item>
          <b>Packets:</b> every one that was sent, down to its bits.
        </List.Item>
        <List.Item>
          <b>Time:</b> stop it, slow it down, step through it, or go back and change one thing.
        </List.Item>
      </List>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Look around
        </Button>
        {tour !== undefined && (
          <Button
            data-autofocus
            onClick={() => {
              close();
              begin(tour.id);
            }}
          >
            Start the tour
          </Button>
        )}
      </Group>
    </Modal>
  );
}
