/** Addresses in header fields: `"Bob B." <bob@hamburger.edu>, alice@crepes.fr` (RFC 5322 section 3.4). */

import { decodeWords, encodeWords } from "./encoded-word.ts";

export interface NamedAddress {
  /** "Bob B."; empty when there is none. */
  readonly name: string;
  /** "bob@hamburger.edu", as it stands; nothing says that a mail can be sent there. */
  readonly address: string;
}

/** The addresses of a field or of what a person has typed; groups give their members. Never throws. */
export function parseAddresses(text: string): NamedAddress[] {
  return splitAddresses(text.slice(0, TEXT_MAX))
    .slice(0, ADDRESSES_MAX)
    .map(parseOne)
    .filter(({ address }) => address !== "");
}

/** For a header field: a name of any script, quoted or encoded as it needs to be. */
export function encodeAddress(text: string): string {
  const trimmed = text.trim();
  const angle = trimmed.lastIndexOf("<");
  if (angle === -1 || !trimmed.endsWith(">")) return trimmed;
  const before = trimmed.slice(0, angle).trim();
  const isQuoted = before.length > 1 && before.startsWith('"') && before.endsWith('"');
  const name = isQuoted ? before.slice(1, -1).replace(/\\(.)/gs, "$1") : before;
  const isPlain = /^[A-Za-z0-9 !#$%&'*+\-/=?^_`{|}~]*$/.test(name);
  const isAscii = /^[ -~]*$/.test(name);
  const written = isPlain ? name : isAscii ? `"${name.replace(/["\\]/g, "\\$&")}"` : encodeWords(name);
  return `${written} ${trimmed.slice(angle)}`.trim();
}

/** At commas and the marks of groups, but not within quotes, comments or angle brackets. */
function splitAddresses(text: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  let [isQuoted, isAngle, depth] = [false, false, 0];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "\\" && (isQuoted || depth > 0)) {
      if (depth === 0) piece += text.slice(at, at + 2);
      at++;
    } else if (isQuoted) {
      piece += character;
      isQuoted = character !== '"';
    } else if (character === "(") depth++;
    else if (depth > 0) depth -= character === ")" ? 1 : 0;
    else if (!isAngle && (character === "," || character === ";" || character === "\n")) {
      pieces.push(piece);
      piece = "";
    } else if (!isAngle && character === ":" && !piece.includes("@")) piece = "";
    else {
      piece += character;
      if (character === '"') isQuoted = true;
      if (character === "<" || character === ">") isAngle = character === "<";
    }
  }
  pieces.push(piece);
  return pieces;
}

function parseOne(text: string): NamedAddress {
  const match = /^(.*?)<([^<>]*)>?[^<>]*$/s.exec(text);
  if (match === null) return { name: "", address: text.trim() };
  const name = match[1].trim();
  const plain = /^".*"$/s.test(name) ? name.slice(1, -1).replace(/\\(.)/gs, "$1") : name;
  return { name: decodeWords(plain), address: match[2].trim() };
}

/** A person writes to fewer; a mail to thousands is a list's. */
const ADDRESSES_MAX = 1000;
const TEXT_MAX = 64 * 1024;
