/**
 * Reads the words of commands: atoms, strings, literals, lists, numbers, sets, dates (RFC 9051 section 9). All text is
 * byte strings. Whatever is wrong throws FormatError with the octet where it stands.
 */

import { FormatError, MONTHS, unixMsOf } from "../../bytes/index.ts";
import { toByteString } from "../../net/index.ts";
import { parseSequenceSet, type SequenceSet } from "./sequence-set.ts";

/** A command as it came, without its last CRLF: texts, and between each two of them a literal. */
export type CommandPieces = readonly (string | Uint8Array)[];

export class CommandCursor {
  readonly #pieces: CommandPieces;
  #piece = 0;
  #at = 0;
  #depth = 0;

  constructor(pieces: CommandPieces) {
    this.#pieces = pieces;
  }

  /** What matches here (a sticky pattern), undefined when nothing does. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** Whether the next character is this one; it is not taken. */
  isAt(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail("syntax", `here must stand "${text}"`);
  }

  /** One space; some clients send more. */
  space(): void {
    if (this.match(/ +/y) === undefined) this.fail("syntax", "here must stand a space");
  }

  /** Whether a space stands here and something behind it. */
  takeSpace(): boolean {
    return this.match(/ +(?=[^ ])/y) !== undefined || (this.match(/ +/y) !== undefined && !this.#isLast);
  }

  end(): void {
    this.match(/ +/y);
    if (this.#at < this.#text.length || !this.#isLast) this.fail("syntax", "the command should end here");
  }

  /** An atom in capitals: names of commands, items and keys. */
  word(what: string): string {
    const word = this.match(/[A-Za-z0-9.=_+-]+/y);
    return word?.toUpperCase() ?? this.fail("syntax", `here must stand ${what}`);
  }

  atom(what: string): string {
    return this.match(/[!#$&'+-[^-z|}~]+/y) ?? this.fail("syntax", `here must stand ${what}`);
  }

  /** RFC 9051 section 9, "astring"; with `wildcards` "list-mailbox". */
  astring(what: string, wildcards = false): string {
    if (this.isAt('"') || this.#isLiteral) return this.string(what);
    const pattern = wildcards ? /[!#-'*-[\]^-z|}~]+/y : /[!#$&'+-[\]^-z|}~]+/y;
    return this.match(pattern) ?? this.fail("syntax", `here must stand ${what}`);
  }

  string(what: string): string {
    if (this.#isLiteral) return toByteString(this.literal(what));
    const quoted = this.match(/"(?:[^"\\\r\n\0]|\\["\\])*"/y);
    if (quoted === undefined) this.fail("syntax", `here must stand ${what}, as a string`);
    return quoted.slice(1, -1).replace(/\\(.)/g, "$1");
  }

  nstring(what: string): string | undefined {
    return this.match(/NIL(?=[ )]|$)/iy) === undefined ? this.string(what) : undefined;
  }

  /** The octets themselves; the marker that stood before them is no part of the text. */
  literal(what: string): Uint8Array {
    const literal = this.#isLiteral ? this.#pieces[this.#piece + 1] : undefined;
    if (!(literal instanceof Uint8Array)) return this.fail("syntax", `here must stand ${what}, as a literal`);
    this.#piece += 2;
    this.#at = 0;
    return literal;
  }

  number(what: string, max = NUMBER_MAX): number {
    const digits = this.match(/\d{1,19}/y) ?? this.fail("syntax", `here must stand ${what}`);
    const number = Number(digits);
    return number <= max ? number : this.fail("number", `${what} is too large`);
  }

  set(): SequenceSet {
    const text = this.match(/\$|[\d*:,]+/y) ?? this.fail("set", "here must stand numbers of messages");
    return parseSequenceSet(text) ?? this.fail("set", "these are no numbers of messages");
  }

  /** `(a b c)`; `item` reads one. */
  list<T>(item: () => T, mayBeEmpty = false): T[] {
    this.expect("(");
    const items: T[] = [];
    return this.nested(() => {
      if (mayBeEmpty && this.take(")")) return items;
      for (;;) {
        items.push(item());
        if (this.take(")")) return items;
        this.space();
      }
    });
  }

  /** Counts how deep lists stand in lists. */
  nested<T>(work: () => T): T {
    if (++this.#depth > DEPTH_MAX) this.fail("depth", `over ${DEPTH_MAX} levels`);
    const result = work();
    this.#depth--;
    return result;
  }

  /** `\Seen`, `$Forwarded`. \Recent is the server's own (RFC 3501 section 2.3.2). */
  flag(): string {
    const flag = this.match(/\\?[!#$&'+-[^-z|}~]+/y) ?? this.fail("flag", "here must stand a flag");
    if (flag.length > FLAG_MAX) this.fail("flag", "a flag is too long");
    if (!flag.startsWith("\\")) return flag;
    const known = SYSTEM_FLAGS.find((system) => system.toLowerCase() === flag.toLowerCase());
    return known ?? this.fail("flag", `there is no flag ${flag}`);
  }

  /** `1-Feb-1994`, in quotes or not; days since 1970. */
  day(): number {
    const text = this.match(/"?\d{1,2}-[A-Za-z]{3}-\d{4}"?/y) ?? this.fail("date", "here must stand a date");
    const [day, month, year] = text.replaceAll('"', "").split("-");
    return Math.floor(this.#instant(year, month, day, "0", "0", "0") / DAY_MS);
  }

  /** `"17-Jul-1996 02:44:25 -0700"`; milliseconds since 1970. */
  dateTime(): number {
    const match = /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(
      this.string("a date and time"),
    );
    if (match === null) return this.fail("date", "this is no date and time");
    const [, day, month, year, hour, minute, second, sign, zoneHours, zoneMinutes] = match;
    const zoneMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
    return this.#instant(year, month, day, hour, minute, second) - (sign === "-" ? -zoneMs : zoneMs);
  }

  fail(field: string, problem: string): never {
    throw new FormatError(`imap.${field}`, this.#offset, problem);
  }

  #instant(year: string, month: string, day: string, hour: string, minute: string, second: string): number {
    const index = MONTHS.findIndex((name) => name.toLowerCase() === month.toLowerCase());
    const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 61;
    if (index === -1 || !isTime || Number(day) < 1 || Number(day) > 31)
      this.fail("date", "there is no such day");
    const [y, d, h, m, s] = [year, day, hour, minute, second].map(Number);
    return unixMsOf({ year: y, month: index, day: d, hour: h, minute: m, second: s });
  }

  get #text(): string {
    return this.#pieces[this.#piece] as string;
  }

  get #isLast(): boolean {
    return this.#piece === this.#pieces.length - 1;
  }

  get #isLiteral(): boolean {
    return this.#at === this.#text.length && !this.#isLast;
  }

  get #offset(): number {
    return this.#pieces.slice(0, this.#piece).reduce((sum, { length }) => sum + length, this.#at);
  }
}

export const SYSTEM_FLAGS = ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"] as const;

const NUMBER_MAX = 2 ** 32 - 1;
const DAY_MS = 86_400_000;
/** Real searches have three or four levels. */
const DEPTH_MAX = 100;
/** As long as the longest name that anybody has registered, three times. */
const FLAG_MAX = 100;
