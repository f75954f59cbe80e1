/** Asks before something is lost. */

import { Button, Group, Modal, Text } from "@mantine/core";
import { useRef } from "react";

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button of the deed says. */
  readonly act: string;
  readonly onYes: () => void;
}

interface Props {
  readonly question: Question | undefined;
  readonly onClose: () => void;
}

export function AskDialog({ question, onClose }: Props) {
  // It still stands there while the dialog fades.
  const last = useRef(question);
  last.current = question ?? last.current;
  return (
    <Modal opened={question !== undefined} onClose={onClose} title={last.current?.title} size="sm">
      <Text size="sm">{last.current?.text}</Text>
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          color="red"
          onClick={() => {
            onClose();
            question?.onYes();
          }}
        >
          {last.current?.act}
        </Button>
      </Group>
    </Modal>
  );
}
