/** Finds what `BODY[2.1.HEADER]` means in a message: RFC 9051 section 6.4.5.1; BINARY of RFC 3516. */

import { Writer } from "../../bytes/index.ts";
import { fromByteString, toByteString } from "../../net/index.ts";
import { decodeBase64Lines, decodeQuotedPrintable, type Entity, fieldValue } from "../message/index.ts";
import type { Section } from "./parse-fetch.ts";

/** The octets, undefined when the message has no such part. */
export function sectionOf(content: Uint8Array, top: Entity, section: Section): Uint8Array | undefined {
  const part = partOf(top, section.path);
  if (part === undefined) return undefined;
  const isWhole = section.path.length === 0;
  if (section.text === undefined) return content.subarray(isWhole ? part.start : part.bodyStart, part.end);
  if (section.text === "MIME") return content.subarray(part.start, part.bodyStart);
  // HEADER and TEXT are of a message: the whole one, or one that a part holds.
  const message = isWhole ? part : part.message;
  if (message === undefined) return undefined;
  if (section.text === "TEXT") return content.subarray(message.bodyStart, message.end);
  const header = content.subarray(message.start, message.bodyStart);
  if (section.text === "HEADER") return header;
  return someFields(header, section.fields, section.text === "HEADER.FIELDS.NOT");
}

/** RFC 3516: without its transfer encoding. "unknown": nobody can take that off. */
export function binaryOf(
  content: Uint8Array,
  top: Entity,
  path: readonly number[],
): Uint8Array | undefined | "unknown" {
  const part = partOf(top, path);
  if (part === undefined) return undefined;
  if (path.length === 0) return content.subarray(part.start, part.end);
  const body = content.subarray(part.bodyStart, part.end);
  return part.parts !== undefined || part.message !== undefined ? body : decodedBody(part, body);
}

/** A part's body without its transfer encoding. */
export function decodedBody({ fields }: Entity, body: Uint8Array): Uint8Array | "unknown" {
  switch (encodingOf(fields).toLowerCase()) {
    case "7bit":
    case "8bit":
    case "binary":
      return body;
    case "base64":
      return decodeBase64Lines(body);
    case "quoted-printable":
      return decodeQuotedPrintable(body);
    default:
      return "unknown";
  }
}

/** RFC 2045 section 6.1: 7BIT when nothing is said. */
export function encodingOf(fields: Entity["fields"]): string {
  const value = fieldValue(fields, "Content-Transfer-Encoding") ?? "";
  return /^\s*([^\s;()]+)/.exec(value)?.[1] ?? "7BIT";
}

/** The numbers count through multiparts; part 1 of what is none is its body. A message within goes on counting. */
function partOf(top: Entity, path: readonly number[]): Entity | undefined {
  let container: Entity | undefined = top;
  let part: Entity | undefined = top;
  for (const number of path) {
    if (container === undefined) return undefined;
    part =
      container.parts === undefined ? (number === 1 ? container : undefined) : container.parts[number - 1];
    if (part === undefined) return undefined;
    container = part.message ?? (part.parts === undefined ? undefined : part);
  }
  return part;
}

/** The fields of those names (or all others), as they stand, and the empty line. */
function someFields(header: Uint8Array, names: readonly string[], others: boolean): Uint8Array {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const out = new Writer(header.length + 2);
  let isWanted = false;
  for (let at = 0; at < header.length; ) {
    const found = header.indexOf(LF, at);
    const next = found === -1 ? header.length : found + 1;
    const line = header.subarray(at, next);
    at = next;
    if (line[0] === LF || (line[0] === CR && line[1] === LF)) break;
    if (line[0] !== SPACE && line[0] !== TAB) {
      const colon = line.indexOf(COLON);
      const name = toByteString(line.subarray(0, Math.max(0, colon)))
        .trim()
        .toLowerCase();
      isWanted = wanted.has(name) !== others;
    }
    if (isWanted) out.append(line);
  }
  return out.append(CRLF).finish();
}

const [CR, LF, SPACE, TAB, COLON] = [13, 10, 32, 9, 58];
const CRLF = fromByteString("\r\n");
