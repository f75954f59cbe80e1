/** Who has how many messages, and which. */

import { Table, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import type { MailboxContent, MailboxView } from "../../../engine/panels/mail-server/view.ts";
import { formatTime } from "../../time/format.ts";
import { usePanelLook } from "../panel.ts";
import { formatOctets, personOf } from "../parts/format.ts";
import { PanelSection } from "../parts/panel-section.tsx";
import classes from "./mail-server.module.css";

interface Props {
  readonly host: string;
  readonly mailboxes: readonly MailboxView[];
}

export function MailboxTable({ host, mailboxes }: Props) {
  const [open, setOpen] = useState<string>();
  return (
    <PanelSection title="Mailboxes">
      <Table verticalSpacing={4} horizontalSpacing={8} className={classes.table} aria-label="Mailboxes">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Mailbox</Table.Th>
            <Table.Th ta="right">Messages</Table.Th>
            <Table.Th ta="right">Size</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {mailboxes.map((mailbox) => {
            const { name, messages, octets, isUser } = mailbox;
            const isOpen = open === name;
            const Icon = isOpen ? IconChevronDown : IconChevronRight;
            return (
              <Fragment key={name}>
                <Table.Tr>
                  <Table.Td>
                    <UnstyledButton
                      className={classes.opener}
                      aria-expanded={isOpen}
                      onClick={() => setOpen(isOpen ? undefined : name)}
                    >
                      <Icon size={14} aria-hidden /> {name}
                      {!isUser && <span className={classes.aside}> no account</span>}
                    </UnstyledButton>
                  </Table.Td>
                  <Table.Td ta="right" className="mono">
                    {messages}
                  </Table.Td>
                  <Table.Td ta="right" className="mono">
                    {formatOctets(octets)}
                  </Table.Td>
                </Table.Tr>
                {isOpen && (
                  <Table.Tr>
                    <Table.Td colSpan={3}>
                      <Content host={host} mailbox={mailbox} />
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </PanelSection>
  );
}

function Content({ host, mailbox }: { readonly host: string; readonly mailbox: MailboxView }) {
  const { name, messages, octets } = mailbox;
  const { answer } = usePanelLook<MailboxContent>(
    host,
    "mail-server",
    "mailbox",
    { name },
    `${messages} ${octets}`,
  );
  if (messages === 0) return <span className={classes.aside}>It is empty.</span>;
  return (
    <ul className={classes.messages} aria-label={`Messages of ${name}`}>
      {answer?.messages.map(({ uid, from, subject, arrivedAtNs, octets: size }) => (
        <li key={uid}>
          <span className="mono">{formatTime(arrivedAtNs)}</span>
          <span>{personOf(from) || "(no sender)"}</span>
          <span className={classes.subject}>{subject || "(no subject)"}</span>
          <span className={classes.aside}>{formatOctets(size)}</span>
        </li>
      ))}
    </ul>
  );
}
