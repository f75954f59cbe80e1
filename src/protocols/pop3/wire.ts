/**
 * Commands and replies of POP3 as lines: RFC 1939, RFC 2449 (CAPA, response codes). Read first: `Command`, `Status`.
 * Lines are byte strings without their CRLF. `parseCommand` throws FormatError.
 */

import { FormatError, Writer } from "../../bytes/index.ts";
import type { Scanned } from "../../net/index.ts";

export type Command =
  | { readonly keyword: "USER"; readonly name: string }
  | { readonly keyword: "PASS"; readonly password: string }
  | { readonly keyword: "STAT" | "NOOP" | "RSET" | "QUIT" | "CAPA" }
  | { readonly keyword: "LIST" | "UIDL"; readonly message: number | undefined }
  | { readonly keyword: "RETR" | "DELE"; readonly message: number }
  | { readonly keyword: "TOP"; readonly message: number; readonly lines: number };

export type Keyword = Command["keyword"];

/** The first line of a response. */
export interface Status {
  readonly ok: boolean;
  /** RFC 2449 section 8, RFC 3206: "IN-USE", "AUTH". */
  readonly responseCode?: string | undefined;
  readonly text: string;
}

export function parseCommand(line: string): Command {
  const keyword = (/^[A-Za-z]+(?= |$)/.exec(line)?.[0] ?? "").toUpperCase() as Keyword;
  const rest = line.slice(keyword.length);
  switch (keyword) {
    case "USER":
      return { keyword, name: requireText(rest, keyword) };
    case "PASS":
      // RFC 1939 section 7: the whole rest is the password, spaces and all.
      return { keyword, password: requireText(rest, keyword) };
    case "STAT":
    case "NOOP":
    case "RSET":
    case "QUIT":
    case "CAPA":
      parseNumbers(rest, keyword, 0, 0);
      return { keyword };
    case "LIST":
    case "UIDL":
      return { keyword, message: parseNumbers(rest, keyword, 0, 1)[0] };
    case "RETR":
    case "DELE":
      return { keyword, message: parseNumbers(rest, keyword, 1, 1)[0] };
    case "TOP": {
      const [message, lines] = parseNumbers(rest, keyword, 2, 2);
      return { keyword, message, lines };
    }
    default:
      throw new FormatError("pop3.keyword", 0, "no such command");
  }
}

export function emitCommand(command: Command): string {
  switch (command.keyword) {
    case "USER":
      return `USER ${command.name}`;
    case "PASS":
      return `PASS ${command.password}`;
    case "LIST":
    case "UIDL":
      return command.message === undefined ? command.keyword : `${command.keyword} ${command.message}`;
    case "RETR":
    case "DELE":
      return `${command.keyword} ${command.message}`;
    case "TOP":
      return `TOP ${command.message} ${command.lines}`;
    default:
      return command.keyword;
  }
}

/** The status line with its CRLF. */
export function emitStatus(status: Status): string {
  const code = status.responseCode === undefined ? "" : `[${status.responseCode}] `;
  return `${`${status.ok ? "+OK" : "-ERR"} ${code}${status.text}`.trimEnd()}\r\n`;
}

export function parseStatus(line: string): Status {
  const match = /^(\+OK|-ERR)(?:$| (.*)$)/s.exec(line);
  if (match === null)
    throw new FormatError("pop3.status", 0, `"${line.slice(0, 40)}" is neither +OK nor -ERR`);
  const text = match[2] ?? "";
  const coded = /^\[([A-Za-z0-9/-]+)\] ?/.exec(text);
  return {
    ok: match[1] === "+OK",
    responseCode: coded?.[1].toUpperCase(),
    text: text.slice(coded?.[0].length ?? 0),
  };
}

