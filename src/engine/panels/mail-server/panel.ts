/** Services, E-mail: switches, domain, mailboxes and queue of a mail server (SMTP, POP3 and IMAP of one host). */

import * as v from "valibot";
import type { Host, InstalledService } from "../../../host/host.ts";
import { LocalError, type Task } from "../../../net/index.ts";
import { readHeaders } from "../../../protocols/message/index.ts";
import { parseMessage } from "../../../protocols/message/wire.ts";
import type { QueuedMail, RunningSmtp, SmtpConfiguration } from "../../../services/mail/index.ts";
import { atOnce } from "../at-once.ts";
import type { PanelDefinition } from "../panel.ts";
import { action, actions, deed, question, questions, short } from "../values.ts";
import type { MailboxContent, MailboxView, MailServerView, QueueEntry, SwitchView } from "./view.ts";

export const mailServerPanel: PanelDefinition = {
  panel: "mail-server",
  title: "E-mail",
  tab: "services",
  services: ["smtp", "pop3", "imap"],
  appliesTo: (host) => ["smtp", "pop3", "imap"].some((name) => serviceOf(host, name) !== undefined),
  view: viewOf,
  revision: (host) => JSON.stringify(viewOf(host)),
  look: questions({
    mailbox: question(v.strictObject({ name: short }), (host, { name }) => contentOf(host, name)),
  }),
  act: actions({
    "domains.set": deed(v.strictObject({ domains: domainsSchema() }), (host, { domains }) =>
      setDomains(host, domains),
    ),
    /** Tries what waits (or one mail) again now. */
    "queue.flush": action(v.strictObject({ id: v.optional(short) }), function* (host, { id }) {
      const running = runningSmtp(host);
      if (running === undefined) throw new LocalError("smtp-off", "SMTP is off: nothing can be sent");
      yield* running.flush(id);
      return {};
    }),
    "queue.remove": action(v.strictObject({ id: short }), removeQueued),
  }),
};

function viewOf(host: Host): MailServerView {
  const smtp = serviceOf(host, "smtp");
  const configured = (smtp?.configuration as SmtpConfiguration | undefined)?.domains ?? [];
  const queue = atOnce(host.stores.mail().queue(QUEUE_MAX));
  return {
    smtp: switchOf(smtp),
    pop3: switchOf(serviceOf(host, "pop3")),
    imap: switchOf(serviceOf(host, "imap")),
    domains: runningSmtp(host)?.domains ?? configured,
    mailboxes: mailboxesOf(host),
    queued: queue.length,
    queue: queue.slice(0, SHOWN_MAX).map((mail) => entryOf(host, mail)),
  };
}

function mailboxesOf(host: Host): MailboxView[] {
  const view = (name: string, isUser: boolean): MailboxView => {
    const messages = atOnce(host.stores.mail().messages(name));
    const octets = messages.reduce((sum, message) => sum + message.octets, 0);
    return { name, isUser, messages: messages.length, octets };
  };
  const users = host.users.map(({ name }) => view(name, true));
  const isThere = users.some(({ name }) => name.toLowerCase() === POSTMASTER);
  const postmaster = isThere ? undefined : view(POSTMASTER, false);
  return postmaster === undefined || postmaster.messages === 0 ? users : [...users, postmaster];
}

function entryOf(host: Host, mail: QueuedMail): QueueEntry {
  return {
    id: mail.id,
    from: mail.reversePath,
    octets: mail.octets,
    arrivedAtNs: virtualNs(host, mail.arrivedAtMs),
    recipients: mail.recipients.map(({ address, attempts, nextAttemptAtMs, lastResult }) => ({
      address,
      attempts,
      nextAttemptAtNs: virtualNs(host, nextAttemptAtMs),
      lastResult,
    })),
  };
}

function contentOf(host: Host, name: string): MailboxContent {
  const store = host.stores.mail();
  const newest = atOnce(store.messages(name)).slice(-SHOWN_MAX).reverse();
  return {
    messages: newest.map(({ uid, octets, arrivedAtMs }) => {
      const content = atOnce(store.readMessage(name, uid)) ?? new Uint8Array(0);
      const { from, subject } = readHeaders(parseMessage(content).fields);
      return { uid, from, subject, octets, arrivedAtNs: virtualNs(host, arrivedAtMs) };
    }),
  };
}

/** Counts from the next recipient on, and when the server starts again. */
function setDomains(host: Host, domains: readonly string[]): void {
  const smtp = serviceOf(host, "smtp");
  if (smtp === undefined) throw new LocalError("unknown-service", `${host.name} has no mail server`);
  host.install("smtp", { ...(smtp.configuration as SmtpConfiguration), domains });
  runningSmtp(host)?.setDomains(domains);
}

function* removeQueued(host: Host, { id }: { id: string }): Task<unknown> {
  const store = host.stores.mail();
  const mail = (yield* store.queue(QUEUE_MAX)).find((each) => each.id === id);
  if (mail === undefined) throw new LocalError("no-mail", "this mail has left the queue");
  yield* store.settle(id, { done: mail.recipients.map(({ address }) => address), deferred: [] });
  return {};
}

function serviceOf(host: Host, name: string): InstalledService | undefined {
  return host.services.find((service) => service.name === name);
}

function runningSmtp(host: Host): RunningSmtp | undefined {
  return serviceOf(host, "smtp")?.running as RunningSmtp | undefined;
}

function switchOf(service: InstalledService | undefined): SwitchView | undefined {
  return (
    service && { running: service.running !== undefined, description: service.running?.description ?? "" }
  );
}

/** The store keeps wall-clock time, the console shows virtual time. */
function virtualNs({ network: { clock } }: Host, unixMs: number): number {
  return (unixMs - clock.unixMs() + Math.floor(clock.nowNs() / 1e6)) * 1e6;
}

function domainsSchema() {
  // The same rule as in the network file.
  const name = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/;
  const domain = v.pipe(
    v.string(),
    v.trim(),
    v.maxLength(255),
    v.regex(name, ({ input }) => {
      const advice = /\s/.test(input) ? "; several have commas between them" : "";
      return `"${input}" is no domain name${advice}`;
    }),
  );
  return v.pipe(
    v.array(domain),
    v.minLength(1, "a mail server has at least one domain"),
    v.maxLength(50),
    v.check(areDifferent, "a domain stands twice in the list"),
  );
}

function areDifferent(domains: string[]): boolean {
  return new Set(domains.map((domain) => domain.toLowerCase())).size === domains.length;
}

const POSTMASTER = "postmaster";
/** More are counted as so many. */
const QUEUE_MAX = 10_000;
/** As many as a person looks through. */
const SHOWN_MAX = 200;
