/** What FETCH may be asked for: RFC 9051 section 6.4.5, RFC 3501's RFC822 items, RFC 3516 (BINARY). */

import type { CommandCursor } from "./parse.ts";
import { emitAstring } from "./wire.ts";

export type FetchItem =
  | { readonly item: (typeof PLAIN)[number] }
  | ({ readonly item: "BODY[]"; readonly section: Section } & Read)
  | ({ readonly item: "BINARY"; readonly section: Section } & Read)
  | { readonly item: "BINARY.SIZE"; readonly section: Section };

interface Read {
  /** \Seen is not set. */
  readonly peek: boolean;
  readonly partial: { readonly start: number; readonly length: number } | undefined;
}

/** `2.1.HEADER.FIELDS (FROM)`: which part, and what of it; without `text` all of it. */
export interface Section {
  readonly path: readonly number[];
  readonly text: (typeof TEXTS)[number] | undefined;
  /** As they were written. */
  readonly fields: readonly string[];
}

export function parseFetchItems(cursor: CommandCursor): FetchItem[] {
  if (cursor.isAt("(")) return cursor.list(() => parseItem(cursor));
  const macro = cursor.match(/(?:ALL|FAST|FULL)(?=[ )]|$)/iy)?.toUpperCase();
  if (macro !== undefined) return MACROS[macro].map((item) => ({ item }));
  return [parseItem(cursor)];
}

/** As it stands in the response: `2.1.HEADER.FIELDS (FROM)`. */
export function emitSection({ path, text, fields }: Section): string {
  const numbers = path.join(".");
  const words =
    text === undefined ? "" : fields.length === 0 ? text : `${text} (${fields.map(emitAstring).join(" ")})`;
  return [numbers, words].filter((piece) => piece !== "").join(".");
}

function parseItem(cursor: CommandCursor): FetchItem {
  const name = cursor.match(/[A-Za-z0-9.]+/y)?.toUpperCase() ?? "";
  if (cursor.isAt("[")) return parseSectionItem(cursor, name);
  const item = PLAIN.find((plain) => plain === name);
  return item === undefined ? cursor.fail("item", "there is no such thing to fetch") : { item };
}

function parseSectionItem(cursor: CommandCursor, name: string): FetchItem {
  if (name === "BODY" || name === "BODY.PEEK") {
    const section = parseSection(cursor, true);
    return { item: "BODY[]", section, peek: name === "BODY.PEEK", partial: parsePartial(cursor) };
  }
  const section = parseSection(cursor, false);
  if (name === "BINARY.SIZE") return { item: name, section };
  if (name !== "BINARY" && name !== "BINARY.PEEK") cursor.fail("item", "there is no such thing to fetch");
  return { item: "BINARY", section, peek: name === "BINARY.PEEK", partial: parsePartial(cursor) };
}

function parseSection(cursor: CommandCursor, mayHaveText: boolean): Section {
  cursor.expect("[");
  const path: number[] = [];
  for (;;) {
    const digits = cursor.match(/[1-9]\d{0,8}/y);
    if (digits === undefined) break;
    path.push(Number(digits));
    if (path.length > PATH_MAX) cursor.fail("section", "a part of a part of a part …");
    if (!cursor.take(".")) break;
  }
  const word = mayHaveText ? cursor.match(/[A-Za-z.]+/y)?.toUpperCase() : undefined;
  const text = TEXTS.find((known) => known === word);
  // RFC 9051 section 6.4.5.1: MIME is of a part.
  if (text !== word || (text === "MIME" && path.length === 0))
    cursor.fail("section", "there is no such section");
  let fields: string[] = [];
  if (text === "HEADER.FIELDS" || text === "HEADER.FIELDS.NOT") {
    cursor.space();
    fields = cursor.list(() => cursor.astring("the name of a field"));
  }
  cursor.expect("]");
  return { path, text, fields };
}

function parsePartial(cursor: CommandCursor): { start: number; length: number } | undefined {
  if (!cursor.take("<")) return undefined;
  const start = cursor.number("where to begin");
  cursor.expect(".");
  const length = cursor.number("how many octets");
  cursor.expect(">");
  return length === 0 ? cursor.fail("section", "no octets") : { start, length };
}

const PLAIN = [
  "FLAGS",
  "UID",
  "INTERNALDATE",
  "RFC822.SIZE",
  "ENVELOPE",
  "BODY",
  "BODYSTRUCTURE",
  "RFC822",
  "RFC822.HEADER",
  "RFC822.TEXT",
  "MODSEQ",
] as const;
const TEXTS = ["HEADER", "TEXT", "MIME", "HEADER.FIELDS", "HEADER.FIELDS.NOT"] as const;
const FAST = ["FLAGS", "INTERNALDATE", "RFC822.SIZE"] as const;
/** RFC 9051 section 6.4.5. */
const MACROS: Record<string, readonly (typeof PLAIN)[number][]> = {
  FAST,
  ALL: [...FAST, "ENVELOPE"],
  FULL: [...FAST, "ENVELOPE", "BODY"],
};
/** As deep as parts are looked for at all. */
const PATH_MAX = 100;
