/** UTF-8 (RFC 3629) without the platform's TextEncoder, so that pure folders need no DOM or Node types. */

import { TextBuilder } from "./text-builder.ts";

/** The octets of `text`; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  // A UTF-16 code unit takes at most three octets, a pair of them four.
  const out = new Uint8Array(3 * text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code >= 0xd800 && code < 0xe000) {
      const character = text.codePointAt(at) as number;
      if (character > 0xffff) at++;
      code = character > 0xffff ? character : 0xfffd;
    }
    if (code < 0x80) out[length++] = code;
    else {
      if (code < 0x800) out[length++] = 0xc0 | (code >> 6);
      else {
        if (code < 0x10000) out[length++] = 0xe0 | (code >> 12);
        else {
          out[length++] = 0xf0 | (code >> 18);
          out[length++] = trail(code >> 12);
        }
        out[length++] = trail(code >> 6);
      }
      out[length++] = trail(code);
    }
  }
  return out.slice(0, length);
}

/** The text of `bytes`, or undefined when they are not well-formed UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const text = new TextBuilder();
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return undefined;
    addCodePoint(text, codePointAt(bytes, at, length));
    at += length;
  }
  return text.finish();
}

/** As `decodeUtf8`, with U+FFFD for each octet that belongs to no character. */
export function decodeUtf8Lossy(bytes: Uint8Array): string {
  const text = new TextBuilder();
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    addCodePoint(text, length === 0 ? 0xfffd : codePointAt(bytes, at, length));
    at += Math.max(1, length);
  }
  return text.finish();
}

/** What lies above U+FFFF is two code units (RFC 2781 section 2.1). */
function addCodePoint(text: TextBuilder, code: number): void {
  if (code < 0x10000) text.add(code);
  else {
    text.add(0xd800 + ((code - 0x10000) >> 10));
    text.add(0xdc00 + (code & 0x3ff));
  }
}

/** Length of the well-formed sequence at `at` (RFC 3629 section 4), 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first < 0xe0
      ? 2
      : first >= 0xe0 && first < 0xf0
        ? 3
        : first >= 0xf0 && first < 0xf5
          ? 4
          : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i] & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1];
  // Overlong forms, surrogates, and what lies above U+10FFFF.
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  return length;
}

function codePointAt(bytes: Uint8Array, at: number, length: number): number {
  if (length === 1) return bytes[at];
  let code = bytes[at] & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) code = (code << 6) | (bytes[at + i] & 0x3f);
  return code;
}

function trail(bits: number): number {
  return 0x80 | (bits & 0x3f);
}
