/** SEARCH, and SORT and THREAD which search too: RFC 9051 section 6.4.4, RFC 5256, RFC 5032, RFC 7162. */

import type { CommandCursor } from "./parse.ts";
import type { SequenceSet } from "./sequence-set.ts";

export interface SearchCommand {
  readonly name: "SEARCH" | "SORT" | "THREAD";
  readonly byUid: boolean;
  /** RETURN (MIN MAX ALL COUNT SAVE); undefined: the untagged SEARCH of RFC 3501. */
  readonly returned: readonly string[] | undefined;
  /** In capitals. */
  readonly charset: string;
  readonly key: SearchKey;
  /** SORT's, first the one that counts most. */
  readonly order: readonly SortKey[];
  /** THREAD's: "REFERENCES". */
  readonly algorithm: string;
}

export type SearchKey =
  | { readonly key: "ALL" | "RECENT" }
  | { readonly key: "AND"; readonly keys: readonly SearchKey[] }
  | { readonly key: "OR"; readonly left: SearchKey; readonly right: SearchKey }
  | { readonly key: "NOT"; readonly operand: SearchKey }
  | { readonly key: "FLAG"; readonly flag: string }
  | { readonly key: "BEFORE" | "ON" | "SINCE"; readonly sent: boolean; readonly day: number }
  | { readonly key: "LARGER" | "SMALLER"; readonly octets: number }
  | { readonly key: "HEADER"; readonly field: string; readonly text: string }
  | { readonly key: "BODY" | "TEXT"; readonly text: string }
  | { readonly key: "SEQUENCE" | "UID"; readonly set: SequenceSet }
  | { readonly key: "OLDER" | "YOUNGER"; readonly seconds: number }
  | { readonly key: "MODSEQ"; readonly modSeq: number };

export interface SortKey {
  readonly by: (typeof SORT_KEYS)[number];
  readonly reverse: boolean;
}

export function parseSearch(cursor: CommandCursor, byUid: boolean): SearchCommand {
  const returned = parseReturn(cursor);
  let charset = "US-ASCII";
  if (cursor.match(/ +CHARSET +/iy) !== undefined) charset = cursor.astring("a charset").toUpperCase();
  return { name: "SEARCH", byUid, returned, charset, key: parseKeys(cursor), order: [], algorithm: "" };
}

export function parseSort(cursor: CommandCursor, byUid: boolean): SearchCommand {
  const returned = parseReturn(cursor);
  cursor.space();
  const order = cursor.list(() => {
    const word = cursor.word("an order");
    if (word === "REVERSE") cursor.space();
    const name = word === "REVERSE" ? cursor.word("an order") : word;
    const by = SORT_KEYS.find((known) => known === name) ?? cursor.fail("order", `there is no order ${name}`);
    return { by, reverse: word === "REVERSE" };
  });
  cursor.space();
  const charset = cursor.astring("a charset").toUpperCase();
  return { name: "SORT", byUid, returned, charset, key: parseKeys(cursor), order, algorithm: "" };
}

export function parseThread(cursor: CommandCursor, byUid: boolean): SearchCommand {
  cursor.space();
  const algorithm = cursor.word("an algorithm");
  cursor.space();
  const charset = cursor.astring("a charset").toUpperCase();
  const key = parseKeys(cursor);
  return { name: "THREAD", byUid, returned: undefined, charset, key, order: [], algorithm };
}

function parseReturn(cursor: CommandCursor): string[] | undefined {
  if (cursor.match(/ +RETURN +/iy) === undefined) return undefined;
  return cursor.list(() => {
    const word = cursor.word("an option");
    return RETURN_OPTIONS.includes(word) ? word : cursor.fail("option", `there is no option ${word}`);
  }, true);
}

function parseKeys(cursor: CommandCursor): SearchKey {
  cursor.space();
  const keys = [parseKey(cursor)];
  while (cursor.takeSpace()) keys.push(parseKey(cursor));
  return keys.length === 1 ? keys[0] : { key: "AND", keys };
}

