/** The domain name with Set: the domains whose mail ends on this server. */

import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { PanelPort } from "../panel.ts";
import { useAttempt } from "../parts/attempt.ts";
import { PanelSection } from "../parts/panel-section.tsx";

interface Props {
  readonly port: PanelPort;
  readonly domains: readonly string[];
}

export function DomainForm({ port, domains }: Props) {
  const saved = domains.join(", ");
  const [text, setText] = useState(saved);
  const { busy, attempt, problem } = useAttempt([text]);
  const wanted = text
    .split(",")
    .map((domain) => domain.trim())
    .filter((domain) => domain !== "");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    attempt(() => port.act("domains.set", { domains: wanted }));
  };
  return (
    <PanelSection title="Domain name">
      <form onSubmit={submit}>
        <Group gap={6} align="flex-start">
          <TextInput
            flex={1}
            aria-label="Domain name"
            placeholder="crepes.fr, example.org"
            value={text}
            error={problem?.replace(/^domains(\.\d+)?: /, "")}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={busy} disabled={wanted.join(", ") === saved}>
            Set
          </Button>
        </Group>
      </form>
    </PanelSection>
  );
}
