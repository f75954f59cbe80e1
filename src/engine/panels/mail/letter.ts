/** From what a person wrote to what goes out: recipients checked one by one, the message composed. */

import * as v from "valibot";
import { decodeBase64, FormatError } from "../../../bytes/index.ts";
import type { MailAccount } from "../../../host/shell/index.ts";
import type { Network } from "../../../net/index.ts";
import {
  type Attachment,
  composeMessage,
  encodeAddress,
  makeMessageId,
  type NamedAddress,
  parseAddresses,
  readMessage,
} from "../../../protocols/message/index.ts";
import { formatMailbox, type Mailbox, parseMailbox } from "../../../protocols/smtp/index.ts";
import { whole } from "../values.ts";
import { senderOf } from "./account.ts";
import type { Messages } from "./messages.ts";
import { MailProblem } from "./problem.ts";
import type { FieldProblem, Letter, LetterAttachment } from "./view.ts";

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));

export const letterSchema = v.strictObject({
  to: text(64 * 1024),
  cc: text(64 * 1024),
  bcc: text(64 * 1024),
  subject: text(1_000),
  text: text(4 * 1024 * 1024),
  html: v.optional(text(8 * 1024 * 1024)),
  attachments: v.pipe(
    v.array(
      v.union([
        v.strictObject({ name: text(255), type: text(255), content: text(48 * 1024 * 1024) }),
        v.strictObject({ message: whole, index: whole }),
      ]),
    ),
    v.maxLength(100),
  ),
  answers: v.optional(whole),
  forwards: v.optional(whole),
  draft: v.optional(whole),
});

/** A letter that can be sent. */
export interface Outgoing {
  readonly from: Mailbox;
  readonly recipients: readonly Mailbox[];
  /** What the server gets. */
  readonly content: Uint8Array;
  /** What the sender keeps: with the Bcc field. */
  readonly copy: Uint8Array;
}

/** Throws MailProblem that names every field which cannot stay as it is. */
export function outgoingOf(
  network: Network,
  account: MailAccount,
  messages: Messages,
  letter: Letter,
): Outgoing {
  const problems: FieldProblem[] = [];
  const recipients = new Map<string, Mailbox>();
  for (const field of ["to", "cc", "bcc"] as const) {
    for (const { address } of parseAddresses(letter[field])) {
      const mailbox = mailboxOf(address, field, problems);
      if (mailbox !== undefined) recipients.set(formatMailbox(mailbox), mailbox);
    }
  }
  if (recipients.size === 0 && problems.length === 0)
    problems.push({ field: "to", message: "Nobody is named who gets it" });
  const from = mailboxOf(account.address, "address", problems);
  if (from === undefined || problems.length > 0) throw new MailProblem(problems);
  const compose = composer(network, account, messages, letter);
  return { from, recipients: [...recipients.values()], content: compose(false), copy: compose(true) };
}

/** What is kept of a letter that is not sent, however unfinished it is. */
export function draftOf(
  network: Network,
  account: MailAccount | undefined,
  messages: Messages,
  letter: Letter,
): Uint8Array {
  return composer(network, account ?? NO_ACCOUNT, messages, letter)(true);
}

/** Composes the letter with or without its Bcc field; both have the same Message-ID. */
function composer(network: Network, account: MailAccount, messages: Messages, letter: Letter) {
  const dateMs = Math.floor(network.clock.unixMs());
  const domain = account.address.slice(account.address.lastIndexOf("@") + 1).replace(/[^A-Za-z0-9.-]/g, "");
  const messageId = makeMessageId(dateMs, network.random.bytes(8), domain || "localhost");
  const attachments = attachmentsOf(messages, letter.attachments);
  const { subject, text: body, html } = letter;
  return (withBcc: boolean): Uint8Array => {
    const bcc = parseAddresses(letter.bcc).map(written).join(", ");
    return composeMessage({
      from: senderOf(account),
      to: parseAddresses(letter.to).map(written),
      cc: parseAddresses(letter.cc).map(written),
      subject,
      dateMs,
      messageId,
      ...threadOf(messages, letter),
      fields: withBcc && bcc !== "" ? [{ name: "Bcc", value: bcc }] : [],
      text: body,
      html,
      attachments,
    });
  };
}

/** RFC 5322 section 3.6.4: an answer names what it answers and what that belonged to. */
function threadOf(messages: Messages, { answers, draft }: Letter) {
  const [parent, earlier] = [answers, draft].map((id) =>
    id !== undefined && messages.has(id) ? readMessage(messages.get(id).content).headers : undefined,
  );
  if (parent?.messageId)
    return { inReplyTo: parent.messageId, references: [...parent.references, parent.messageId] };
  // A draft knows its thread itself.
  if (earlier?.inReplyTo) return { inReplyTo: earlier.inReplyTo, references: earlier.references };
  return {};
}

function attachmentsOf(messages: Messages, given: readonly LetterAttachment[]): Attachment[] {
  let left = ATTACHMENTS_MAX;
  return given.map((attachment) => {
    const file = "message" in attachment ? keptFile(messages, attachment) : givenFile(attachment);
    left -= file.bytes.length;
    if (left < 0) throw MailProblem.at("attachments", "The attachments have more than 32 MB together");
    return file;
  });
}

function keptFile(messages: Messages, { message, index }: { message: number; index: number }): Attachment {
  const file = readMessage(messages.get(message).content).attachments[index];
  if (file === undefined) throw MailProblem.at("attachments", "An attachment of the message is gone");
  return file;
}

function givenFile({ name, type, content }: { name: string; type: string; content: string }): Attachment {
  const bytes = decodeBase64(content);
  if (bytes === undefined) throw MailProblem.at("attachments", `${name} did not come over whole`);
  return { name, type, bytes };
}

function mailboxOf(
  address: string,
  field: FieldProblem["field"],
  problems: FieldProblem[],
): Mailbox | undefined {
  try {
    return parseMailbox(address);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    problems.push({ field, message: `"${address}" is no mail address` });
    return undefined;
  }
}

function written({ name, address }: NamedAddress): string {
  return name === "" ? address : encodeAddress(`"${name.replace(/["\\]/g, "\\$&")}" <${address}>`);
}

/** As many octets as servers take; base64 makes a third more of them. */
const ATTACHMENTS_MAX = 32 * 1024 * 1024;
/** A draft needs no account yet. */
const NO_ACCOUNT: MailAccount = { address: "" };
