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
} from "../../../protocols/message/index.ts";
import { formatMailbox, type Mailbox, parseMailbox } from "../../../protocols/smtp/index.ts";
import { whole } from "../values.ts";
import type { LetterSources } from "./access.ts";
import { senderOf } from "./account.ts";
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

/** A file of a message that the client has. */
export type KeptFile = Extract<LetterAttachment, { readonly message: number }>;

/** A letter that can be sent. */
export interface Outgoing {
  readonly from: Mailbox;
  readonly recipients: readonly Mailbox[];
  /** What the server gets. */
  readonly content: Uint8Array;
  /** What the sender keeps: with the Bcc field. */
  readonly copy: Uint8Array;
}

/** From whom and to whom. Throws MailProblem that names every field which cannot stay as it is. */
export function envelopeOf(account: MailAccount, letter: Letter): Pick<Outgoing, "from" | "recipients"> {
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
  return { from, recipients: [...recipients.values()] };
}

/** Throws MailProblem. */
export function outgoingOf(
  network: Network,
  account: MailAccount,
  sources: LetterSources,
  letter: Letter,
): Outgoing {
  const envelope = envelopeOf(account, letter);
  const compose = composer(network, account, sources, letter);
  return { ...envelope, content: compose(false), copy: compose(true) };
}

/** The files of other messages that go along and are not here yet. */
export function missingFiles(sources: LetterSources, letter: Letter): readonly KeptFile[] {
  return letter.attachments
    .filter(isKept)
    .filter(({ message, index }) => sources.file(message, index) === undefined);
}

/** What is kept of a letter that is not sent, however unfinished it is. */
export function draftOf(
  network: Network,
  account: MailAccount | undefined,
  sources: LetterSources,
  letter: Letter,
): Uint8Array {
  return composer(network, account ?? NO_ACCOUNT, sources, letter)(true);
}

/** Composes the letter with or without its Bcc field; both have the same Message-ID. */
function composer(network: Network, account: MailAccount, sources: LetterSources, letter: Letter) {
  const dateMs = Math.floor(network.clock.unixMs());
  const domain = account.address.slice(account.address.lastIndexOf("@") + 1).replace(/[^A-Za-z0-9.-]/g, "");
  const messageId = makeMessageId(dateMs, network.random.bytes(8), domain || "localhost");
  const attachments = attachmentsOf(sources, letter.attachments);
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
      ...threadOf(sources, letter),
      fields: withBcc && bcc !== "" ? [{ name: "Bcc", value: bcc }] : [],
      text: body,
      html,
      attachments,
    });
  };
}

/** RFC 5322 section 3.6.4: an answer names what it answers and what that belonged to. */
function threadOf(sources: LetterSources, { answers, draft }: Letter) {
  const [parent, earlier] = [answers, draft].map((id) =>
    id === undefined ? undefined : sources.headers(id),
  );
  if (parent?.messageId)
    return { inReplyTo: parent.messageId, references: [...parent.references, parent.messageId] };
  // A draft knows its thread itself.
  if (earlier?.inReplyTo) return { inReplyTo: earlier.inReplyTo, references: earlier.references };
  return {};
}

function attachmentsOf(sources: LetterSources, given: readonly LetterAttachment[]): Attachment[] {
  let left = ATTACHMENTS_MAX;
  return given.map((attachment) => {
    const file = isKept(attachment) ? keptFile(sources, attachment) : givenFile(attachment);
    left -= file.bytes.length;
    if (left < 0) throw MailProblem.at("attachments", "The attachments have more than 32 MB together");
    return file;
  });
}

function isKept(attachment: LetterAttachment): attachment is KeptFile {
  return "message" in attachment;
}

function keptFile(sources: LetterSources, { message, index }: KeptFile): Attachment {
  const file = sources.file(message, index);
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