/** A message as a multi-line response, with its last line ".": RFC 1939 section 3. `bodyLines` is TOP's. */
export function emitMessage(content: Uint8Array, bodyLines = Number.POSITIVE_INFINITY): Uint8Array {
  const out = new Writer(content.length + 64);
  let inBody = false;
  let left = bodyLines;
  let at = 0;
  // Lines that need no change are copied together.
  let copied = 0;
  while (at < content.length && !(inBody && left-- <= 0)) {
    const found = content.indexOf(LF, at);
    const next = found === -1 ? content.length : found + 1;
    const isEnded = found > at && content[found - 1] === CR;
    const end = isEnded ? found - 1 : found === -1 ? next : found;
    if (content[at] === DOT) {
      out.append(content.subarray(copied, at)).uint8(DOT);
      copied = at;
    }
    if (!isEnded) {
      out.append(content.subarray(copied, end)).append(CRLF);
      copied = next;
    }
    if (end === at) inBody = true;
    at = next;
  }
  return out.append(content.subarray(copied, at)).uint8(DOT).append(CRLF).finish();
}

/** Takes a multi-line response out of the stream in pieces as large as they come: RFC 1939 section 3. */
export class MessageReader {
  readonly #content = new Writer(4096);
  #atLineStart = true;

  /** Octets of the message until now. */
  get length(): number {
    return this.#content.length;
  }

  /** For `Connection.scan`. */
  read(unread: Uint8Array): Scanned {
    let at = 0;
    let copied = 0;
    for (;;) {
      if (this.#atLineStart && unread[at] === DOT) {
        // Whether it is the last line cannot be seen yet.
        if (unread.length - at < LAST_LINE.length) break;
        this.#content.append(unread.subarray(copied, at));
        if (LAST_LINE.every((octet, i) => unread[at + i] === octet)) {
          return { used: at + LAST_LINE.length, isOver: true };
        }
        copied = ++at;
      }
      const found = unread.indexOf(LF, at);
      // The rest of a line is used up as it comes, but for a last CR.
      const end = found !== -1 ? found + 1 : unread.length - (unread[unread.length - 1] === CR ? 1 : 0);
      if (end > at) this.#atLineStart = found > 0 && unread[found - 1] === CR;
      at = end;
      if (found === -1) break;
    }
    this.#content.append(unread.subarray(copied, at));
    return { used: at, isOver: false };
  }

  finish(): Uint8Array {
    return this.#content.finish();
  }
}

/** What a line of the dialogue is about, in a few words, for the packet list; never throws. */
export function describeLine(line: string, from: "client" | "server"): string {
  if (from === "server")
    return line.startsWith("+OK") ? "yes" : line.startsWith("-ERR") ? "no" : "a line of the answer";
  try {
    return COMMAND_MEANINGS[parseCommand(line).keyword];
  } catch (error) {
    if (error instanceof FormatError) return "not a command";
    throw error;
  }
}

function requireText(rest: string, keyword: string): string {
  if (rest.length < 2) throw new FormatError("pop3.argument", keyword.length, `${keyword} needs an argument`);
  return rest.slice(1);
}

function parseNumbers(rest: string, keyword: string, min: number, max: number): number[] {
  const words = rest.split(" ").filter((word) => word !== "");
  if (words.length < min || words.length > max) {
    const count = min === max ? `${min}` : `${min} or ${max}`;
    throw new FormatError("pop3.argument", keyword.length, `${keyword} takes ${count} arguments`);
  }
  return words.map((word) => {
    if (!/^\d{1,9}$/.test(word)) throw new FormatError("pop3.argument", keyword.length, "not a number");
    return Number(word);
  });
}

const COMMAND_MEANINGS: Record<Keyword, string> = {
  USER: "who logs in",
  PASS: "the password, in clear text",
  STAT: "how many messages, how many octets",
  LIST: "the size of each message",
  UIDL: "the unique name of each message",
  RETR: "give me a message",
  TOP: "give me the header and some lines",
  DELE: "mark a message as deleted",
  RSET: "unmark all messages",
  NOOP: "nothing",
  QUIT: "the client is done; what is marked is deleted now",
  CAPA: "what can the server do?",
};

const DOT = 46;
const CR = 13;
const LF = 10;
const CRLF = Uint8Array.of(CR, LF);
const LAST_LINE = Uint8Array.of(DOT, CR, LF);
