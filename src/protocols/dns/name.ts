/**
 * Domain names as text. A `Name` is always absolute and in one canonical spelling of the presentation format
 * (RFC 1035 section 5.1): "www.hamburger.edu.", the root is ".", odd octets are escaped. The case of letters is
 * kept (RFC 1034 section 3.1) and never counts: compare with `sameName`, key tables by `nameKey`.
 */

import { FormatError } from "../../bytes/index.ts";
import { parseAddress } from "../../net/index.ts";

export type Name = string;

export const ROOT: Name = ".";

/** The name that a person wrote; a relative one (no dot at its end) is completed by `origin`. Throws FormatError. */
export function parseName(text: string, origin: Name = ROOT): Name {
  if (text === ROOT) return ROOT;
  const labels: string[] = [];
  let label = "";
  let at = 0;
  while (at < text.length) {
    if (text[at] === ".") {
      labels.push(checkedLabel(label, text, at));
      label = "";
      at++;
      continue;
    }
    const { octet, length } = octetAt(text, at);
    label += octet;
    at += length;
  }
  const isRelative = !endsInDot(text);
  if (isRelative) labels.push(checkedLabel(label, text, at));
  const name = labels.map(labelText).join(".");
  return checkedLength(isRelative ? join(name, origin) : `${name}.`, text);
}

/** `prefix`, which is relative, below `origin`. */
export function join(prefix: string, origin: Name): Name {
  return origin === ROOT ? `${prefix}.` : `${prefix}.${origin}`;
}

/** As people write it: without the last dot. */
export function displayName(name: Name): string {
  return name === ROOT ? ROOT : name.slice(0, -1);
}

/** The same for every spelling of one name. RFC 4343: ASCII letters only; other octets are escaped here anyway. */
export function nameKey(name: Name): string {
  return name.toLowerCase();
}

export function sameName(a: Name, b: Name): boolean {
  return a === b || (a.length === b.length && nameKey(a) === nameKey(b));
}

/** Whether `name` is `ancestor` or lies below it. */
export function isWithin(name: Name, ancestor: Name): boolean {
  if (ancestor === ROOT) return true;
  const start = name.length - ancestor.length;
  if (start < 0 || nameKey(name.slice(start)) !== nameKey(ancestor)) return false;
  return start === 0 || isLabelEnd(name, start - 1);
}

/** The name without its first label; undefined for the root. */
export function parentOf(name: Name): Name | undefined {
  if (name === ROOT) return undefined;
  for (let at = 0; ; at++) {
    if (!isLabelEnd(name, at)) continue;
    return at === name.length - 1 ? ROOT : name.slice(at + 1);
  }
}

/** The name itself, its parent, and so on up to the root. */
export function* ancestorsOf(name: Name): Generator<Name> {
  for (let at: Name | undefined = name; at !== undefined; at = parentOf(at)) yield at;
}

/** The labels, still escaped; none for the root. */
export function labelsOf(name: Name): string[] {
  if (name === ROOT) return [];
  if (!name.includes("\\")) return name.slice(0, -1).split(".");
  const labels: string[] = [];
  for (let at = 0, start = 0; at < name.length; at++) {
    if (!isLabelEnd(name, at)) continue;
    labels.push(name.slice(start, at));
    start = at + 1;
  }
  return labels;
}

/** The octets of an escaped label, as a byte string. */
export function labelOctets(label: string): string {
  if (!label.includes("\\")) return label;
  let octets = "";
  for (let at = 0; at < label.length; ) {
    const { octet, length } = octetAt(label, at);
    octets += octet;
    at += length;
  }
  return octets;
}

/** A label of octets (a byte string) in its one escaped spelling. */
export function labelText(octets: string): string {
  if (/^[A-Za-z0-9_*-]+$/.test(octets)) return octets;
  let text = "";
  for (const octet of octets) {
    if (SPECIAL.includes(octet)) text += `\\${octet}`;
    else if (octet > " " && octet < "\x7f") text += octet;
    else text += `\\${String(octet.charCodeAt(0)).padStart(3, "0")}`;
  }
  return text;
}

/** One octet of text at `at`: a plain character, `\X`, or `\DDD`. */
export function octetAt(text: string, at: number): { octet: string; length: number } {
  const first = text[at];
  if (first !== "\\") {
    if (first > "\x7f") {
      throw new FormatError(
        "name",
        at,
        `"${first}" is not ASCII: write the name in its xn-- form (RFC 5891)`,
      );
    }
    return { octet: first, length: 1 };
  }
  const digits = /^\d{3}/.exec(text.slice(at + 1, at + 4));
  if (digits !== null) {
    const code = Number(digits[0]);
    if (code > 255) throw new FormatError("name", at, `\\${digits[0]} is no octet`);
    return { octet: String.fromCharCode(code), length: 4 };
  }
  const next = text[at + 1];
  if (next === undefined || /\d/.test(next) || next > "\x7f") {
    throw new FormatError("name", at, "a backslash stands before three digits or one character");
  }
  return { octet: next, length: 2 };
}

/** The name under which an address has its PTR record: RFC 1035 section 3.5, RFC 3596 section 2.5. */
export function reverseName(address: string): Name | undefined {
  const bytes = parseAddress(address);
  if (bytes === undefined) return undefined;
  if (bytes.length === 4) return `${[...bytes].reverse().join(".")}.in-addr.arpa.`;
  const nibbles = [...bytes].flatMap((octet) => [octet >> 4, octet & 15]);
  return `${nibbles
    .reverse()
    .map((nibble) => nibble.toString(16))
    .join(".")}.ip6.arpa.`;
}

function endsInDot(text: string): boolean {
  return text.endsWith(".") && isLabelEnd(text, text.length - 1);
}

/** Whether the character at `at` is a dot that separates labels: one that no backslash escapes. */
function isLabelEnd(name: string, at: number): boolean {
  if (name[at] !== ".") return false;
  let start = at;
  while (start > 0 && name[start - 1] === "\\") start--;
  return (at - start) % 2 === 0;
}

function checkedLabel(octets: string, text: string, at: number): string {
  if (octets === "") throw new FormatError("name", at, `"${text}" has an empty label`);
  if (octets.length > LABEL_MAX) {
    throw new FormatError("name", at, `a label of ${octets.length} octets; ${LABEL_MAX} are the most`);
  }
  return octets;
}

function checkedLength(name: Name, text: string): Name {
  const octets = labelsOf(name).reduce((sum, label) => sum + 1 + labelOctets(label).length, 1);
  if (octets > NAME_MAX) {
    throw new FormatError("name", 0, `"${text}" takes ${octets} octets; a name has ${NAME_MAX} at most`);
  }
  return name;
}

/** Characters that mean something in a zone file: RFC 1035 section 5.1. */
const SPECIAL = '.\\"$();@';
/** RFC 1035 section 2.3.4: labels of 63 octets or less, names of 255 octets or less. */
export const LABEL_MAX = 63;
export const NAME_MAX = 255;
