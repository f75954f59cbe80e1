/** Octets to text by the name of their charset: UTF-8, ASCII, ISO 8859-1 and what Windows makes of it. */

import { decodeUtf8, decodeUtf8Lossy } from "../../bytes/index.ts";
import { toByteString } from "../../net/index.ts";

/** The text, undefined for an unknown charset or octets that it does not have. */
export function decodeCharset(octets: Uint8Array, charset: string): string | undefined {
  const name = charset.toLowerCase();
  if (UTF8_NAMES.includes(name)) return decodeUtf8(octets);
  if (LATIN1_NAMES.includes(name)) return toByteString(octets);
  return WINDOWS_NAMES.includes(name) ? decodeWindows1252(octets) : undefined;
}

/**
 * As well as it can be read, for a person. What is not what it says it is (a common mistake of senders) is taken
 * for UTF-8 if it can be that, and else for ISO 8859-1, in which every octet is a character.
 */
export function decodeText(octets: Uint8Array, charset: string): string {
  const right = decodeCharset(octets, charset) ?? decodeUtf8(octets);
  if (right !== undefined) return right;
  return charset.toLowerCase().startsWith("utf") ? decodeUtf8Lossy(octets) : toByteString(octets);
}

function decodeWindows1252(octets: Uint8Array): string {
  return toByteString(octets).replace(
    /[\x80-\x9f]/g,
    (octet) => WINDOWS_80_TO_9F[octet.charCodeAt(0) - 0x80],
  );
}

/** ASCII is a part of UTF-8. */
const UTF8_NAMES = ["utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968"];
const LATIN1_NAMES = ["iso-8859-1", "iso8859-1", "latin1", "l1"];
const WINDOWS_NAMES = ["windows-1252", "cp1252"];
/** What Windows has where ISO 8859-1 has control characters; five places are empty. */
const WINDOWS_80_TO_9F =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
  "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";
