/** A message on an IMAP server, as lists and windows show it: from its envelope and structure, and what was fetched of it. */

import {
  type Envelope,
  type EnvelopeAddress,
  type FetchedMessage,
  type FilePart,
  letterParts,
} from "../../../protocols/imap/index.ts";
import { type Field, parseMessage, type ReadHeaders, readHeaders } from "../../../protocols/message/index.ts";
import { bccOf, PREVIEW_LENGTH, plainOf } from "./messages.ts";
import type { MessageRow, MessageView } from "./view.ts";

/** What was fetched of a message. */
export interface FetchedLetter {
  readonly header?: Uint8Array;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  /** By their places among the files. */
  readonly files?: ReadonlyMap<number, Uint8Array>;
  readonly source?: Uint8Array;
}

/** The line of a message, without what its folder and its letter say. */
export type StoredRow = Omit<MessageRow, "role" | "isHere">;

export function rowOf(id: number, folder: string, message: FetchedMessage): StoredRow {
  const { from, to, subject, dateMs } = readHeaders(fieldsOf(message.envelope));
  return {
    id,
    folder,
    from,
    to,
    subject,
    dateMs,
    preview: "",
    octets: message.octets ?? 0,
    attachments: filesOf(message).length,
    ...marksOf(message.flags ?? []),
  };
}

/** What flags say in a list. */
export function marksOf(flags: readonly string[]): Pick<MessageRow, "unread" | "answered" | "forwarded"> {
  const has = (name: string): boolean => flags.some((flag) => flag.toLowerCase() === name);
  return { unread: !has("\\seen"), answered: has("\\answered"), forwarded: has("$forwarded") };
}

export function viewOf(row: MessageRow, message: FetchedMessage, letter: FetchedLetter): MessageView {
  const { cc, replyTo, date } = headersOf(message, letter);
  const files = filesOf(message).map(({ name, part, octets, contentId }, index) => {
    const content = letter.files?.get(index);
    const isHere = content !== undefined;
    return { index, name, type: part.type, octets: content?.length ?? octets, contentId, isHere };
  });
  return {
    ...row,
    cc,
    replyTo,
    date,
    bcc: letter.header === undefined ? "" : bccOf(letter.header),
    text: letter.text,
    html: letter.html,
    files,
    sourceIsHere: letter.source !== undefined,
  };
}

export function headersOf({ envelope }: FetchedMessage, { header }: FetchedLetter): ReadHeaders {
  return readHeaders(header === undefined ? fieldsOf(envelope) : parseMessage(header).fields);
}

export function filesOf({ structure }: FetchedMessage): readonly FilePart[] {
  return structure === undefined ? [] : letterParts(structure).files;
}

/** The first words of a letter. */
export function previewOf({ text, html }: FetchedLetter): string {
  return (text ?? plainOf(html ?? ""))
    .slice(0, 16 * PREVIEW_LENGTH)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, PREVIEW_LENGTH);
}

/** The header fields from which the server made the envelope. */
function fieldsOf(envelope: Envelope | undefined): Field[] {
  if (envelope === undefined) return [];
  const { date, subject, from, to, cc, replyTo, messageId, inReplyTo } = envelope;
  const given: readonly (readonly [string, string | undefined])[] = [
    ["Date", date],
    ["Subject", subject],
    ["From", addressesText(from)],
    ["To", addressesText(to)],
    ["Cc", addressesText(cc)],
    // RFC 3501 section 7.4.2: where there is none, the server puts From there.
    ["Reply-To", addressesText(replyTo) === addressesText(from) ? undefined : addressesText(replyTo)],
    ["Message-ID", messageId],
    ["In-Reply-To", inReplyTo],
  ];
  return given.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function addressesText(addresses: readonly EnvelopeAddress[]): string {
  return addresses
    .filter(({ host }) => host !== undefined)
    .map(({ name, mailbox = "", host }) => {
      const address = `${mailbox}@${host}`;
      if (name === undefined || name === "") return address;
      const isPlain = /^[A-Za-z0-9 =?_-]*$/.test(name) || name.startsWith("=?");
      return `${isPlain ? name : `"${name.replace(/["\\]/g, "\\$&")}"`} <${address}>`;
    })
    .join(", ");
}
