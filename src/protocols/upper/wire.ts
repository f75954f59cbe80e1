/**
 * Upper-casing: text goes in, the same text comes back in capitals. No standard; the textbook's first socket program.
 * What must stay true: capitals of a text are those of its characters one by one, so a stream may be cut anywhere.
 */

import { decodeUtf8, encodeUtf8, joinBytes } from "../../bytes/index.ts";

/** The textbook's port, TCP and UDP. */
export const UPPER_PORT = 12_000;

/**
 * Capitals of octets: each well-formed UTF-8 character by Unicode's rules ("ß" becomes "SS"), every octet that belongs
 * to none as it is. ASCII text is answered as C's toupper would.
 */
export function upperCased(bytes: Uint8Array): Uint8Array {
  // Nearly all text is well formed, and then one step does it.
  const text = decodeUtf8(bytes);
  if (text !== undefined) return encodeUtf8(text.toUpperCase());
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    const octets = bytes.subarray(at, at + Math.max(1, length));
    const character = length === 0 ? undefined : decodeUtf8(octets);
    parts.push(character === undefined ? octets : encodeUtf8(character.toUpperCase()));
    at += octets.length;
  }
  return joinBytes(parts);
}

/** Upper-cases a stream that comes in pieces; a character cut in two waits for its rest, three octets at most. */
export class UpperCaser {
  #held: Uint8Array = new Uint8Array(0);

  /** The capitals of what is complete. */
  take(piece: Uint8Array): Uint8Array {
    const bytes = joinBytes([this.#held, piece]);
    const complete = bytes.length - unfinishedLength(bytes);
    this.#held = bytes.slice(complete);
    return upperCased(bytes.subarray(0, complete));
  }

  /** What was held when the stream ended: no character, so it stays as it is. */
  rest(): Uint8Array {
    return this.#held;
  }
}

/** What a client over the limit is told; the server then closes. Small letters: no capitals ever look like it. */
export function emitRefusal(connections: number): string {
  return `${REFUSAL}${connections} clients are served already, try again later`;
}

export function isRefusal(line: string): boolean {
  return line.startsWith(REFUSAL);
}

/** One line for a list of packets. */
export function describe(bytes: Uint8Array, fromClient: boolean): string {
  let text = "";
  for (const octet of bytes.subarray(0, SHOWN_MAX))
    text += octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : ".";
  const more = bytes.length > SHOWN_MAX ? " ..." : "";
  return `${fromClient ? "Text" : "Capitals"}, ${bytes.length} ${bytes.length === 1 ? "octet" : "octets"}: "${text}"${more}`;
}

/** Octets at the end that may become a character with what comes next. */
function unfinishedLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const octet = bytes[bytes.length - back];
    if (octet < 0x80) return 0;
    if (octet >= 0xc0) return announcedLength(octet) > back ? back : 0;
  }
  return 0;
}

/** The length of the well-formed character at `at`, 0 when there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const length = announcedLength(bytes[at]);
  if (length === 0 || at + length > bytes.length) return 0;
  return decodeUtf8(bytes.subarray(at, at + length)) === undefined ? 0 : length;
}

/** RFC 3629 section 3: what the first octet says of the length; 0 for one that begins no character. */
function announcedLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

const REFUSAL = "503 server full: ";
/** Octets of data that one line of a packet list shows. */
const SHOWN_MAX = 32;
