/**
 * A message as a person reads it: decoded fields, text, HTML as it stands (never show that unsanitised), attachments.
 * Never throws, whatever the message looks like.
 */

import { decodeText } from "./charset.ts";
import { parseDate } from "./date.ts";
import { decodeWords } from "./encoded-word.ts";
import { type Part, parseStructure } from "./structure.ts";
import { decodeBase64Lines, decodeQuotedPrintable } from "./transfer-encoding.ts";
import { type Field, fieldValue } from "./wire.ts";

export interface ReadMessage {
  readonly headers: ReadHeaders;
  /** The text, its lines ended by LF; undefined: there is none. */
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: readonly ReadAttachment[];
  readonly hasAttachments: boolean;
}

/** Text for a person; empty where a field is missing. `parseAddresses` takes From, To and Cc apart. */
export interface ReadHeaders {
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly replyTo: string;
  readonly subject: string;
  /** As the sender wrote it. */
  readonly date: string;
  /** Milliseconds since 1970, undefined where `date` is none. */
  readonly dateMs: number | undefined;
  /** Without angle brackets. */
  readonly messageId: string;
  readonly inReplyTo: string;
  readonly references: readonly string[];
}

export interface ReadAttachment {
  /** The last part of the name that the sender gave, without what file systems stumble over; never empty. */
  readonly name: string;
  /** "image/png" */
  readonly type: string;
  readonly bytes: Uint8Array;
  /** Without angle brackets: what `cid:` in HTML refers to. */
  readonly contentId?: string;
}

export function readMessage(content: Uint8Array): ReadMessage {
  const root = parseStructure(content);
  const found: Found = { text: [], html: [], attachments: [] };
  collect(content, root, found);
  return {
    headers: readHeaders(root.fields),
    text: found.text.length === 0 ? undefined : found.text.join("\n"),
    html: found.html.length === 0 ? undefined : found.html.join("\n"),
    attachments: found.attachments,
    hasAttachments: found.attachments.length > 0,
  };
}

export function readHeaders(fields: readonly Field[]): ReadHeaders {
  const value = (name: string): string => fieldValue(fields, name) ?? "";
  const text = (name: string): string => decodeWords(value(name));
  const identifiers = (name: string): string[] =>
    [...value(name).matchAll(/<([^<>]*)>/g)].map(([, id]) => id);
  return {
    from: text("From"),
    to: text("To"),
    cc: text("Cc"),
    replyTo: text("Reply-To"),
    subject: text("Subject"),
    date: text("Date"),
    dateMs: dateOf(value("Date")),
    messageId: identifiers("Message-ID")[0] ?? "",
    inReplyTo: identifiers("In-Reply-To")[0] ?? "",
    references: identifiers("References").slice(-REFERENCES_MAX),
  };
}

/** The octets of a part's body, decoded; an unknown encoding is left as it stands. */
function decodeBody(content: Uint8Array, part: Part): Uint8Array {
  return decodeTransfer(content.subarray(part.bodyStart, part.bodyEnd), part.transferEncoding);
}

/** As `decodeBody`, of the octets alone. */
export function decodeTransfer(body: Uint8Array, transferEncoding: string): Uint8Array {
  if (transferEncoding === "base64") return decodeBase64Lines(body);
  return transferEncoding === "quoted-printable" ? decodeQuotedPrintable(body) : body;
}

/** What a file is called that a sender has named so, or has not; `number` counts the attachments of the message. */
export function attachmentName(name: string | undefined, type: string, number: number): string {
  return safeName(name ?? "") || defaultName(type, number);
}

interface Found {
  readonly text: string[];
  readonly html: string[];
  readonly attachments: ReadAttachment[];
}

function collect(content: Uint8Array, part: Part, found: Found): void {
  const { value: type } = part.contentType;
  if (part.parts.length > 0) {
    for (const inner of part.parts) collect(content, inner, found);
    return;
  }
  const name = part.disposition?.parameters.get("filename") ?? part.contentType.parameters.get("name");
  const isShown = part.disposition?.value !== "attachment" && name === undefined;
  const bytes = decodeBody(content, part);
  if (isShown && (type === "text/plain" || type === "text/html" || type.startsWith("multipart/"))) {
    const charset = part.contentType.parameters.get("charset") ?? "us-ascii";
    const text = decodeText(bytes, charset).replace(/\r\n/g, "\n");
    // A multipart in which no part can be found is shown as it stands, but not when it is empty.
    if (!type.startsWith("multipart/") || text.trim() !== "")
      found[type === "text/html" ? "html" : "text"].push(text);
    return;
  }
  const contentId = fieldValue(part.fields, "Content-ID")?.replace(/^\s*<|>\s*$/g, "");
  found.attachments.push({
    name: attachmentName(name, type, found.attachments.length + 1),
    type,
    bytes,
    ...(contentId && { contentId }),
  });
}

/** A sender may name a file "../../.profile": only the last part of the path is taken, and nothing that is invisible. */
function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be left out.
  const visible = last.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "").trim();
  return [...visible.replace(/^\.+/, "")].slice(0, NAME_MAX).join("");
}

function defaultName(type: string, number: number): string {
  return type === "message/rfc822" ? `message-${number}.eml` : `attachment-${number}`;
}

function dateOf(value: string): number | undefined {
  try {
    return parseDate(value);
  } catch {
    return undefined;
  }
}

/** What file systems agree on, when each character is one octet. */
const NAME_MAX = 120;
/** Of a long thread the last ones matter. */
const REFERENCES_MAX = 100;
