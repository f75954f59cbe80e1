/**
 * The Internet message format: RFC 5322. A message is a header of fields, an empty line and a body; it is kept as
 * octets, and this file finds and makes the fields. MIME (RFC 2045) builds on it.
 */

import { Writer } from "../../bytes/index.ts";
import { fromByteString, LocalError, toByteString } from "../../net/index.ts";

export interface Field {
  /** As written: "Message-ID". */
  readonly name: string;
  /** Unfolded, without surrounding white space; a byte string. */
  readonly value: string;
}

export interface ParsedMessage {
  readonly fields: readonly Field[];
  /** Where the body begins: after the empty line, or where the lines stop to look like fields. */
  readonly bodyAt: number;
}

/**
 * Finds the header. Never throws: whatever is no field ends it, as a message without header has only a body. So does a
 * line that begins with "--" and is a delimiter of what stands around, though it may look like a field.
 */
export function parseMessage(content: Uint8Array, isDelimiter?: (line: string) => boolean): ParsedMessage {
  const fields: Field[] = [];
  let at = 0;
  while (at < content.length) {
    const next = lineEnd(content, at);
    const line = toByteString(content.subarray(at, Math.min(next, at + FIELD_MAX))).replace(/\r?\n$/, "");
    if (line === "") return { fields, bodyAt: next };
    if (isDelimiter !== undefined && line.startsWith("--") && isDelimiter(line)) break;
    const folded = /^[ \t]/.test(line);
    // RFC 5322 section 2.2: a name of printable characters and a colon; section 4.5: perhaps spaces before it.
    const match = folded ? null : /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line);
    if (match !== null) fields.push({ name: match[1], value: match[2].trim() });
    else if (folded && fields.length > 0) unfold(fields, line);
    else break;
    if (fields.length > FIELDS_MAX) break;
    at = next;
  }
  return { fields, bodyAt: at };
}

/** The value of the first field of that name, in any case of letters. */
export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return fields.find((field) => field.name.toLowerCase() === wanted)?.value;
}

export function countFields(fields: readonly Field[], name: string): number {
  const wanted = name.toLowerCase();
  return fields.filter((field) => field.name.toLowerCase() === wanted).length;
}

/**
 * Puts fields (complete lines with CRLF) before a message. A message without header gets the empty line that
 * then is missing, so that its first line does not become part of the header.
 */
export function prependFields(lines: string, content: Uint8Array): Uint8Array {
  const { fields, bodyAt } = parseMessage(content);
  const headless = fields.length === 0 && bodyAt === 0;
  const out = new Writer(lines.length + content.length + 2).append(fromByteString(lines));
  if (headless) out.append(fromByteString("\r\n"));
  return out.append(content).finish();
}

/** One field as lines with CRLF, folded at spaces where a line grows long (RFC 5322 section 2.2.3). */
export function emitField(name: string, value: string): string {
  if (!/^[!-9;-~]+$/.test(name)) throw new LocalError("bad-field", `"${name}" is no name of a header field`);
  if (/[\r\n\0]/.test(value)) throw new LocalError("bad-field", `the value of ${name} contains a line end`);
  let line = `${name}:`;
  let out = "";
  let before = "";
  for (const word of value.split(" ")) {
    const inLine = line.length > name.length + 1 || out !== "";
    // Not where several spaces stand together: readers make one of them.
    if (inLine && word !== "" && before !== "" && line.length + 1 + word.length > LINE_LENGTH) {
      out += `${line}\r\n`;
      line = "";
    }
    line += ` ${word}`;
    before = word;
  }
  return `${out}${line}\r\n`;
}

function unfold(fields: Field[], line: string): void {
  const last = fields[fields.length - 1];
  if (last.value.length < FIELD_MAX) {
    fields[fields.length - 1] = { name: last.name, value: `${last.value} ${line.trim()}`.trim() };
  }
}

function lineEnd(content: Uint8Array, at: number): number {
  const found = content.indexOf(LF, at);
  return found === -1 ? content.length : found + 1;
}

const LF = 10;
/** RFC 5322 section 2.1.1: lines should have at most 78 characters. */
const LINE_LENGTH = 78;
/** No real message has more fields; a header of millions of them must not cost memory (seen as "mail bombs"). */
const FIELDS_MAX = 10_000;
/** A value is kept up to about this length. */
const FIELD_MAX = 64 * 1024;
