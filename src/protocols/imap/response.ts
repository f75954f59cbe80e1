/**
 * What a server says, taken apart: RFC 3501 section 7, with UIDPLUS (RFC 4315), SPECIAL-USE (RFC 6154) and whatever
 * else is said is kept by its name. Read first: `Response`. Text is byte strings; `parseResponse` throws FormatError.
 */

import { decodeMailboxName } from "./mailbox-name.ts";
import { type FetchedMessage, parseFetch } from "./response-fetch.ts";
import { type RawResponse, textOf, type Value, ValueReader } from "./response-values.ts";

export type Response =
  | { readonly kind: "continuation"; readonly text: string }
  | StatusResponse
  | { readonly kind: "capability"; readonly capabilities: readonly string[] }
  | { readonly kind: "list"; readonly mailbox: ListedMailbox }
  | { readonly kind: "mailboxStatus"; readonly name: string; readonly items: ReadonlyMap<string, number> }
  | { readonly kind: "search"; readonly numbers: readonly number[] }
  | { readonly kind: "flags"; readonly flags: readonly string[] }
  | { readonly kind: "exists" | "recent" | "expunge"; readonly number: number }
  | { readonly kind: "fetch"; readonly message: FetchedMessage }
  | { readonly kind: "other"; readonly name: string; readonly text: string };

export interface StatusResponse {
  readonly kind: "status";
  /** Of the command that it answers; undefined: untagged. */
  readonly tag: string | undefined;
  readonly status: "OK" | "NO" | "BAD" | "BYE" | "PREAUTH";
  /** In brackets before the text: RFC 3501 section 7.1. */
  readonly code: ResponseCode | undefined;
  readonly text: string;
}

export interface ResponseCode {
  /** "UIDVALIDITY", in capitals. */
  readonly name: string;
  /** "3857529045" */
  readonly argument: string;
}

export interface ListedMailbox {
  readonly name: string;
  /** "\Noselect", "\Sent", as the server writes them. */
  readonly attributes: readonly string[];
  /** "/", between the levels of names; undefined: there are none. */
  readonly delimiter: string | undefined;
}

export function parseResponse(raw: RawResponse): Response {
  const reader = new ValueReader(raw);
  if (reader.take("+")) {
    reader.take(" ");
    return { kind: "continuation", text: reader.rest() };
  }
  const tag = reader.atom("tag");
  reader.expect(" ", "tag");
  const isTagged = tag !== "*";
  const word = reader.name("response");
  if (isStatus(word)) return parseStatus(reader, isTagged ? tag : undefined, word);
  if (isTagged) throw reader.wrong("response", `"${word.slice(0, 40)}" answers no command`);
  return /^\d+$/.test(word) ? parseNumbered(reader, Number(word)) : parseUntagged(reader, word);
}

/** Whether the line may announce a literal: what is for people may end with what looks like one. */
export function mayHaveLiterals(line: string): boolean {
  return line.startsWith("* ") && !/^\* (?:OK|NO|BAD|BYE|PREAUTH)(?: |$)/i.test(line);
}

function parseStatus(
  reader: ValueReader,
  tag: string | undefined,
  status: StatusResponse["status"],
): StatusResponse {
  let code: ResponseCode | undefined;
  reader.take(" ");
  if (reader.take("[")) {
    const [, name, argument] = /^([^ ]*) ?(.*)$/s.exec(reader.until("]", "code")) as RegExpExecArray;
    code = { name: name.toUpperCase(), argument };
    reader.take(" ");
  }
  return { kind: "status", tag, status, code, text: reader.rest() };
}

function parseNumbered(reader: ValueReader, number: number): Response {
  reader.expect(" ", "response");
  const word = reader.name("response");
  switch (word) {
    case "EXISTS":
    case "RECENT":
    case "EXPUNGE":
      return { kind: word.toLowerCase() as "exists", number };
    case "FETCH":
      reader.expect(" ", "fetch");
      return { kind: "fetch", message: parseFetch(reader, number) };
    default:
      return { kind: "other", name: word, text: reader.rest() };
  }
}

function parseUntagged(reader: ValueReader, word: string): Response {
  const hasMore = reader.take(" ");
  switch (word) {
    case "CAPABILITY":
      return { kind: "capability", capabilities: wordsOf(reader.rest().toUpperCase()) };
    case "LIST":
    case "LSUB":
    case "XLIST":
      return { kind: "list", mailbox: parseListed(reader) };
    case "STATUS":
      return parseMailboxStatus(reader);
    case "FLAGS":
      return { kind: "flags", flags: textsOf(reader.list("flags")) };
    case "SEARCH": {
      const numbers: number[] = [];
      // RFC 7162 section 3.1.5: something in parentheses may follow.
      while (hasMore && !reader.isAtEnd && !reader.take("(")) {
        if (!reader.take(" ")) numbers.push(reader.number("search"));
      }
      return { kind: "search", numbers };
    }
    default:
      return { kind: "other", name: word, text: reader.rest() };
  }
}

function parseListed(reader: ValueReader): ListedMailbox {
  const attributes = textsOf(reader.list("list"));
  reader.expect(" ", "list");
  const delimiter = reader.text("list.delimiter");
  reader.expect(" ", "list");
  return { name: mailboxName(reader, "list.name"), attributes, delimiter };
}

function parseMailboxStatus(reader: ValueReader): Response {
  const name = mailboxName(reader, "status.name");
  reader.expect(" ", "status");
  const values = textsOf(reader.list("status"));
  const items = new Map<string, number>();
  for (let i = 0; i + 1 < values.length; i += 2) {
    if (/^\d{1,15}$/.test(values[i + 1])) items.set(values[i].toUpperCase(), Number(values[i + 1]));
  }
  return { kind: "mailboxStatus", name, items };
}

function mailboxName(reader: ValueReader, field: string): string {
  const name = reader.text(field);
  // A mailbox may be called NIL: where a name belongs, an atom is one.
  return name === undefined ? "NIL" : decodeMailboxName(name);
}

function textsOf(values: readonly Value[]): string[] {
  return values.map((value) => textOf(value) ?? "").filter((text) => text !== "");
}

function wordsOf(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}

function isStatus(word: string): word is StatusResponse["status"] {
  return ["OK", "NO", "BAD", "BYE", "PREAUTH"].includes(word);
}
