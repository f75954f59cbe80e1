/**
 * Zone data as text: whole files in the master file format (RFC 1035 section 5, RFC 2308 section 4) and lists of
 * single records, as a network file has them. Every mistake is reported with its place, not only the first.
 */

import { RecordTextError } from "./errors.ts";
import { type Name, ROOT } from "./name.ts";
import { parseRecord, type ResourceRecord } from "./wire/record.ts";
import { parseSeconds, type Word, Words } from "./wire/words.ts";

export interface MasterFileOptions {
  /** Completes relative names until the first $ORIGIN. Absent: the root. */
  readonly origin?: Name;
  /** For records before the first TTL that the text gives. Absent: they must give one. */
  readonly ttlSeconds?: number;
}

export interface ParsedRecords {
  readonly records: readonly ResourceRecord[];
  readonly errors: readonly RecordTextError[];
}

export function parseMasterFile(text: string, options: MasterFileOptions = {}): ParsedRecords {
  const state = new FileState(options);
  try {
    for (const entry of entriesOf(text)) state.handle(entry);
  } catch (error) {
    // A quotation mark or parenthesis without its partner: nothing behind it can be understood.
    state.keep(error);
  }
  return state;
}

/** One record per string: "mail A 10.2.0.10". The line of an error is the number of the record, from 1. */
export function parseRecordList(lines: readonly string[], options: MasterFileOptions = {}): ParsedRecords {
  const state = new FileState(options);
  for (const [i, line] of lines.entries()) {
    try {
      for (const entry of entriesOf(line, i + 1)) state.handle({ ...entry, hasOwner: true });
    } catch (error) {
      state.keep(error);
    }
  }
  return state;
}

/** What earlier lines of a file mean for the next. */
class FileState implements ParsedRecords {
  readonly records: ResourceRecord[] = [];
  readonly errors: RecordTextError[] = [];
  #origin: Name;
  #owner: Name | undefined;
  #defaultTtl: number | undefined;
  #lastTtl: number | undefined;

  constructor(options: MasterFileOptions) {
    this.#origin = options.origin ?? ROOT;
    this.#lastTtl = options.ttlSeconds;
  }

  handle(entry: Entry): void {
    try {
      const words = new Words(entry.words, this.#origin);
      const first = entry.words[0];
      if (entry.hasOwner && !first.isQuoted && first.text.startsWith("$")) this.#directive(words);
      else this.#record(words, entry.hasOwner);
    } catch (error) {
      this.keep(error);
    }
  }

  keep(error: unknown): void {
    if (!(error instanceof RecordTextError)) throw error;
    this.errors.push(error);
  }

  #directive(words: Words): void {
    const directive = words.take("$ORIGIN or $TTL", (text) =>
      DIRECTIVES.find((d) => d === text.toUpperCase()),
    );
    if (directive === "$ORIGIN") this.#origin = words.name("the new origin");
    else this.#defaultTtl = words.take("a time in seconds (or like 1h30m)", parseSeconds);
    words.expectEnd(directive);
  }

  #record(words: Words, hasOwner: boolean): void {
    // RFC 2308 section 4: $TTL; RFC 1035 section 5.1: else the last one stated.
    const ttlSeconds = this.#defaultTtl ?? this.#lastTtl;
    const record = parseRecord(words, hasOwner, { name: this.#owner, ttlSeconds });
    this.#owner = record.name;
    this.#lastTtl = record.ttlSeconds;
    this.records.push(record);
  }
}

/** One record or directive. */
interface Entry {
  readonly words: readonly Word[];
  /** Whether it begins in the first column. */
  readonly hasOwner: boolean;
}

/** Cuts text into entries: a line each, or several lines between parentheses. */
function* entriesOf(text: string, firstLine = 1): Generator<Entry> {
  let words: Word[] = [];
  let hasOwner = true;
  let depth = 0;
  let opened: Word | undefined;
  for (const token of tokensOf(text, firstLine)) {
    const mark = token.isQuoted ? "" : token.text;
    if (mark === "(") {
      depth++;
      opened = token;
    } else if (mark === ")") {
      if (--depth < 0) throw new RecordTextError(token.line, token.column, 'a ")" without its "("');
    } else if (mark !== "\n") {
      if (words.length === 0) hasOwner = token.column === 1;
      words.push(token);
    } else if (depth === 0) {
      if (words.length > 0) yield { words, hasOwner };
      words = [];
    }
  }
  if (opened !== undefined && depth > 0) {
    throw new RecordTextError(opened.line, opened.column, 'a "(" without its ")"');
  }
}

/** Words, parentheses, and "\n" at the end of every line. */
function* tokensOf(text: string, firstLine: number): Generator<Word> {
  for (const [i, line] of text.split(/\r\n|\n/).entries()) {
    const number = firstLine + i;
    for (let at = 0; at < line.length; ) {
      const found = TOKEN.exec(line.slice(at)) as RegExpExecArray;
      const [whole, quoted, plain] = found;
      const word = { line: number, column: at + 1 };
      if (quoted !== undefined) yield { ...word, text: quoted, isQuoted: true };
      else if (plain !== undefined) yield { ...word, text: plain, isQuoted: false };
      else if (whole === '"')
        throw new RecordTextError(number, at + 1, "a quotation mark without its partner");
      at += whole.length;
    }
    yield { text: "\n", isQuoted: false, line: number, column: line.length + 1 };
  }
}

/** A string in quotation marks | a parenthesis or a word, in which \X escapes X | a comment, blanks, or one other. */
const TOKEN = /^(?:"((?:[^"\\]|\\.)*)"|([()]|(?:[^\s"();\\]|\\.)+|\\$)|;.*|\s+|.)/u;
const DIRECTIVES = ["$ORIGIN", "$TTL"];
