/** The records of a zone: each can be changed or go, new ones come, and the server answers with them at once. */

import { ActionIcon, Button, Group, Table, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { RecordView, ZoneView } from "../../../engine/panels/dns/view.ts";
import type { PanelPort } from "../panel.ts";
import classes from "./dns.module.css";
import { RecordForm } from "./record-form.tsx";

interface Props {
  readonly port: PanelPort;
  readonly zone: ZoneView;
}

export function ZoneRecords({ port, zone }: Props) {
  const [changedId, setChangedId] = useState<string>();
  const changed = zone.records.find(({ id }) => id === changedId);
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
      <RecordTable port={port} zone={zone} onChange={({ id }) => setChangedId(id)} />
      <RecordForm
        key={changed?.id ?? "new"}
        port={port}
        zone={zone.name}
        record={changed}
        onEnd={() => setChangedId(undefined)}
      />
    </>
  );
}

function RecordTable({ port, zone, onChange }: Props & { readonly onChange: (record: RecordView) => void }) {
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
              <VisuallyHidden>Change or remove</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {zone.records.map((record) => (
            <Table.Tr key={record.id}>
              <Table.Td className="mono">{record.name}</Table.Td>
              <Table.Td className="mono" ta="right">
                {record.ttlSeconds}
              </Table.Td>
              <Table.Td>{record.type}</Table.Td>
              <Table.Td className={`mono ${classes.value}`}>{record.value}</Table.Td>
              <Table.Td ta="right" className={classes.buttons}>
                {record.type !== "SOA" && <RecordButtons {...{ port, zone, record, onChange }} />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

interface ButtonsProps extends Props {
  readonly record: RecordView;
  readonly onChange: (record: RecordView) => void;
}

function RecordButtons({ port, zone, record, onChange }: ButtonsProps) {
  const { id, name, type, value } = record;
  return (
    <>
      <Tooltip label="Change this record">
        <ActionIcon size="sm" aria-label={`Change ${name} ${type} ${value}`} onClick={() => onChange(record)}>
          <IconPencil size={13} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Remove this record">
        <ActionIcon
          size="sm"
          aria-label={`Remove ${name} ${type} ${value}`}
          onClick={() => port.tryTo("record.remove", { zone: zone.name, id })}
        >
          <IconTrash size={13} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
