/** Commands as the client writes them: text, and what goes out as literals (RFC 3501 section 4). */

import { calendarOf, encodeUtf8, MONTHS } from "../../bytes/index.ts";
import { LocalError } from "../../net/index.ts";
import { encodeMailboxName } from "./mailbox-name.ts";
import { emitSequenceSet } from "./sequence-set.ts";

/** Text as it goes out, or the octets of a literal. */
export type CommandPart = string | Uint8Array;

/** The words of a command with a space between two. */
export function words(...parts: readonly (CommandPart | readonly CommandPart[])[]): CommandPart[] {
  const joined: CommandPart[] = [];
  for (const [i, part] of parts.entries()) {
    if (i > 0) joined.push(" ");
    if (Array.isArray(part)) joined.push(...part);
    else joined.push(part as CommandPart);
  }
  return joined;
}

/** RFC 3501 section 9, astring: an atom where it can be one, in quotes, else a literal in UTF-8. */
export function astring(text: string): CommandPart {
  if (text.includes("\0")) throw new LocalError("bad-argument", "no text of IMAP holds the character NUL");
  if (/^[A-Za-z0-9._/=&,+@-]+$/.test(text) && !/^NIL$/i.test(text)) return text;
  if (/^[ -~]*$/.test(text) && text.length <= QUOTED_MAX) return `"${text.replace(/["\\]/g, "\\$&")}"`;
  return encodeUtf8(text);
}

export function mailbox(name: string): CommandPart {
  return astring(encodeMailboxName(name));
}

/** What is looked for; all of it must be true. */
export interface SearchCriteria {
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  /** Anywhere in the body. */
  readonly body?: string;
  /** Anywhere in header or body. */
  readonly text?: string;
  /** Days, as instants within them: received on that day or later; before that day. */
  readonly sinceMs?: number;
  readonly beforeMs?: number;
  readonly largerThan?: number;
  readonly smallerThan?: number;
  /** "\Seen", "$Forwarded": those that have them, those that have not. */
  readonly flags?: readonly string[];
  readonly withoutFlags?: readonly string[];
}

/** RFC 3501 section 6.4.4; the charset is named only where it matters. */
export function searchWords(criteria: SearchCriteria): CommandPart[] {
  const keys: CommandPart[][] = [];
  const texts = [criteria.from, criteria.to, criteria.subject, criteria.body, criteria.text];
  for (const [i, text] of texts.entries()) {
    if (text !== undefined) keys.push(words(TEXT_KEYS[i], astring(text)));
  }
  if (criteria.sinceMs !== undefined) keys.push([`SINCE ${dateOf(criteria.sinceMs)}`]);
  if (criteria.beforeMs !== undefined) keys.push([`BEFORE ${dateOf(criteria.beforeMs)}`]);
  if (criteria.largerThan !== undefined) keys.push([`LARGER ${criteria.largerThan}`]);
  if (criteria.smallerThan !== undefined) keys.push([`SMALLER ${criteria.smallerThan}`]);
  for (const flag of criteria.flags ?? []) keys.push([flagKey(flag, "")]);
  for (const flag of criteria.withoutFlags ?? []) keys.push([flagKey(flag, "UN")]);
  if (keys.length === 0) keys.push(["ALL"]);
  const isAscii = texts.every((text) => text === undefined || /^[\0-\x7f]*$/.test(text));
  return words("UID SEARCH", ...(isAscii ? [] : ["CHARSET UTF-8"]), ...keys);
}

/** What FETCH is to bring of each message, its UID always. */
export interface FetchRequest {
  readonly flags?: boolean;
  readonly octets?: boolean;
  readonly internalDate?: boolean;
  readonly envelope?: boolean;
  readonly structure?: boolean;
  /** Sections: "" (all of it), "HEADER", "1.2", "1.2.MIME"; from an octet on, so many, where that is said. */
  readonly sections?: readonly SectionRequest[];
}

export interface SectionRequest {
  readonly section: string;
  readonly range?: { readonly start: number; readonly count: number };
}

/** RFC 3501 section 6.4.5. With PEEK: that a message was read is for the person to say. */
export function fetchItems(request: FetchRequest): string {
  const items = ["UID"];
  if (request.flags) items.push("FLAGS");
  if (request.octets) items.push("RFC822.SIZE");
  if (request.internalDate) items.push("INTERNALDATE");
  if (request.envelope) items.push("ENVELOPE");
  if (request.structure) items.push("BODYSTRUCTURE");
  for (const { section, range } of request.sections ?? []) {
    if (!SECTION.test(section)) throw new LocalError("bad-argument", `"${section}" is no part of a message`);
    items.push(`BODY.PEEK[${section}]${range === undefined ? "" : `<${range.start}.${range.count}>`}`);
  }
  return `(${items.join(" ")})`;
}

/** Sets of UIDs, several where one would be too long for a line. */
export function uidSets(uids: Iterable<number>): string[] {
  const sorted = [...new Set(uids)].sort((a, b) => a - b);
  const sets: string[] = [];
  for (let at = 0; at < sorted.length; at += UIDS_MAX)
    sets.push(emitSequenceSet(sorted.slice(at, at + UIDS_MAX)));
  return sets;
}

export function flagList(flags: readonly string[]): string {
  for (const flag of flags) {
    if (!FLAG.test(flag)) throw new LocalError("bad-argument", `"${flag}" is no flag`);
  }
  return `(${flags.join(" ")})`;
}

function dateOf(unixMs: number): string {
  const { year, month, day } = calendarOf(unixMs);
  return `${day}-${MONTHS[month]}-${String(year).padStart(4, "0")}`;
}

function flagKey(flag: string, prefix: "" | "UN"): string {
  flagList([flag]);
  return flag.startsWith("\\") ? `${prefix}${flag.slice(1).toUpperCase()}` : `${prefix}KEYWORD ${flag}`;
}

const TEXT_KEYS = ["FROM", "TO", "SUBJECT", "BODY", "TEXT"];
const SECTION = /^(?:|[1-9]\d{0,4}(?:\.[1-9]\d{0,4}){0,99}(?:\.(?:HEADER|TEXT|MIME))?|HEADER|TEXT)$/;
const FLAG = /^\\?[!#$&'+-[^-z|}~]+$/;
/** A longer one goes as a literal; every server reads a line with some of these. */
const QUOTED_MAX = 1000;
/** At most 5,500 octets: servers take lines of 8,000 (RFC 7162 section 4). */
const UIDS_MAX = 500;
