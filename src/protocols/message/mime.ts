/** The parts that a message is composed of: text, attachments, and several of them as one (RFC 2046). */

import { encodeHex, encodeUtf8, sha256, Writer } from "../../bytes/index.ts";
import { fromByteString } from "../../net/index.ts";
import type { Attachment } from "./compose.ts";
import { emitParameter } from "./parameters.ts";
import { encodeBase64Lines, encodeQuotedPrintable, type TransferEncoding } from "./transfer-encoding.ts";
import { emitField } from "./wire.ts";

/** A part, encoded: fields as lines with CRLF, and the octets below them. */
export interface Composed {
  readonly fields: readonly string[];
  readonly content: Uint8Array;
}

/** Text in UTF-8, in the encoding that suits it. With `always` also lines of ASCII are declared. */
export function textPart(type: string, text: string, always: boolean): Composed {
  const octets = encodeUtf8(canonicalText(text));
  const encoding = encodingOf(octets);
  const isAscii = octets.every((octet) => octet < 128);
  if (encoding === "7bit" && !always) return { fields: [], content: octets };
  const encode = {
    "7bit": (plain: Uint8Array) => plain,
    "quoted-printable": encodeQuotedPrintable,
    base64: encodeBase64Lines,
  };
  return {
    fields: [
      emitField("Content-Type", `${type}; charset=${isAscii ? "us-ascii" : "utf-8"}`),
      emitField("Content-Transfer-Encoding", encoding),
    ],
    content: encode[encoding](octets),
  };
}

export function attachmentPart({ name, type, bytes }: Attachment): Composed {
  return {
    fields: [
      emitField("Content-Type", sendableType(type)),
      emitField("Content-Transfer-Encoding", "base64"),
      // RFC 2183 section 2.3.
      emitField("Content-Disposition", ["attachment", ...emitParameter("filename", name)].join("; ")),
    ],
    content: encodeBase64Lines(bytes),
  };
}

/** RFC 2046 section 5.1: several parts as one, with a boundary that stands in none of them. */
export function joinParts(type: string, parts: readonly Composed[], messageId: string): Composed {
  const boundary = findBoundary(parts, messageId);
  const out = new Writer(parts.reduce((sum, { content }) => sum + content.length + 512, 512));
  for (const { fields, content } of parts) {
    out
      .append(fromByteString(`--${boundary}\r\n${fields.join("")}\r\n`))
      .append(content)
      .append(CRLF);
  }
  return {
    fields: [emitField("Content-Type", `${type}; boundary="${boundary}"`)],
    content: out.append(fromByteString(`--${boundary}--\r\n`)).finish(),
  };
}

/**
 * RFC 2045 section 6.7: "=_" is in no quoted-printable, and base64 has no "_". Only lines of plain text could hold
 * it, for instance those of a mail that quotes this one; and an outer boundary may not begin as an inner one does.
 */
function findBoundary(parts: readonly Composed[], messageId: string): string {
  for (let attempt = 0; ; attempt++) {
    const digest = encodeHex(sha256(encodeUtf8(`${attempt} ${messageId}`))).slice(0, 24);
    const boundary = `=_${digest}`;
    if (
      !parts.some(
        ({ content, fields }) => contains(content, boundary) || fields.some((f) => f.includes(boundary)),
      )
    )
      return boundary;
  }
}

function contains(content: Uint8Array, text: string): boolean {
  const octets = fromByteString(text);
  for (let at = content.indexOf(octets[0]); at !== -1; at = content.indexOf(octets[0], at + 1)) {
    if (octets.every((octet, i) => content[at + i] === octet)) return true;
  }
  return false;
}

/** Lines ended by CRLF, the last one too. */
function canonicalText(text: string): string {
  const lines = text.replace(/\r\n|\r|\n/g, "\n").replace(/\n$/, "");
  return text === "" ? "" : `${lines.replaceAll("\n", "\r\n")}\r\n`;
}

/** RFC 2045 section 6.2 and 6.3: plain where it is plain, else what is shorter. */
function encodingOf(octets: Uint8Array): TransferEncoding {
  let [strange, length, longest] = [0, 0, 0];
  for (const octet of octets) {
    length = octet === LF ? 0 : length + 1;
    longest = Math.max(longest, length);
    // Tabs and line ends are text; other control characters, and what is not ASCII, take three characters each.
    if (octet > 126 || (octet < 32 && octet !== TAB && octet !== CR && octet !== LF)) strange++;
  }
  if (strange === 0 && longest <= LINE_MAX) return "7bit";
  return strange * 6 > octets.length ? "base64" : "quoted-printable";
}

/** RFC 2046 section 5.2.1 and RFC 2045 section 6.4: messages and multiparts may not be in base64. */
function sendableType(type: string): string {
  const isFile = /^[A-Za-z0-9!#$&^_.+-]{1,60}\/[A-Za-z0-9!#$&^_.+-]{1,100}$/.test(type);
  return isFile && !/^(message|multipart)\//i.test(type) ? type.toLowerCase() : "application/octet-stream";
}

const [TAB, LF, CR] = [9, 10, 13];
const CRLF = Uint8Array.of(CR, LF);
/** RFC 5322 section 2.1.1: 998 octets and CRLF. */
const LINE_MAX = 999;
