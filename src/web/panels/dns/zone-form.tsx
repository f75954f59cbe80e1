/** A new zone: its name; the server itself becomes its name server. */

import { Button, Popover, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { PanelPort } from "../panel.ts";
import { useAttempt } from "../parts/attempt.ts";

export function ZoneForm({ port }: { readonly port: PanelPort }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const { busy, attempt, problem } = useAttempt([name]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    attempt(async () => {
      await port.act("zone.add", { zone: name.trim() });
      setOpen(false);
      setName("");
    });
  };
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="bottom-end" withArrow shadow="md">
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={13} />}
          onClick={() => setOpen(!open)}
        >
          New zone
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <TextInput
            label="Name of the zone"
            placeholder="example.org"
            value={name}
            error={problem}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Text size="xs" c="dimmed" my={6}>
            This server becomes its name server.
          </Text>
          <Button type="submit" loading={busy} disabled={name.trim() === ""}>
            Add
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
