/** What a mail server answers to SMTP: whom it takes mail for and from, and how it takes it over. */

import { encodeHex, sha256 } from "../../bytes/index.ts";
import { fromByteString, LocalError, messageOf, type Network, type Task } from "../../net/index.ts";
import {
  countFields,
  fieldValue,
  formatDate,
  parseMessage,
  prependFields,
} from "../../protocols/message/index.ts";
import {
  type AcceptedMail,
  type Envelope,
  formatMailbox,
  localError,
  type Mailbox,
  RECEIVED_MAX,
  type Reply,
  type ReversePath,
  receivedField,
  reply,
  returnPathField,
  type SmtpPeer,
  type SmtpReceiver,
} from "../../protocols/smtp/index.ts";
import { type Prefix, prefixContains } from "../prefix.ts";
import type { Directory } from "./directory.ts";
import type { MailStore, NewRecipient } from "./store.ts";
import { completeHeader } from "./submission.ts";

export interface ReceiverOptions {
  readonly network: Network;
  readonly store: MailStore;
  readonly directory: Directory;
  readonly name: string;
  readonly relayFor: readonly Prefix[];
  /** Called when something new is in the queue. */
  readonly onQueued: () => void;
}

export class MailReceiver implements SmtpReceiver {
  readonly #options: ReceiverOptions;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  *acceptRecipient(peer: SmtpPeer, _from: ReversePath, recipient: Mailbox): Task<Reply | undefined> {
    const { directory } = this.#options;
    if (directory.isLocalDomain(recipient.domain)) {
      if (directory.mailboxOf(recipient) !== undefined) return undefined;
      return reply(550, "5.1.1", `${formatMailbox(recipient)} ... No such user here`);
    }
    // An open relay would carry everybody's mail anywhere: RFC 5321 section 7.8 lets us refuse.
    if (this.#mayRelay(peer)) return undefined;
    return reply(550, "5.7.1", `${formatMailbox(recipient)} ... Relaying denied`);
  }

  *acceptMail(envelope: Envelope, received: Uint8Array): Task<Reply | AcceptedMail> {
    const { network, store, name } = this.#options;
    const { fields } = parseMessage(received);
    // RFC 5321 section 6.3: a mail that has been everywhere runs in a circle.
    if (countFields(fields, "Received") > RECEIVED_MAX) {
      network.log.warn(`${SERVICE}: refused a mail from ${envelope.peer.address}: it loops`);
      return reply(554, "5.4.6", "Too many Received fields: the mail runs in a circle");
    }
    const nowMs = Math.floor(network.clock.unixMs());
    const id = `${nowMs.toString(36)}${encodeHex(network.random.bytes(4))}`;
    const complete = this.#mayRelay(envelope.peer) ? completeHeader(received, nowMs, id, name) : received;
    const recipients = envelope.recipients.map((recipient) => this.#address(recipient));
    const trace = receivedField({
      peer: envelope.peer,
      by: name,
      id,
      recipient: envelope.recipients.length === 1 ? envelope.recipients[0] : undefined,
      date: formatDate(nowMs),
    });
    const doubtKey =
      fieldValue(fields, "Message-ID") === undefined ? undefined : doubtKeyOf(envelope, received);
    try {
      const outcome = yield* store.accept({
        id,
        reversePath: envelope.reversePath === null ? "" : formatMailbox(envelope.reversePath),
        content: prependFields(trace, complete),
        mailboxPrefix: returnPathField(envelope.reversePath),
        arrivedAtMs: nowMs,
        recipients,
        doubtKey,
      });
      if (outcome === "full") return reply(452, "4.3.1", "Insufficient system storage");
      this.#report(id, envelope, received.length, outcome === "duplicate");
    } catch (error) {
      if (!(error instanceof LocalError)) throw error;
      network.log.error(
        `${SERVICE}: a mail from ${envelope.peer.address} could not be kept: ${messageOf(error)}`,
      );
      return localError;
    }
    if (recipients.some(({ mailbox }) => mailbox === undefined)) this.#options.onQueued();
    return { confirm: () => doubtKey !== undefined && store.confirm(doubtKey) };
  }

  #mayRelay(peer: SmtpPeer): boolean {
    return this.#options.relayFor.some((prefix) => prefixContains(prefix, peer.address));
  }

  #address(recipient: Mailbox): NewRecipient {
    const { directory } = this.#options;
    const address = formatMailbox({ ...recipient, domain: recipient.domain.toLowerCase() });
    const mailbox = directory.isLocalDomain(recipient.domain) ? directory.mailboxOf(recipient) : undefined;
    return mailbox === undefined ? { address } : { address, mailbox };
  }

  #report(id: string, envelope: Envelope, octets: number, duplicate: boolean): void {
    const from = envelope.reversePath === null ? "" : formatMailbox(envelope.reversePath);
    const to = envelope.recipients.map((recipient) => `<${formatMailbox(recipient)}>`).join(" ");
    const what = duplicate ? "was accepted before, not taken again" : `accepted, ${octets} octets`;
    this.#options.network.log.info(`${SERVICE}: ${id}: from <${from}> to ${to} ${what}`);
  }
}

/** The same octets with the same envelope from a host of the same name: the same transmission. */
function doubtKeyOf(envelope: Envelope, content: Uint8Array): string {
  const from = envelope.reversePath === null ? "" : formatMailbox(envelope.reversePath);
  return encodeHex(sha256(fromByteString(`${envelope.peer.helloName.toLowerCase()}\n${from}\n`), content));
}

const SERVICE = "smtp";
