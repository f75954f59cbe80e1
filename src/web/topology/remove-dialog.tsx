/** Asks before a node or a link is taken out of the network. */

import { Button, Group, Modal, Text } from "@mantine/core";
import { useAct } from "../app/act.ts";
import { useNetwork } from "../engine/hooks.ts";
import type { Selection } from "./selection.ts";

interface Props {
  readonly what: Selection;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

export function RemoveDialog({ what, onClose, onRemoved }: Props) {
  const act = useAct();
  const network = useNetwork();
  const links = network?.links.filter(({ ends }) => ends.some(({ node }) => node === what?.name)).length ?? 0;
  const remove = async (): Promise<void> => {
    onClose();
    const done =
      what?.kind === "node"
        ? await act("topology.remove", { node: what.name })
        : await act("topology.disconnect", { link: what?.name ?? "" });
    if (done !== undefined) onRemoved();
  };
  return (
    <Modal opened={what !== undefined} onClose={onClose} title={`Remove ${what?.name}?`} size="sm">
      <Text size="sm">
        {what?.kind === "node"
          ? `It goes with all that it holds${links > 0 ? `, and ${links} ${links === 1 ? "link" : "links"} with it` : ""}.`
          : "Packets that are on it are lost."}{" "}
        To have it back, go back in time.
      </Text>
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="red" onClick={remove}>
          Remove
        </Button>
      </Group>
    </Modal>
  );
}
