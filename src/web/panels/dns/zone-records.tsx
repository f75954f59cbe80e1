/** The records of a zone: each can go, new ones come, and the server answers with them at once. */

import {
  ActionIcon,
  Button,
  Group,
  NativeSelect,
  Table,
  Text,
  TextInput,
  Tooltip,
  VisuallyHidden,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { ZoneView } from "../../../engine/panels/dns/view.ts";
import { type PanelPort, useBusy } from "../panel.ts";
import classes from "./dns.module.css";

interface Props {
  readonly port: PanelPort;
  readonly zone: ZoneView;
}

export function ZoneRecords({ port, zone }: Props) {
  if (zone.problem !== undefined) {
    return (
      <Text size="sm" c="var(--mantine-color-error)" role="alert">
        {zone.problem}
      </Text>
    );
  }
  return (
    <>
      <Group justify="space-between">
        <Text size="sm">
          <b>{zone.name}</b>, serial number <span className="mono">{zone.serial}</span>
        </Text>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconTrash size={13} />}
          onClick={() => port.tryTo("zone.remove", { zone: zone.name })}
        >
          Remove the zone
        </Button>
      </Group>
      <RecordTable port={port} zone={zone} />
      <NewRecord port={port} zone={zone} />
    </>
  );
}

function RecordTable({ port, zone }: Props) {
  return (
    <div className={classes.scroll}>
      <Table
        verticalSpacing={2}
        horizontalSpacing={8}
        className={classes.table}
        aria-label={`Records of ${zone.name}`}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th ta="right">TTL</Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th>Value</Table.Th>
            <Table.Th>
              <VisuallyHidden>Remove</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {zone.records.map(({ id, name, ttlSeconds, type, value }) => (
            <Table.Tr key={id}>
              <Table.Td className="mono">{name}</Table.Td>
              <Table.Td className="mono" ta="right">
                {ttlSeconds}
              </Table.Td>
              <Table.Td>{type}</Table.Td>
              <Table.Td className={`mono ${classes.value}`}>{value}</Table.Td>
              <Table.Td ta="right">
                {type !== "SOA" && (
                  <Tooltip label="Remove this record">
                    <ActionIcon
                      size="sm"
                      aria-label={`Remove ${name} ${type} ${value}`}
                      onClick={() => port.tryTo("record.remove", { zone: zone.name, id })}
                    >
                      <IconTrash size={13} />
                    </ActionIcon>
                  </Tooltip>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function NewRecord({ port, zone }: Props) {
  const [name, setName] = useState("");
  const [type, setType] = useState("A");
  const [value, setValue] = useState("");
  const [problem, setProblem] = useState<string>();
  const [busy, run] = useBusy();
  const add = async (): Promise<void> => {
    try {
      await port.act("record.add", { zone: zone.name, name, type, value });
      setName("");
      setValue("");
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
    <form onSubmit={submit} aria-label={`New record in ${zone.name}`}>
      <Group gap={6} align="flex-end" wrap="nowrap">
        <TextInput
          w={110}
          label="Name"
          placeholder="www"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          w={86}
          label="Type"
          data={TYPES}
          value={type}
          onChange={(event) => setType(event.currentTarget.value)}
        />
        <TextInput
          flex={1}
          label="Value"
          placeholder={EXAMPLES[type]}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          loading={busy}
          disabled={value.trim() === ""}
          leftSection={<IconPlus size={14} />}
        >
          Add
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

const TYPES = ["A", "AAAA", "CNAME", "MX", "NS", "TXT", "PTR", "SRV", "CAA"];
const EXAMPLES: Readonly<Record<string, string>> = {
  A: "192.168.1.7",
  AAAA: "2001:db8::7",
  CNAME: "mail",
  MX: "10 mail",
  NS: "ns2",
  TXT: '"some words"',
  PTR: "pc.crepes.fr.",
  SRV: "0 5 110 mail",
  CAA: '0 issue "ca.example.net"',
};