function parseKey(cursor: CommandCursor): SearchKey {
  if (cursor.isAt("(")) return { key: "AND", keys: cursor.list(() => parseKey(cursor)) };
  if (cursor.isAt("$") || cursor.isAt("*") || cursor.match(/(?=\d)/y) !== undefined)
    return { key: "SEQUENCE", set: cursor.set() };
  const name = cursor.word("a search key");
  const flag = FLAG_KEYS[name];
  if (flag !== undefined) return { key: "FLAG", flag };
  const unset = name.startsWith("UN") ? FLAG_KEYS[name.slice(2)] : undefined;
  if (unset !== undefined) return not({ key: "FLAG", flag: unset });
  if (FIELD_KEYS.includes(name)) return { key: "HEADER", field: name, text: spacedString(cursor) };
  return parseKeyOfName(cursor, name);
}

function parseKeyOfName(cursor: CommandCursor, name: string): SearchKey {
  switch (name) {
    case "ALL":
    case "RECENT":
      return { key: name };
    case "OLD":
      return not({ key: "RECENT" });
    case "NEW":
      return { key: "AND", keys: [{ key: "RECENT" }, not({ key: "FLAG", flag: "\\Seen" })] };
    case "KEYWORD":
    case "UNKEYWORD": {
      cursor.space();
      const has: SearchKey = { key: "FLAG", flag: cursor.flag() };
      return name === "KEYWORD" ? has : not(has);
    }
    case "BEFORE":
    case "ON":
    case "SINCE":
      cursor.space();
      return { key: name, sent: false, day: cursor.day() };
    case "SENTBEFORE":
    case "SENTON":
    case "SENTSINCE":
      cursor.space();
      return { key: name.slice(4) as "BEFORE" | "ON" | "SINCE", sent: true, day: cursor.day() };
    case "LARGER":
    case "SMALLER":
      cursor.space();
      return { key: name, octets: cursor.number("octets") };
    case "OLDER":
    case "YOUNGER":
      cursor.space();
      return { key: name, seconds: cursor.number("seconds") };
    case "HEADER": {
      const field = spacedString(cursor);
      return { key: "HEADER", field, text: spacedString(cursor) };
    }
    case "BODY":
    case "TEXT":
      return { key: name, text: spacedString(cursor) };
    case "UID":
      cursor.space();
      return { key: "UID", set: cursor.set() };
    case "NOT":
      cursor.space();
      return not(cursor.nested(() => parseKey(cursor)));
    case "OR": {
      cursor.space();
      const left = cursor.nested(() => parseKey(cursor));
      cursor.space();
      return { key: "OR", left, right: cursor.nested(() => parseKey(cursor)) };
    }
    case "MODSEQ":
      return parseModSeq(cursor);
    default:
      return cursor.fail("key", `there is no search key ${name}`);
  }
}

/** RFC 7162 section 3.1.5: perhaps with the name of a flag, which no server of today counts apart. */
function parseModSeq(cursor: CommandCursor): SearchKey {
  cursor.space();
  if (cursor.isAt('"')) {
    cursor.string("a flag");
    cursor.match(/ +(?:all|priv|shared) +/iy);
  }
  return { key: "MODSEQ", modSeq: cursor.number("a modification sequence", Number.POSITIVE_INFINITY) };
}

function not(operand: SearchKey): SearchKey {
  return { key: "NOT", operand };
}

function spacedString(cursor: CommandCursor): string {
  cursor.space();
  return cursor.astring("what to look for");
}

const FLAG_KEYS: Record<string, string> = {
  ANSWERED: "\\Answered",
  DELETED: "\\Deleted",
  DRAFT: "\\Draft",
  FLAGGED: "\\Flagged",
  SEEN: "\\Seen",
};
const FIELD_KEYS = ["BCC", "CC", "FROM", "SUBJECT", "TO"];
const RETURN_OPTIONS = ["MIN", "MAX", "ALL", "COUNT", "SAVE"];
const SORT_KEYS = [
  "ARRIVAL",
  "CC",
  "DATE",
  "FROM",
  "SIZE",
  "SUBJECT",
  "TO",
  "DISPLAYFROM",
  "DISPLAYTO",
] as const;
