/** Base64 (RFC 4648 section 4) and base16 (section 8). */

import { TextBuilder } from "./text-builder.ts";

export function encodeBase64(bytes: Uint8Array): string {
  const text = new TextBuilder();
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text.add(CODES[bits >> 18]);
    text.add(CODES[(bits >> 12) & 63]);
    text.add(at + 1 < bytes.length ? CODES[(bits >> 6) & 63] : EQUALS);
    text.add(at + 2 < bytes.length ? CODES[bits & 63] : EQUALS);
  }
  return text.finish();
}

/** The octets, or undefined when `text` is not base64 in its one canonical form (RFC 4648 section 3.5). */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < text.length; at += 4) {
    let bits = 0;
    for (let i = 0; i < 4; i++) bits = (bits << 6) | VALUES[text.charCodeAt(at + i)];
    for (let shift = 16; shift >= 0; shift -= 8) {
      const octet = (bits >> shift) & 0xff;
      if (to < bytes.length) bytes[to++] = octet;
      else if (octet !== 0) return undefined;
    }
  }
  return bytes;
}

/** Lower-case hexadecimal digits, two per octet. */
export function encodeHex(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) text += octet.toString(16).padStart(2, "0");
  return text;
}

/** The octets, or undefined when `text` is not pairs of hexadecimal digits. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const EQUALS = "=".charCodeAt(0);
/** By code; padding is 0. */
const VALUES = new Uint8Array(128);
for (const [value, code] of CODES.entries()) VALUES[code] = value;
