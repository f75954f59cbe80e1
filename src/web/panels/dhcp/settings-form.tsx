/** The pool and the time of a lease: from now on; what was given before stays until it is asked for again. */

import { Button, Group, NumberInput, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type PanelPort, useBusy } from "../panel.ts";

interface Props {
  readonly port: PanelPort;
  readonly pool: string;
  /** Undefined: for ever. */
  readonly leaseSeconds: number | undefined;
}

export function SettingsForm({ port, pool, leaseSeconds }: Props) {
  const [wantedPool, setPool] = useState(pool);
  const [seconds, setSeconds] = useState<number | string>(leaseSeconds ?? "");
  const [problem, setProblem] = useState<string>();
  const [busy, run] = useBusy();
  const isChanged = wantedPool.trim() !== pool || seconds !== (leaseSeconds ?? "");
  const set = async (): Promise<void> => {
    try {
      await port.act("settings", { pool: wantedPool, leaseSeconds: Number(seconds) });
      setProblem(undefined);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    run(set);
  };
  return (
    <form onSubmit={submit} aria-label="Pool and lease time">
      <Group gap={6} align="flex-end">
        <TextInput
          w={260}
          label="Pool"
          placeholder="the upper half of the network"
          value={wantedPool}
          onChange={(event) => setPool(event.currentTarget.value)}
        />
        <NumberInput
          w={140}
          label="Lease time (s)"
          placeholder="for ever"
          min={10}
          value={seconds}
          onChange={setSeconds}
        />
        <Button type="submit" variant="default" loading={busy} disabled={!isChanged || seconds === ""}>
          Set
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
