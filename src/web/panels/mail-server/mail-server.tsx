/** Services, E-mail: SMTP, POP3 and IMAP on or off, the domain, the users, the queue, the mailboxes (row M10 of Packet Tracer's panel). */

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
          {PROTOCOLS.map(({ name, label }) => (
            <Protocol key={name} host={host} name={name} label={label} state={view[name]} />
          ))}
        </Group>
        {PROTOCOLS.map(
          ({ name, label }) =>
            view[name]?.running && (
              <Text key={name} size="xs" c="dimmed">
                {label} {view[name].description}
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

const PROTOCOLS = [
  { name: "smtp", label: "SMTP" },
  { name: "pop3", label: "POP3" },
  { name: "imap", label: "IMAP" },
] as const;
