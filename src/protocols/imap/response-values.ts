/**
 * The values that responses are made of: atoms, numbers, quoted strings, literals, NIL, lists (RFC 3501 section 4).
 * Text is a byte string; each literal stands in it as one LITERAL_MARK, which is no octet. Throws FormatError.
 */

import { FormatError } from "../../bytes/index.ts";
import { toByteString } from "../../net/index.ts";

/** A whole response as it came: its lines without the line ends, and the literals that they announced, in order. */
export interface RawResponse {
  readonly text: string;
  readonly literals: readonly Uint8Array[];
}

/** Stands in the text of a response where a literal was. */
export const LITERAL_MARK = "\ue000";

/** NIL, an atom or quoted string, a literal, a list. */
export type Value = null | string | Uint8Array | readonly Value[];

export class ValueReader {
  readonly #text: string;
  readonly #literals: readonly Uint8Array[];
  #at = 0;
  #literal = 0;

  constructor({ text, literals }: RawResponse) {
    this.#text = text;
    this.#literals = literals;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Takes `character` if it is the next one. */
  take(character: string): boolean {
    const isNext = this.#text[this.#at] === character;
    if (isNext) this.#at++;
    return isNext;
  }

  expect(character: string, field: string): void {
    if (!this.take(character)) throw this.wrong(field, `"${character}" is missing`);
  }

  /** Letters, digits and most other characters: a keyword, a flag, a tag. */
  atom(field: string): string {
    return this.#match(ATOM, field, "an atom is missing");
  }

  /** As an atom, but ended by a bracket too: the name of a FETCH item or of a response code. */
  name(field: string): string {
    return this.#match(NAME, field, "a name is missing").toUpperCase();
  }

  number(field: string): number {
    return Number(this.#match(NUMBER, field, "a number is missing"));
  }

  /** Everything up to `end`, which is taken too. */
  until(end: string, field: string): string {
    const found = this.#text.indexOf(end, this.#at);
    if (found === -1) throw this.wrong(field, `"${end}" is missing`);
    const text = this.#text.slice(this.#at, found);
    this.#at = found + end.length;
    // Passed over, literals and all.
    this.#literal += text.split(LITERAL_MARK).length - 1;
    return text;
  }

  rest(): string {
    const text = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    return text;
  }

  value(field: string): Value {
    return this.#value(field, 0);
  }

  /** RFC 3501 section 9: nstring and astring. */
  text(field: string): string | undefined {
    const value = this.value(field);
    if (Array.isArray(value)) throw this.wrong(field, "a string is missing");
    return textOf(value);
  }

  list(field: string): readonly Value[] {
    const value = this.value(field);
    if (!Array.isArray(value)) throw this.wrong(field, "a list is missing");
    return value;
  }

  wrong(field: string, problem: string): FormatError {
    return new FormatError(`imap.${field}`, this.#at, problem);
  }

  #value(field: string, depth: number): Value {
    const next = this.#text[this.#at];
    if (next === "(") return this.#list(field, depth);
    if (next === '"') return this.#quoted(field);
    if (next === LITERAL_MARK) {
      this.#at++;
      return this.#literals[this.#literal++];
    }
    const atom = this.atom(field);
    return atom.toUpperCase() === "NIL" ? null : atom;
  }

  #list(field: string, depth: number): readonly Value[] {
    if (depth >= DEPTH_MAX) throw this.wrong(field, `lists stand in each other over ${DEPTH_MAX} times`);
    const values: Value[] = [];
    this.#at++;
    while (!this.take(")")) {
      // Addresses and parts of a body stand together without a space; some servers send one too many.
      if (this.take(" ")) continue;
      values.push(this.#value(field, depth + 1));
    }
    return values;
  }

  #quoted(field: string): string {
    const quoted = this.#match(QUOTED, field, "a quoted string does not end");
    return quoted.slice(1, -1).replace(/\\(.)/gs, "$1");
  }

  #match(pattern: RegExp, field: string, problem: string): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) throw this.wrong(field, problem);
    this.#at = pattern.lastIndex;
    return found[0];
  }
}

/** The text of a string; undefined for NIL and for what is none. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? toByteString(value) : undefined;
}

/** The octets of a string; undefined for NIL. */
export function octetsOf(value: Value): Uint8Array | undefined {
  if (typeof value !== "string") return value instanceof Uint8Array ? value : undefined;
  return Uint8Array.from(value, (character) => character.charCodeAt(0));
}

/** More than RFC 3501 allows is taken: "[" in names of mailboxes, the backslash of flags, UTF-8. */
const ATOM = /[!#-'*-z|-~\x80-\xff]+/y;
const NAME = /[!#-'*-;=-Z\\^-z|-~]+/y;
const NUMBER = /\d{1,15}(?!\d)/y;
const QUOTED = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
/** A part within a part is two lists deeper, and no message is nested a hundred times. */
const DEPTH_MAX = 250;
