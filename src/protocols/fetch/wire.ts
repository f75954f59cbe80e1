/**
 * The lines of the fetch protocol over TCP: a name asks for words, `/stream` for the whole file. A name never begins
 * with "/", so the two cannot be mistaken for one another. Lines end with LF; CR LF is taken, too.
 */

import { decodeUtf8, encodeHex, encodeUtf8, FormatError } from "../../bytes/index.ts";
import { fromByteString, toByteString } from "../../net/index.ts";

/** The port, TCP and UDP. */
export const FETCH_PORT = 12_001;

/** What the first line of a client asks for. */
export type FetchRequest =
  | { readonly kind: "words"; readonly name: string }
  | {
      readonly kind: "stream";
      readonly name: string;
      /** Octets that the client has already. */
      readonly offset: number;
      /** Of what file; undefined: it has nothing. */
      readonly version: string | undefined;
    };

/** The server's line before the octets of a file. */
export interface StreamHeader {
  readonly size: number;
  /** Where what follows begins: where the client asked for, or 0 when the file is another one by now. */
  readonly offset: number;
  readonly version: string;
}

/** Reads a byte string without its line end; throws FormatError. */
export function parseRequest(line: string): FetchRequest {
  if (!line.startsWith("/")) return { kind: "words", name: line };
  const match = /^\/stream (\d{1,15}) (-|[A-Za-z0-9._-]{1,64}) (.*)$/s.exec(line);
  if (match === null)
    throw new FormatError("fetch.request", 0, "is neither a name nor /stream OFFSET VERSION NAME");
  const version = match[2] === "-" ? undefined : match[2];
  return { kind: "stream", name: match[3], offset: Number(match[1]), version };
}

/** A line with its end; the name is a byte string. */
export function emitRequest(request: FetchRequest): string {
  if (request.kind === "words") return `${request.name}\n`;
  return `/stream ${request.offset} ${request.version ?? "-"} ${request.name}\n`;
}

export function parseStreamHeader(line: string): StreamHeader {
  const match = /^200 (\d{1,15}) (\d{1,15}) ([A-Za-z0-9._-]{1,64})$/.exec(line);
  if (match === null) throw new FormatError("fetch.header", 0, "is not 200 SIZE OFFSET VERSION");
  const header = { size: Number(match[1]), offset: Number(match[2]), version: match[3] };
  if (header.offset > header.size)
    throw new FormatError("fetch.header", 0, "begins behind the end of the file");
  return header;
}

export function emitStreamHeader({ size, offset, version }: StreamHeader): string {
  return `200 ${size} ${offset} ${version}\n`;
}

/** The line after the octets, without its end: the checksum in hexadecimal digits. */
export function emitStreamEnd(digest: Uint8Array): string {
  return `SHA-256 ${encodeHex(digest)}`;
}

export function parseStreamEnd(line: string): string {
  const match = /^SHA-256 ([0-9a-f]{64})$/.exec(line);
  if (match === null) throw new FormatError("fetch.end", 0, "is not SHA-256 and 64 hexadecimal digits");
  return match[1];
}

/** A refusal is three digits, a space and a reason; no word has a space, and no header begins so but "200". */
export function isRefusal(line: string): boolean {
  return /^[45]\d\d /.test(line);
}

/**
 * The parts of a name that may be looked for below the root, undefined for one that may not: absolute, ".", "..",
 * hidden (they begin with a dot), with the separators of Windows or control characters, or no UTF-8. Nothing is
 * decoded: "%2e" is a name like any other.
 */
export function parseFileName(octets: string): readonly string[] | undefined {
  if (octets.length === 0 || octets.length > NAME_MAX) return undefined;
  const text = decodeUtf8(fromByteString(octets));
  if (text === undefined) return undefined;
  const parts = text.split("/");
  return parts.every(isSafePart) ? parts : undefined;
}

/** A name as a person types it, in the octets that go over the wire. */
export function emitFileName(name: string): string {
  return toByteString(encodeUtf8(name));
}

/** One line for a list of packets. */
export function describe(line: string, fromClient: boolean): string {
  if (!fromClient) return isRefusal(line) ? `Refusal: ${line}` : `Answer: ${line}`;
  if (/^WORD_\d+$/.test(line)) return `Next word: ${line}`;
  return line.startsWith("/stream ") ? `Whole file: ${line}` : `Words of: ${line}`;
}

function isSafePart(part: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be refused.
  if (part === "" || part.startsWith(".") || /[\u0000-\u001f\u007f\\:]/.test(part)) return false;
  return part.length <= PART_MAX;
}

export const NOT_FOUND = "404 file not found";
/** A line of a client: a name and what stands before it. */
export const REQUEST_MAX = 2048;
const NAME_MAX = 1024;
/** What file systems agree on. */
const PART_MAX = 255;
