/**
 * Words of a text file: what stands between white space (ASCII space, tab, line feed, vertical tab, form feed,
 * carriage return). Octets, so any encoding that keeps ASCII will do. What must stay true: a word has no white space, so
 * no word looks like a refusal, and none but the end looks like the end.
 */

import { toByteString } from "../../net/index.ts";
import { WordTooLong } from "./errors.ts";
import type { OpenFile } from "./store.ts";

/** Hands out the words of a file one by one, reading no further than needed. */
export class WordReader {
  readonly #file: OpenFile;
  #offset = 0;
  #piece: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  /** The next word as a byte string, undefined after the last one. Throws WordTooLong. */
  next(): string | undefined {
    let word = "";
    while (this.#at < this.#piece.length || this.#fill()) {
      const start = this.#at;
      while (this.#at < this.#piece.length && !isSpace(this.#piece[this.#at])) this.#at++;
      word += toByteString(this.#piece.subarray(start, this.#at));
      if (word.length > WORD_MAX) throw new WordTooLong(WORD_MAX);
      if (this.#at === this.#piece.length) continue;
      this.#at++;
      if (word !== "") return word;
    }
    return word === "" ? undefined : word;
  }

  #fill(): boolean {
    this.#piece = this.#file.read(this.#offset, PIECE);
    this.#offset += this.#piece.length;
    this.#at = 0;
    return this.#piece.length > 0;
  }
}

/** The line for a word: itself, but a word that is "EOF" gets a backslash, and so does one that then looks like it. */
export function emitWord(word: string): string {
  return /^\\*EOF$/.test(word) ? `\\${word}` : word;
}

/** The word of a line that is neither the end nor a refusal. */
export function parseWord(line: string): string {
  return /^\\+EOF$/.test(line) ? line.slice(1) : line;
}

export const END_LINE = "EOF";

function isSpace(octet: number): boolean {
  return octet === 32 || (octet >= 9 && octet <= 13);
}

/** The longest word: no text of a person has one, and a file that is no text is told so. */
export const WORD_MAX = 64 * 1024;
const PIECE = 64 * 1024;
