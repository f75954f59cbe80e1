/**
 * The messages of HTTP/1.1: RFC 9112 sections 2 to 5. Lines of start and fields, strictly: what two readers could
 * understand in two ways is refused (RFC 9112 section 11.2). Content is in framing.ts and content.ts.
 */

import { FormatError } from "../../bytes/index.ts";
import { LocalError } from "../../net/index.ts";

/** The well-known port: RFC 9110 section 4.2.1. */
export const HTTP_PORT = 80;

export interface Version {
  readonly major: number;
  readonly minor: number;
}

export interface Field {
  /** As written: "Content-Type". */
  readonly name: string;
  /** A byte string, without white space around it. */
  readonly value: string;
}

export interface RequestLine {
  /** "GET"; methods are case-sensitive. */
  readonly method: string;
  readonly target: string;
  readonly version: Version;
}

export interface StatusLine {
  readonly version: Version;
  readonly status: number;
  readonly reason: string;
}

/** RFC 9112 section 3: exactly one space between the parts, and nothing but visible ASCII in the target. */
export function parseRequestLine(line: string): RequestLine {
  const match = /^([^ ]*) ([^ ]*) HTTP\/(\d)\.(\d)$/.exec(line);
  if (match === null) throw new FormatError("http.request-line", 0, "is not METHOD TARGET HTTP/1.1");
  const [, method, target, major, minor] = match;
  if (!TOKEN.test(method)) throw new FormatError("http.method", 0, "is no token");
  if (!/^[!-~]+$/.test(target) || target.includes("#")) {
    throw new FormatError(
      "http.request-target",
      method.length + 1,
      "is empty, or has octets that are not in URIs",
    );
  }
  return { method, target, version: { major: Number(major), minor: Number(minor) } };
}

/** RFC 9112 section 4; the reason may be missing, as may the space before it. */
export function parseStatusLine(line: string): StatusLine {
  const match = /^HTTP\/(\d)\.(\d) ([1-9]\d\d)(?: ([\t -~\x80-\xff]*))?$/.exec(line);
  if (match === null) throw new FormatError("http.status-line", 0, "is not HTTP/1.1 STATUS REASON");
  const [, major, minor, status, reason = ""] = match;
  return { version: { major: Number(major), minor: Number(minor) }, status: Number(status), reason };
}

/** RFC 9112 section 5: no space before the colon, no folding over several lines, no control characters. */
export function parseFieldLine(line: string): Field {
  const colon = line.indexOf(":");
  if (/^[ \t]/.test(line)) throw new FormatError("http.field", 0, "is folded (obs-fold)");
  if (colon === -1) throw new FormatError("http.field", 0, "has no colon");
  const name = line.slice(0, colon);
  if (!TOKEN.test(name)) throw new FormatError("http.field-name", 0, "is no token");
  const value = withoutSpaces(line.slice(colon + 1));
  if (!FIELD_VALUE.test(value))
    throw new FormatError("http.field-value", colon + 1, "has control characters");
  return { name, value };
}

export function emitRequestHead(line: RequestLine, fields: readonly Field[]): string {
  const { method, target, version } = line;
  if (!TOKEN.test(method)) throw new LocalError("bad-method", `"${method}" is no method`);
  if (!/^[!-~]+$/.test(target)) throw new LocalError("bad-target", `"${target}" cannot be asked for`);
  return `${method} ${target} ${emitVersion(version)}\r\n${emitFields(fields)}\r\n`;
}

export function emitStatusHead(line: StatusLine, fields: readonly Field[]): string {
  return `${emitVersion(line.version)} ${line.status} ${line.reason}\r\n${emitFields(fields)}\r\n`;
}

/** Throws LocalError for a name or a value that would break out of its line. */
function emitFields(fields: readonly Field[]): string {
  return fields
    .map(({ name, value }) => {
      if (!TOKEN.test(name) || !FIELD_VALUE.test(value)) {
        throw new LocalError("bad-field", `"${name}: ${value}" cannot be a field of HTTP`);
      }
      return `${name}: ${value}\r\n`;
    })
    .join("");
}

function emitVersion({ major, minor }: Version): string {
  return `HTTP/${major}.${minor}`;
}

/** The first field of that name, in any case of letters. */
export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  return fieldValues(fields, name)[0];
}

export function fieldValues(fields: readonly Field[], name: string): string[] {
  const wanted = name.toLowerCase();
  return fields.filter((field) => field.name.toLowerCase() === wanted).map(({ value }) => value);
}

/** RFC 9110 section 5.6.1: the members of a list, of all fields of that name, in small letters. */
export function fieldList(fields: readonly Field[], name: string): string[] {
  const members = fieldValues(fields, name).flatMap((value) => value.split(","));
  return members.map((member) => member.trim().toLowerCase()).filter((member) => member !== "");
}

/** Whether a line begins a request or a response of HTTP/1. */
export function isStartLine(line: string): boolean {
  return /^HTTP\/1\.\d [1-9]\d\d( |$)/.test(line) || /^[A-Z]{3,10} [!-~]+ HTTP\/1\.\d$/.test(line);
}

/** RFC 9110 section 5.6.3. By steps: a pattern for the end of a line tries every run of spaces in it. */
function withoutSpaces(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text[start])) start++;
  while (end > start && isSpace(text[end - 1])) end--;
  return text.slice(start, end);
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t";
}

export const HTTP_1_1: Version = { major: 1, minor: 1 };
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}$/;
/** RFC 9110 section 5.5. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
