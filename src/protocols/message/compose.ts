/**
 * Makes a message from what a person writes: RFC 5322 section 3.6, and MIME (RFC 2045, 2046) where it needs more than
 * lines of ASCII. What comes out is ASCII in lines of at most 998 octets: every mail server carries it unchanged.
 */

import { encodeUtf8, Writer } from "../../bytes/index.ts";
import { fromByteString, LocalError, toByteString } from "../../net/index.ts";
import { encodeAddress } from "./addresses.ts";
import { formatDate } from "./date.ts";
import { encodeWords } from "./encoded-word.ts";
import { attachmentPart, type Composed, joinParts, textPart } from "./mime.ts";
import { emitField } from "./wire.ts";

export interface Draft {
  /** `alice@crepes.fr` or `Alice <alice@crepes.fr>`; the name may be in any script. */
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[] | undefined;
  readonly subject?: string | undefined;
  /** Milliseconds since 1970. */
  readonly dateMs: number;
  /** Without angle brackets; see `makeMessageId`. */
  readonly messageId: string;
  /** The Message-ID of the mail that this one answers, and those of the thread before it (RFC 5322 section 3.6.4). */
  readonly inReplyTo?: string | undefined;
  readonly references?: readonly string[] | undefined;
  /** More fields, which may not repeat those above. */
  readonly fields?: readonly { readonly name: string; readonly value: string }[] | undefined;
  /** Text; its line ends may be LF or CRLF. */
  readonly text: string;
  /** The same once more as HTML. */
  readonly html?: string | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
}

export interface Attachment {
  /** "cat.png", in any script. */
  readonly name: string;
  /** "image/png"; what is no type of a file becomes application/octet-stream. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The octets of the message, lines ended by CRLF. Throws LocalError "bad-field" for what no message can hold. */
export function composeMessage(draft: Draft): Uint8Array {
  const body = composeBody(draft);
  const lines = [
    emitField("From", encodeAddress(draft.from)),
    ...addressField("To", draft.to),
    ...addressField("Cc", draft.cc),
    ...(draft.subject === undefined ? [] : [emitField("Subject", encodeWords(draft.subject))]),
    emitField("Date", formatDate(draft.dateMs)),
    emitField("Message-ID", `<${draft.messageId}>`),
    ...identifierField("In-Reply-To", draft.inReplyTo === undefined ? [] : [draft.inReplyTo]),
    ...identifierField("References", draft.references ?? []),
    ...(draft.fields ?? []).map(({ name, value }) => emitField(checkedName(name), encodeWords(value))),
    // RFC 2045 section 4; lines of ASCII are what a mail without it is.
    ...(body.fields.length === 0 ? [] : ["MIME-Version: 1.0\r\n"]),
    ...body.fields,
  ];
  return new Writer(body.content.length + 1024)
    .append(fromByteString(`${lines.join("")}\r\n`))
    .append(body.content)
    .finish();
}

/** RFC 5322 section 3.6.4: unique in the world by time and chance on the left, by the host on the right. */
export function makeMessageId(unixMs: number, randomBytes: Uint8Array, host: string): string {
  const chance = [...randomBytes].map((octet) => octet.toString(16).padStart(2, "0")).join("");
  return `${unixMs.toString(36)}.${chance}@${host}`;
}

function composeBody({ text, html, attachments = [], messageId }: Draft): Composed {
  const isPlain = html === undefined && attachments.length === 0;
  const plain = textPart("text/plain", text, !isPlain);
  if (isPlain) return plain;
  // RFC 2046 section 5.1.4: the best form comes last.
  const shown =
    html === undefined
      ? plain
      : joinParts("multipart/alternative", [plain, textPart("text/html", html, true)], messageId);
  if (attachments.length === 0) return shown;
  return joinParts("multipart/mixed", [shown, ...attachments.map(attachmentPart)], messageId);
}

function addressField(name: string, addresses: readonly string[] = []): string[] {
  return addresses.length === 0 ? [] : [emitField(name, addresses.map(encodeAddress).join(", "))];
}

function identifierField(name: string, identifiers: readonly string[]): string[] {
  const right = identifiers.filter((identifier) => /^[!-;=?-~]{1,200}$/.test(identifier));
  // RFC 5322 names no limit; the first and the last ones are what keeps a thread together.
  const kept = right.length > REFERENCES_MAX ? [right[0], ...right.slice(1 - REFERENCES_MAX)] : right;
  return kept.length === 0 ? [] : [emitField(name, kept.map((identifier) => `<${identifier}>`).join(" "))];
}

function checkedName(name: string): string {
  if (ONCE_ONLY.includes(name.toLowerCase())) {
    throw new LocalError("bad-field", `the field ${name} is made from the other options`);
  }
  return toByteString(encodeUtf8(name));
}

/** RFC 5322 section 3.6: these may stand only once; the last four say how our body is made. */
const ONCE_ONLY = [
  "from",
  "to",
  "cc",
  "subject",
  "date",
  "message-id",
  "in-reply-to",
  "references",
  "mime-version",
  "content-type",
  "content-transfer-encoding",
  "content-disposition",
];
const REFERENCES_MAX = 50;
