/** The domain name with Set: the domains whose mail ends on this server. */

import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type PanelPort, useBusy } from "../panel.ts";
import { PanelSection } from "../parts/panel-section.tsx";

interface Props {
  readonly port: PanelPort;
  readonly domains: readonly string[];
}

export function DomainForm({ port, domains }: Props) {
  const saved = domains.join(", ");
  const [text, setText] = useState(saved);
  const [problem, setProblem] = useState<string>();
  const [busy, run] = useBusy();
  const set = async (): Promise<void> => {
    const wanted = text.split(/[,\s]+/).filter((domain) => domain !== "");
    try {
      await port.act("domains.set", { domains: wanted });
      setProblem(undefined);
    } catch (error) {
      setProblem((error as Error).message.replace(/^domains(\.\d+)?: /, ""));
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    run(set);
  };
  return (
    <PanelSection title="Domain name">
      <form onSubmit={submit}>
        <Group gap={6} align="flex-start">
          <TextInput
            flex={1}
            aria-label="Domain name"
            placeholder="crepes.fr"
            value={text}
            error={problem}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={busy} disabled={text.trim() === saved}>
            Set
          </Button>
        </Group>
      </form>
    </PanelSection>
  );
}
