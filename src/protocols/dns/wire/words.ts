/**
 * The words of one record in text (RFC 1035 section 5.1), each with its place, and a cursor over them that says
 * what it expected. The tokenizer of whole files is in ../master-file.ts; `wordsOf` serves single records.
 */

import { encodeUtf8, FormatError } from "../../../bytes/index.ts";
import { toByteString } from "../../../net/index.ts";
import { RecordTextError } from "../errors.ts";
import { type Name, octetAt, parseName } from "../name.ts";

export interface Word {
  /** As written, escapes included, without the quotation marks. */
  readonly text: string;
  readonly isQuoted: boolean;
  readonly line: number;
  readonly column: number;
}

export class Words {
  readonly #words: readonly Word[];
  readonly origin: Name;
  #at = 0;

  /** `words` is not empty. Relative names are completed by `origin`. */
  constructor(words: readonly Word[], origin: Name) {
    this.#words = words;
    this.origin = origin;
  }

  get isDone(): boolean {
    return this.#at >= this.#words.length;
  }

  get peek(): Word | undefined {
    return this.#words[this.#at];
  }

  next(expected: string): Word {
    const word = this.#words[this.#at];
    if (word === undefined) {
      const last = this.#words[this.#words.length - 1];
      const column = last.column + last.text.length;
      throw new RecordTextError(last.line, column, `expected ${expected}, found the end of the record`);
    }
    this.#at++;
    return word;
  }

  /** The next word as `parse` understands it. */
  take<T>(expected: string, parse: (text: string) => T | undefined): T {
    const word = this.next(expected);
    const value = word.isQuoted ? undefined : parse(word.text);
    if (value === undefined) throw mismatch(word, expected);
    return value;
  }

  /** A domain name; "@" is the origin. */
  name(expected: string): Name {
    const word = this.next(expected);
    if (word.isQuoted) throw mismatch(word, expected);
    if (word.text === "@") return this.origin;
    try {
      return parseName(word.text, this.origin);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw mismatch(word, expected, error.message);
    }
  }

  /** The octets of the next word, as a byte string; a character outside ASCII counts as its UTF-8 octets. */
  octets(expected: string): string {
    const word = this.next(expected);
    let octets = "";
    for (let at = 0; at < word.text.length; ) {
      const code = word.text.codePointAt(at) as number;
      if (code > 0x7f) {
        const character = String.fromCodePoint(code);
        octets += toByteString(encodeUtf8(character));
        at += character.length;
      } else {
        const { octet, length } = escapedOctet(word, at);
        octets += octet;
        at += length;
      }
    }
    return octets;
  }

  /** The error that the next word is not `expected`. */
  mismatch(expected: string): RecordTextError {
    return mismatch(this.next(expected), expected);
  }

  /** Nothing may follow. */
  expectEnd(what: string): void {
    if (!this.isDone) throw this.mismatch(`the end of the ${what} record`);
  }
}

export function mismatch(word: Word, expected: string, detail?: string): RecordTextError {
  const found = word.isQuoted ? `the string "${word.text}"` : `"${word.text}"`;
  const because = detail === undefined ? "" : ` (${detail})`;
  return new RecordTextError(word.line, word.column, `expected ${expected}, found ${found}${because}`);
}

/** A time in seconds, or with units as BIND writes them: 3600, 1h30m, 2w. */
export function parseSeconds(text: string): number | undefined {
  if (/^\d{1,10}$/.test(text)) return bounded(Number(text));
  if (!/^(\d{1,10}[smhdw])+$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdw])/gi)) {
    seconds += Number(count) * SECONDS_OF[unit.toLowerCase()];
  }
  return bounded(seconds);
}

function escapedOctet(word: Word, at: number): { octet: string; length: number } {
  try {
    return octetAt(word.text, at);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new RecordTextError(word.line, word.column, error.message);
  }
}

function bounded(seconds: number): number | undefined {
  return seconds <= 0xffffffff ? seconds : undefined;
}

const SECONDS_OF: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
