/**
 * How strings, names, dates and lines of responses stand on the wire, and what a line is about (RFC 9051 section 4).
 * Commands are read in command.ts, responses by the client in response.ts.
 */

import { calendarOf, encodeUtf8, MONTHS } from "../../bytes/index.ts";
import { toByteString } from "../../net/index.ts";
import { encodeMailboxName } from "./mailbox-name.ts";

/** A byte string in quotes where they can hold it, else as a literal. */
export function emitString(text: string): string {
  if (text.length <= QUOTED_MAX && /^[\t -~]*$/.test(text)) return emitQuoted(text);
  return `{${text.length}}\r\n${text}`;
}

export function emitNstring(text: string | undefined): string {
  return text === undefined ? "NIL" : emitString(text);
}

export function emitQuoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** An atom where it is one. */
export function emitAstring(text: string): string {
  return /^[A-Za-z0-9$!#&'+,./:;<=>?@[^_`|}~-]+$/.test(text) && !/^nil$/i.test(text)
    ? text
    : emitString(text);
}

/** RFC 3501 section 5.1.3; with `utf8` RFC 9051 section 5.1: as UTF-8 in quotes. */
export function emitMailbox(name: string, utf8: boolean): string {
  if (!utf8) return emitAstring(encodeMailboxName(name));
  const octets = toByteString(encodeUtf8(name));
  return /[\r\n\0]/.test(octets)
    ? emitString(octets)
    : /^[\w./-]+$/.test(octets)
      ? octets
      : emitQuoted(octets);
}

/** `"17-Jul-1996 02:44:25 +0000"` */
export function emitDateTime(unixMs: number): string {
  const { year, month, day, hour, minute, second } = calendarOf(unixMs);
  const time = [hour, minute, second].map((part) => String(part).padStart(2, "0")).join(":");
  return `"${String(day).padStart(2, " ")}-${MONTHS[month]}-${String(year).padStart(4, "0")} ${time} +0000"`;
}

/** What a line of the dialogue is about, in a few words, for the packet list; never throws. */
export function describeLine(line: string, from: "client" | "server"): string {
  const [tag = "", first = "", second = ""] = line.split(" ", 3).map((word) => word.toUpperCase());
  if (from === "client") {
    if (tag === "DONE" && first === "") return "enough of waiting";
    const name = first === "UID" ? second : first;
    return COMMAND_MEANINGS[name] ?? "part of a command";
  }
  if (tag === "+") return "go on";
  if (tag !== "*") return STATUS_MEANINGS[first] ?? "part of an answer";
  return RESPONSE_MEANINGS[/^\d+$/.test(first) ? second : first] ?? "part of an answer";
}

const COMMAND_MEANINGS: Record<string, string> = {
  CAPABILITY: "what can the server do?",
  NOOP: "anything new?",
  LOGOUT: "the client is done",
  LOGIN: "who logs in, with the password in clear text",
  AUTHENTICATE: "who logs in",
  ENABLE: "speak a newer language",
  ID: "which program is this?",
  SELECT: "open a folder",
  EXAMINE: "open a folder for reading only",
  CREATE: "make a folder",
  DELETE: "delete a folder",
  RENAME: "give a folder another name",
  SUBSCRIBE: "a folder that shall be shown",
  UNSUBSCRIBE: "a folder that shall not be shown",
  LIST: "which folders are there?",
  LSUB: "which folders shall be shown?",
  NAMESPACE: "where do folders stand?",
  STATUS: "how much is in a folder?",
  APPEND: "put a message into a folder",
  IDLE: "tell me at once when something happens",
  CHECK: "write everything down",
  CLOSE: "leave the folder, and what is marked as deleted goes",
  UNSELECT: "leave the folder",
  EXPUNGE: "what is marked as deleted goes",
  SEARCH: "which messages are like this?",
  SORT: "which messages are like this, in order?",
  THREAD: "which messages belong together?",
  FETCH: "give me these parts of these messages",
  STORE: "change marks of messages",
  COPY: "copy messages to a folder",
  MOVE: "move messages to a folder",
};

const STATUS_MEANINGS: Record<string, string> = { OK: "yes", NO: "no", BAD: "not understood" };

const RESPONSE_MEANINGS: Record<string, string> = {
  ...STATUS_MEANINGS,
  OK: "news",
  PREAUTH: "the client is known already",
  BYE: "the server hangs up",
  CAPABILITY: "what the server can do",
  ENABLED: "the newer language is spoken",
  ID: "which program it is",
  LIST: "a folder",
  LSUB: "a folder that shall be shown",
  NAMESPACE: "where folders stand",
  STATUS: "how much is in a folder",
  FLAGS: "the marks that messages have here",
  SEARCH: "which messages they are",
  ESEARCH: "which messages they are",
  SORT: "which messages they are, in order",
  THREAD: "which messages belong together",
  EXISTS: "how many messages are in the folder",
  RECENT: "how many messages are new",
  EXPUNGE: "a message is gone",
  FETCH: "data of a message",
};

/** Longer strings go as literals: some clients bound their lines. */
const QUOTED_MAX = 1000;
