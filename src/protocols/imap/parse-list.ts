/** LIST with its extensions and STATUS: RFC 9051 section 6.3.9 and 6.3.11, RFC 5258, RFC 5819, RFC 6154, RFC 8438. */

import type { CommandCursor } from "./parse.ts";

export interface ListCommand {
  readonly name: "LIST";
  readonly reference: string;
  readonly patterns: readonly string[];
  /** SUBSCRIBED, REMOTE, RECURSIVEMATCH, SPECIAL-USE; undefined: the form of RFC 3501. */
  readonly select: readonly string[];
  /** SUBSCRIBED, CHILDREN, SPECIAL-USE. */
  readonly returned: readonly string[];
  /** RETURN (STATUS (...)). */
  readonly status: readonly StatusItem[];
  /** Whether anything but a reference and one pattern was said: then "" is a pattern as any other. */
  readonly isExtended: boolean;
}

export type StatusItem = (typeof STATUS_ITEMS)[number];

export function parseList(cursor: CommandCursor): ListCommand {
  cursor.space();
  const hasSelect = cursor.isAt("(");
  const select = hasSelect ? cursor.list(() => option(cursor, SELECT_OPTIONS), true) : [];
  // RFC 5258 section 3: RECURSIVEMATCH goes with another option that chooses.
  if (
    select.includes("RECURSIVEMATCH") &&
    !select.some((each) => each === "SUBSCRIBED" || each === "SPECIAL-USE")
  )
    cursor.fail("option", "RECURSIVEMATCH needs SUBSCRIBED");
  if (hasSelect) cursor.space();
  const reference = cursor.astring("a reference");
  cursor.space();
  const hasPatterns = cursor.isAt("(");
  const pattern = (): string => cursor.astring("a pattern", true);
  const patterns = hasPatterns ? cursor.list(pattern) : [pattern()];
  if (patterns.length > PATTERNS_MAX) cursor.fail("pattern", "too many patterns");
  const { returned, status } = parseReturn(cursor);
  const isExtended = hasSelect || hasPatterns || returned !== undefined;
  return { name: "LIST", reference, patterns, select, returned: returned ?? [], status, isExtended };
}

export function parseStatusItems(cursor: CommandCursor): StatusItem[] {
  return cursor.list(() => option(cursor, STATUS_ITEMS));
}

function parseReturn(cursor: CommandCursor): { returned: string[] | undefined; status: StatusItem[] } {
  let status: StatusItem[] = [];
  if (!cursor.takeSpace()) return { returned: undefined, status };
  if (cursor.word("RETURN") !== "RETURN") cursor.fail("option", "here must stand RETURN");
  cursor.space();
  const returned = cursor.list(() => {
    const name = option(cursor, RETURN_OPTIONS);
    if (name === "STATUS") {
      cursor.space();
      status = parseStatusItems(cursor);
    }
    return name;
  }, true);
  return { returned, status };
}

function option<T extends string>(cursor: CommandCursor, known: readonly T[]): T {
  const word = cursor.word("an option");
  return known.find((each) => each === word) ?? cursor.fail("option", `there is no option ${word}`);
}

/** Each is compared with each name. */
const PATTERNS_MAX = 100;
const SELECT_OPTIONS = ["SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE"] as const;
const RETURN_OPTIONS = ["SUBSCRIBED", "CHILDREN", "SPECIAL-USE", "STATUS"] as const;
const STATUS_ITEMS = [
  "MESSAGES",
  "RECENT",
  "UIDNEXT",
  "UIDVALIDITY",
  "UNSEEN",
  "DELETED",
  "SIZE",
  "HIGHESTMODSEQ",
] as const;
