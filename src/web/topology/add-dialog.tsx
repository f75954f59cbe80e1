/** Asks for the name of a new host, router or switch; without one the engine finds one. */

import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { nodeNameProblem } from "../../engine/protocol/index.ts";
import { useAct } from "../app/act.ts";
import { useNetwork } from "../engine/hooks.ts";
import { NODE_KINDS, type NodeKind } from "./node-kinds.ts";

export interface AddRequest {
  readonly kind: NodeKind;
  readonly place: { readonly x: number; readonly y: number };
}

interface Props {
  readonly request: AddRequest | undefined;
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}

export function AddDialog({ request, onClose, onAdded }: Props) {
  const label = NODE_KINDS.find(({ kind }) => kind === request?.kind)?.label.toLowerCase() ?? "";
  return (
    <Modal opened={request !== undefined} onClose={onClose} title={`Add a ${label}`} size="xs">
      {request !== undefined && <AddForm request={request} onClose={onClose} onAdded={onAdded} />}
    </Modal>
  );
}

function AddForm({ request, onClose, onAdded }: Props & { readonly request: AddRequest }) {
  const [name, setName] = useState("");
  const act = useAct();
  const network = useNetwork();
  const trimmed = name.trim();
  const taken = network?.nodes.some((node) => node.name.toLowerCase() === trimmed.toLowerCase()) ?? false;
  const wrong = trimmed === "" ? undefined : nodeNameProblem(trimmed);
  const problem = taken ? "This name is taken." : wrong;
  const add = async (): Promise<void> => {
    const { kind, place } = request;
    const x = Math.round(place.x);
    const y = Math.round(place.y);
    const added = await act("topology.add", { kind, x, y, ...(trimmed === "" ? {} : { name: trimmed }) });
    if (added === undefined) return;
    onClose();
    onAdded(added.node);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === undefined) add();
      }}
    >
      <TextInput
        data-autofocus
        label="Name"
        placeholder={
          request.kind === "host"
            ? "www.crepes.fr, or leave it empty"
            : "leave it empty for the next free one"
        }
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={problem}
      />
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={problem !== undefined}>
          Add
        </Button>
      </Group>
    </form>
  );
}
