/** Text outside ASCII in header fields: the encoded words of RFC 2047. */

import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from "../../bytes/index.ts";
import { fromByteString } from "../../net/index.ts";
import { decodeCharset } from "./charset.ts";

/**
 * ASCII stays as it is; other text becomes encoded words of at most 75 characters, each with whole characters only.
 * The result is ASCII and may be folded at its spaces.
 */
export function encodeWords(text: string): string {
  if (PLAIN.test(text) && !text.includes("=?") && !TOO_LONG.test(text)) return text;
  const words: string[] = [];
  let octets: number[] = [];
  for (const character of text.replace(/[\r\n]+/g, " ")) {
    const more = encodeUtf8(character);
    if (octets.length + more.length > ENCODED_OCTETS_MAX) {
      words.push(encodedWord(octets));
      octets = [];
    }
    octets.push(...more);
  }
  words.push(encodedWord(octets));
  return words.join(" ");
}

/** For a person: encoded words in UTF-8, ASCII and ISO 8859-1 become text; whatever else is left as it stands. */
export function decodeWords(value: string): string {
  // RFC 2047 section 6.2: white space between two encoded words belongs to neither.
  const joined = value.replace(/(=\?[^? ]+\?[bq]\?[^? ]*\?=)\s+(?==\?[^? ]+\?[bq]\?[^? ]*\?=)/gi, "$1");
  const raw = (/[\u0100-\uffff]/.test(joined) ? undefined : decodeUtf8(fromByteString(joined))) ?? joined;
  return raw.replace(/(?:=\?[^? ]+\?[bq]\?[^? ]*\?=)+/gi, decodeRun);
}

/**
 * Words that stand together. RFC 2047 section 5: each has whole characters; but senders cut them anywhere, so that
 * neighbours of one charset are put together first.
 */
function decodeRun(run: string): string {
  let out = "";
  let pending: Word[] = [];
  const finish = (): void => {
    const octets = pending.flatMap((word) => [...word.octets]);
    const whole = pending.length === 0 ? "" : decodeCharset(Uint8Array.from(octets), pending[0].charset);
    out +=
      whole ??
      pending.map(({ source, octets, charset }) => decodeCharset(octets, charset) ?? source).join("");
    pending = [];
  };
  for (const [source, charset, encoding, text] of run.matchAll(
    /=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi,
  )) {
    const octets = encoding.toUpperCase() === "B" ? decodeBase64(text) : decodeQ(text);
    if (octets === undefined || pending[0]?.charset !== charset.toLowerCase()) finish();
    if (octets === undefined) out += source;
    else pending.push({ source, charset: charset.toLowerCase(), octets });
  }
  finish();
  return out;
}

interface Word {
  readonly source: string;
  readonly charset: string;
  readonly octets: Uint8Array;
}

function encodedWord(octets: readonly number[]): string {
  return `=?utf-8?B?${encodeBase64(Uint8Array.from(octets))}?=`;
}

/** RFC 2047 section 4.2. */
function decodeQ(text: string): Uint8Array {
  const decoded = text
    .replaceAll("_", " ")
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(decoded, (character) => character.charCodeAt(0) & 0xff);
}

/** 45 octets are 60 characters of base64, with the frame 72. */
const ENCODED_OCTETS_MAX = 45;
/** Spaces at the edges would be lost. */
const PLAIN = /^(?! )[ -~]*(?<! )$/;
/** RFC 5322 section 2.1.1: no line may have over 998 octets, and a word is not folded. */
const TOO_LONG = /[^ ]{900}/;
