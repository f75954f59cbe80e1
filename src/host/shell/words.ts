/** Splits a command line into words as a shell does: blanks, 'quotes', "double quotes" and backslashes. No more. */

import { LocalError } from "../../net/index.ts";

/** The words of `line`; throws LocalError "bad-quoting" when a quotation has no end. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === "\\" && quote !== "'") {
      if (++at === line.length) throw new LocalError("bad-quoting", "the command ends in a backslash");
      word = (word ?? "") + line[at];
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (BLANK.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (quote !== "") throw new LocalError("bad-quoting", `a quotation that begins with ${quote} has no end`);
  if (word !== undefined) words.push(word);
  return words;
}

/** The words as one line that `splitWords` reads back. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

const BLANK = /\s/;
const PLAIN = /^[A-Za-z0-9_@%+=:,./<>[\]~^-]+$/;
