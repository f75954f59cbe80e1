/** Saves the network file by Ctrl-S, wherever one is in the page, and asks when it would overwrite what somebody else wrote. */

import { Button, Group, Modal, Text } from "@mantine/core";
import { useEffect } from "react";
import { useRouteStore } from "../app/route-store.ts";
import { useEngine, useStore } from "../engine/hooks.ts";
import { download, overwrite, saveShown, type Unsaved, unsaved } from "./save.ts";

export function Saving() {
  const waiting = useStore(unsaved);
  useSaveKey();
  const close = (): void => unsaved.set(undefined);
  return (
    <Modal opened={waiting !== undefined} onClose={close} title="Overwrite the file?" size="md">
      {waiting !== undefined && <Question unsaved={waiting} onClose={close} />}
    </Modal>
  );
}

interface Props {
  readonly unsaved: Unsaved;
  readonly onClose: () => void;
}

function Question({ unsaved: { file, reason }, onClose }: Props) {
  const engine = useEngine();
  const answer = (act: () => unknown) => (): void => {
    onClose();
    act();
  };
  return (
    <>
      <Text size="sm" mb="md">
        It was not saved: {reason}. You can write yours over it, or download yours and compare the two.
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="default" onClick={answer(() => download(file))}>
          Download
        </Button>
        <Button color="red" onClick={answer(() => overwrite(engine, file))}>
          Overwrite
        </Button>
      </Group>
    </>
  );
}

function useSaveKey(): void {
  const engine = useEngine();
  const route = useRouteStore();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const isSave = event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey);
      // An editor of another file, a terminal: the key was for them.
      if (!isSave || event.altKey || event.shiftKey || event.defaultPrevented) return;
      event.preventDefault();
      if (event.repeat || unsaved.get() !== undefined) return;
      saveShown(engine, route.get().view);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [engine, route]);
}
