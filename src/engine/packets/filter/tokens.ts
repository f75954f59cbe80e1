/** A filter in words: names and values as they stand, quoted texts, operators. */

import { FilterError } from "./expression.ts";

export interface Token {
  readonly kind: "word" | "quoted" | "operator" | "end";
  /** Of a quoted text what it means, of an operator its sign: "eq" is "==". */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Throws FilterError. The last token is the end. */
export function tokensOf(filter: string): Token[] {
  if (filter.length > FILTER_MAX)
    throw new FilterError(`a filter of more than ${FILTER_MAX} characters`, FILTER_MAX, filter.length);
  const tokens: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    if (/\s/.test(filter[at])) {
      at++;
      continue;
    }
    const token = tokenAt(filter, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", start: at, end: at });
  return tokens;
}

/** Whether a word may stand for itself, or must be quoted. */
export function isPlainWord(text: string): boolean {
  return WORD_WHOLE.test(text) && !WORD_OPERATORS.has(text.toLowerCase());
}

function tokenAt(filter: string, start: number): Token {
  const raw = /^[rR]"/.test(filter.slice(start, start + 2));
  const quote = raw ? '"' : filter[start];
  if (quote === '"' || quote === "'") return quotedAt(filter, start, quote, raw);
  for (const sign of SIGNS) {
    if (filter.startsWith(sign, start)) {
      const text = SIGN_NAMES.get(sign) ?? sign;
      return { kind: "operator", text, start, end: start + sign.length };
    }
  }
  WORD.lastIndex = start;
  const word = WORD.exec(filter)?.[0];
  if (word === undefined) {
    const character = String.fromCodePoint(filter.codePointAt(start) as number);
    throw new FilterError(`"${character}" has no meaning here`, start, start + character.length);
  }
  const end = start + word.length;
  const operator = WORD_OPERATORS.get(word.toLowerCase());
  if (operator !== undefined) return { kind: "operator", text: operator, start, end };
  return { kind: "word", text: word, start, end };
}

function quotedAt(filter: string, start: number, quote: string, raw: boolean): Token {
  let text = "";
  for (let at = start + (raw ? 2 : 1); at < filter.length; at++) {
    const character = filter[at];
    if (character === quote) return { kind: "quoted", text, start, end: at + 1 };
    if (character !== "\\" || raw) text += character;
    else {
      const [length, meaning] = escapeAt(filter, at);
      text += meaning;
      at += length - 1;
    }
  }
  throw new FilterError(`the text that begins here has no closing ${quote}`, start, filter.length);
}

function escapeAt(filter: string, at: number): [number, string] {
  const hex = /^\\x([0-9a-fA-F]{2})/.exec(filter.slice(at, at + 4));
  if (hex !== null) return [4, String.fromCharCode(Number.parseInt(hex[1], 16))];
  const next = filter[at + 1];
  if (next === undefined) return [1, ""];
  const meaning = ESCAPES.get(next);
  // What is no escape stays as it is: "\d" of a regular expression needs no second backslash.
  if (meaning === undefined) return [2, `\\${next}`];
  return [2, meaning];
}

const ESCAPES = new Map([
  ["\\", "\\"],
  ['"', '"'],
  ["'", "'"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
/** The longer first. */
const SIGNS = [
  ...["===", "!==", "==", "!=", "~=", ">=", "<=", "&&", "||", "^^", "..", ">", "<", "!", "~", "&", "="],
  ...["(", ")", "{", "}", "[", "]", ","],
];
const SIGN_NAMES = new Map([
  ["&&", "and"],
  ["||", "or"],
  ["^^", "xor"],
  ["!", "not"],
  ["~=", "!=="],
  ["~", "matches"],
  ["=", "=="],
]);
const WORD_OPERATORS = new Map([
  ...["and", "or", "xor", "not", "contains", "matches", "in"].map((word): [string, string] => [word, word]),
  ["eq", "=="],
  ["any_eq", "=="],
  ["ne", "!="],
  ["all_ne", "!="],
  ["all_eq", "==="],
  ["any_ne", "!=="],
  ["gt", ">"],
  ["lt", "<"],
  ["ge", ">="],
  ["le", "<="],
  ["bitand", "&"],
  ["bitwise_and", "&"],
]);
/** Addresses with a prefix, MAC addresses, names; two dots are those of a range. */
const WORD = /(?:[\p{L}\p{N}_:/@%+*#$-]|\.(?!\.))+/uy;
const WORD_WHOLE = /^(?:[\p{L}\p{N}_:/@%+*#$-]|\.(?!\.))+$/u;
/** Longer than anything that a person writes. */
const FILTER_MAX = 4096;
