/** Services, E-mail: SMTP and POP3 on or off, the domain, the users, the queue, the mailboxes (row M10 of Packet Tracer's panel). */

import { Group, Text } from "@mantine/core";
import type { MailServerView } from "../../../engine/panels/mail-server/view.ts";
import { Loading } from "../../host/loading.tsx";
import { ServiceSwitch } from "../../host/services/service-switch.tsx";
import { type PanelProps, usePanelPort, usePanelView } from "../panel.ts";
import { PanelSection } from "../parts/panel-section.tsx";
import { DomainForm } from "./domain-form.tsx";
import { MailboxTable } from "./mailbox-table.tsx";
import { QueueTable } from "./queue-table.tsx";
import { UserSetup } from "./user-setup.tsx";

export default function MailServer({ host }: PanelProps) {
  const port = usePanelPort(host, "mail-server");
  const view = usePanelView<MailServerView>(host, "mail-server");
  if (view === undefined) return <Loading what="the mail server" />;
  const users = view.mailboxes.filter(({ isUser }) => isUser).map(({ name }) => name);
  return (
    <>
      <PanelSection title="Protocols">
        <Group gap="xl">
          <Protocol host={host} name="smtp" label="SMTP" state={view.smtp} />
          <Protocol host={host} name="pop3" label="POP3" state={view.pop3} />
        </Group>
        {[view.smtp, view.pop3].map(
          (state, i) =>
            state?.running && (
              <Text key={i === 0 ? "smtp" : "pop3"} size="xs" c="dimmed">
                {i === 0 ? "SMTP" : "POP3"} {state.description}
              </Text>
            ),
        )}
      </PanelSection>
      {view.smtp !== undefined && <DomainForm key={view.domains.join()} port={port} domains={view.domains} />}
      <UserSetup host={host} users={users} />
      <MailboxTable host={host} mailboxes={view.mailboxes} />
      <QueueTable port={port} view={view} />
    </>
  );
}

interface ProtocolProps {
  readonly host: string;
  readonly name: string;
  readonly label: string;
  readonly state: MailServerView["smtp"];
}

function Protocol({ host, name, label, state }: ProtocolProps) {
  if (state === undefined) {
    return (
      <Text size="sm" c="dimmed">
        {label} is not installed
      </Text>
    );
  }
  return <ServiceSwitch host={host} service={{ name, running: state.running }} label={label} />;
}
