/** A new record of a zone, or one that is changed. */

import { Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { IconCheck, IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { RecordView } from "../../../engine/panels/dns/view.ts";
import type { PanelPort } from "../panel.ts";
import { useAttempt } from "../parts/attempt.ts";

interface Props {
  readonly port: PanelPort;
  readonly zone: string;
  /** That is changed; undefined: a new one. */
  readonly record: RecordView | undefined;
  /** It is changed, or is not to be. */
  readonly onEnd: () => void;
}

export function RecordForm({ port, zone, record, onEnd }: Props) {
  const [name, setName] = useState(record?.name ?? "");
  const [ttl, setTtl] = useState(record === undefined ? "" : String(record.ttlSeconds));
  const [type, setType] = useState(record?.type ?? "A");
  const [value, setValue] = useState(record?.value ?? "");
  const { busy, attempt, problem } = useAttempt([name, ttl, type, value]);
  const save = async (): Promise<void> => {
    const ttlSeconds = ttlOf(ttl);
    const wanted = { zone, name, type, value, ...(ttlSeconds !== undefined && { ttlSeconds }) };
    await port.act("record.add", record === undefined ? wanted : { ...wanted, replaces: record.id });
    setName("");
    setTtl("");
    setValue("");
    onEnd();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    attempt(save);
  };
  return (
    <form onSubmit={submit} aria-label={record === undefined ? `New record in ${zone}` : `Record in ${zone}`}>
      <Group gap={6} align="flex-end">
        <TextInput
          w={110}
          label="Name"
          placeholder="www"
          value={name}
          autoFocus={record !== undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          w={72}
          label="TTL (s)"
          placeholder="3600"
          inputMode="numeric"
          value={ttl}
          onChange={(event) => setTtl(event.currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          w={86}
          label="Type"
          data={TYPES.includes(type) ? TYPES : [...TYPES, type]}
          value={type}
          onChange={(event) => setType(event.currentTarget.value)}
        />
        <TextInput
          flex={1}
          miw={120}
          label="Value"
          placeholder={EXAMPLES[type]}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <FormButtons
          isNew={record === undefined}
          busy={busy}
          disabled={value.trim() === ""}
          onCancel={onEnd}
        />
      </Group>
      {problem && (
        <Text size="xs" mt={4} c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
    </form>
  );
}

interface ButtonsProps {
  readonly isNew: boolean;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly onCancel: () => void;
}

function FormButtons({ isNew, busy, disabled, onCancel }: ButtonsProps) {
  const Icon = isNew ? IconPlus : IconCheck;
  return (
    <>
      <Button
        type="submit"
        variant="default"
        loading={busy}
        disabled={disabled}
        leftSection={<Icon size={14} />}
      >
        {isNew ? "Add" : "Change"}
      </Button>
      {!isNew && (
        <Button variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </>
  );
}

function ttlOf(text: string): number | undefined {
  if (text.trim() === "") return undefined;
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= TTL_MAX) return seconds;
  throw new Error(`the TTL is a whole number of seconds, at most ${TTL_MAX}`);
}

/** RFC 2181 section 8. */
const TTL_MAX = 2_147_483_647;
const TYPES = ["A", "AAAA", "CNAME", "MX", "NS", "TXT", "PTR", "SRV", "CAA"];
const EXAMPLES: Readonly<Record<string, string>> = {
  A: "192.168.1.7",
  AAAA: "2001:db8::7",
  CNAME: "mail",
  MX: "10 mail",
  NS: "ns2",
  TXT: "some words",
  PTR: "pc.crepes.fr.",
  SRV: "0 5 110 mail",
  CAA: '0 issue "ca.example.net"',
};
