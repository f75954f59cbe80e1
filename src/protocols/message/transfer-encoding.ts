/**
 * The content transfer encodings of MIME: RFC 2045 section 6. Writing is strict, reading takes what senders send:
 * it never throws, and what is no code stands for itself (quoted-printable) or is left out (base64).
 */

import { Writer } from "../../bytes/index.ts";
import { fromByteString } from "../../net/index.ts";

export type TransferEncoding = "7bit" | "quoted-printable" | "base64";

/** RFC 2045 section 6.8: lines of 76 characters, each ended by CRLF. */
export function encodeBase64Lines(octets: Uint8Array): Uint8Array {
  const lines = Math.ceil(octets.length / OCTETS_PER_LINE);
  const out = new Uint8Array(4 * Math.ceil(octets.length / 3) + 2 * lines);
  let to = 0;
  for (let at = 0; at < octets.length; at += 3) {
    const bits = (octets[at] << 16) | ((octets[at + 1] ?? 0) << 8) | (octets[at + 2] ?? 0);
    out[to++] = BASE64[bits >> 18];
    out[to++] = BASE64[(bits >> 12) & 63];
    out[to++] = at + 1 < octets.length ? BASE64[(bits >> 6) & 63] : EQUALS;
    out[to++] = at + 2 < octets.length ? BASE64[bits & 63] : EQUALS;
    if ((at + 3) % OCTETS_PER_LINE === 0 || at + 3 >= octets.length) {
      out[to++] = CR;
      out[to++] = LF;
    }
  }
  return out;
}

/** RFC 2045 section 6.8: characters outside the alphabet are ignored. */
export function decodeBase64Lines(encoded: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(encoded.length / 4) * 3);
  let length = 0;
  let bits = 0;
  let count = 0;
  for (let at = 0; at < encoded.length; at++) {
    const character = encoded[at];
    // Padding ends a quantum; some senders join several encoded pieces, so reading goes on behind it.
    if (character === EQUALS) count = 0;
    const value = BASE64_VALUES[character];
    if (value === NO_VALUE) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    count++;
    if (count > 1) out[length++] = (bits >> (2 * (4 - count))) & 0xff;
    if (count === 4) count = 0;
  }
  return out.slice(0, length);
}

/** RFC 2045 section 6.7, for text in lines ended by CRLF: what is no printable ASCII becomes `=XX`. */
export function encodeQuotedPrintable(text: Uint8Array): Uint8Array {
  const out = new Writer(text.length + 64);
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf(LF, at);
    const end = found === -1 ? text.length : text[found - 1] === CR ? found - 1 : found;
    encodeLine(out, text.subarray(at, end));
    if (found === -1) break;
    out.append(CRLF);
    at = found + 1;
  }
  return out.finish();
}

/** RFC 2045 section 6.7; rule 3: white space at the end of a line was added on the way. */
export function decodeQuotedPrintable(encoded: Uint8Array): Uint8Array {
  const out = new Uint8Array(encoded.length);
  let length = 0;
  for (let at = 0; at < encoded.length; ) {
    const found = encoded.indexOf(LF, at);
    const next = found === -1 ? encoded.length : found + 1;
    let end = found === -1 ? next : encoded[found - 1] === CR && found > at ? found - 1 : found;
    const lineEnd = end;
    while (end > at && (encoded[end - 1] === SPACE || encoded[end - 1] === TAB)) end--;
    const isSoft = end > at && encoded[end - 1] === EQUALS;
    length = decodeLine(encoded, at, isSoft ? end - 1 : end, out, length);
    if (!isSoft) for (let i = lineEnd; i < next; i++) out[length++] = encoded[i];
    at = next;
  }
  return out.slice(0, length);
}

function encodeLine(out: Writer, line: Uint8Array): void {
  let column = 0;
  for (const [i, octet] of line.entries()) {
    const isLast = i === line.length - 1;
    const isSpace = octet === SPACE || octet === TAB;
    const isPlain = isSpace ? !isLast : octet > SPACE && octet < 127 && octet !== EQUALS;
    const width = isPlain ? 1 : 3;
    // Rule 5: 76 characters with the "=" that breaks the line; the last one of a line needs no room for it.
    if (column + width > QUOTED_LINE_MAX - (isLast ? 0 : 1)) {
      out.uint8(EQUALS).append(CRLF);
      column = 0;
    }
    if (isPlain) out.uint8(octet);
    else
      out
        .uint8(EQUALS)
        .uint8(HEX[octet >> 4])
        .uint8(HEX[octet & 15]);
    column += width;
  }
}

function decodeLine(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  let length = at;
  for (let i = start; i < end; i++) {
    const high = from[i] === EQUALS && i + 2 < end ? hexValue(from[i + 1]) : NO_VALUE;
    const low = high === NO_VALUE ? NO_VALUE : hexValue(from[i + 2]);
    if (low === NO_VALUE) to[length++] = from[i];
    else {
      to[length++] = 16 * high + low;
      i += 2;
    }
  }
  return length;
}

/** Small letters are against the rule, and sent. */
function hexValue(character: number): number {
  const value = HEX.indexOf(character >= 0x61 && character <= 0x66 ? character - 0x20 : character);
  return value === -1 ? NO_VALUE : value;
}

const [CR, LF, SPACE, TAB, EQUALS] = [13, 10, 32, 9, 61];
const CRLF = Uint8Array.of(CR, LF);
const HEX = fromByteString("0123456789ABCDEF");
const BASE64 = fromByteString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const NO_VALUE = 255;
const BASE64_VALUES = new Uint8Array(256).fill(NO_VALUE);
for (const [value, character] of BASE64.entries()) BASE64_VALUES[character] = value;
/** 76 characters of base64. */
const OCTETS_PER_LINE = 57;
const QUOTED_LINE_MAX = 76;
