/** Addresses that belong to one client: each can go, new ones come. */

import { ActionIcon, Button, Group, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { ReservationView } from "../../../engine/panels/dhcp/view.ts";
import { type PanelPort, useBusy } from "../panel.ts";

interface Props {
  readonly port: PanelPort;
  readonly reservations: readonly ReservationView[];
}

export function Reservations({ port, reservations }: Props) {
  return (
    <>
      {reservations.length === 0 && (
        <Text size="sm" c="dimmed">
          No address is reserved.
        </Text>
      )}
      {reservations.map(({ client, address }) => (
        <Group key={client} gap={6}>
          <Text size="sm" className="mono">
            {address}
          </Text>
          <Text size="sm">for</Text>
          <Text size="sm" className="mono">
            {client}
          </Text>
          <ActionIcon
            size="sm"
            aria-label={`Remove the reservation of ${address}`}
            onClick={() => port.tryTo("unreserve", { client })}
          >
            <IconTrash size={13} />
          </ActionIcon>
        </Group>
      ))}
      <NewReservation port={port} />
    </>
  );
}

function NewReservation({ port }: { readonly port: PanelPort }) {
  const [client, setClient] = useState("");
  const [address, setAddress] = useState("");
  const [problem, setProblem] = useState<string>();
  const [busy, run] = useBusy();
  const add = async (): Promise<void> => {
    try {
      await port.act("reserve", { client: client.trim(), address: address.trim() });
      setClient("");
      setAddress("");
      setProblem(undefined);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    run(add);
  };
  return (
    <form onSubmit={submit} aria-label="New reservation">
      <Group gap={6} align="flex-end">
        <TextInput
          label="Hardware address"
          placeholder="02:00:00:00:00:05"
          value={client}
          onChange={(event) => setClient(event.currentTarget.value)}
        />
        <TextInput
          label="Address"
          placeholder="192.168.1.50"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          loading={busy}
          disabled={client.trim() === "" || address.trim() === ""}
          leftSection={<IconPlus size={14} />}
        >
          Reserve
        </Button>
      </Group>
      {problem && (
        <Text size="xs" mt={4} c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
    </form>
  );
}
