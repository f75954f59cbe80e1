/**
 * Commands of IMAP: RFC 9051 section 6, RFC 3501 section 6 for what is no more. Read first: `Command`. Names of mailboxes
 * are text, other strings byte strings. `parseCommand` throws FormatError; its field "imap.command" means that there is
 * no such command.
 */

import { decodeMailboxName } from "./mailbox-name.ts";
import { CommandCursor, type CommandPieces } from "./parse.ts";
import { type FetchItem, parseFetchItems } from "./parse-fetch.ts";
import { type ListCommand, parseList, parseStatusItems, type StatusItem } from "./parse-list.ts";
import { parseSearch, parseSort, parseThread, type SearchCommand } from "./parse-search.ts";
import type { SequenceSet } from "./sequence-set.ts";
import { canonicalFolder, changedFlags, type FlagChange, type NewLetter } from "./store.ts";

export type Command =
  | { readonly name: "CAPABILITY" | "NOOP" | "LOGOUT" | "IDLE" | "NAMESPACE" }
  | { readonly name: "CHECK" | "CLOSE" | "UNSELECT" | "EXPUNGE" }
  | { readonly name: "ID"; readonly parameters: readonly (readonly [string, string | undefined])[] }
  | { readonly name: "ENABLE"; readonly capabilities: readonly string[] }
  | { readonly name: "LOGIN"; readonly user: string; readonly password: string }
  | { readonly name: "AUTHENTICATE"; readonly mechanism: string; readonly initial: string | undefined }
  | { readonly name: "SELECT" | "EXAMINE"; readonly mailbox: string; readonly condstore: boolean }
  | { readonly name: "CREATE"; readonly mailbox: string; readonly specialUses: readonly string[] }
  | { readonly name: "DELETE" | "SUBSCRIBE" | "UNSUBSCRIBE"; readonly mailbox: string }
  | { readonly name: "RENAME"; readonly from: string; readonly to: string }
  | { readonly name: "LSUB"; readonly reference: string; readonly pattern: string }
  | { readonly name: "STATUS"; readonly mailbox: string; readonly items: readonly StatusItem[] }
  | { readonly name: "APPEND"; readonly mailbox: string; readonly letters: readonly NewLetter[] }
  | { readonly name: "UID EXPUNGE"; readonly set: SequenceSet }
  | ListCommand
  | SearchCommand
  | FetchCommand
  | StoreCommand
  | CopyCommand;

export interface FetchCommand {
  readonly name: "FETCH";
  readonly byUid: boolean;
  readonly set: SequenceSet;
  readonly items: readonly FetchItem[];
  /** RFC 7162 section 3.1.4.1. */
  readonly changedSince: number | undefined;
}

export interface StoreCommand {
  readonly name: "STORE";
  readonly byUid: boolean;
  readonly set: SequenceSet;
  readonly change: FlagChange;
  readonly silent: boolean;
  /** RFC 7162 section 3.1.3. */
  readonly unchangedSince: number | undefined;
}

export interface CopyCommand {
  readonly name: "COPY" | "MOVE";
  readonly byUid: boolean;
  readonly set: SequenceSet;
  readonly mailbox: string;
}

export type CommandName = Command["name"];

/** The tag with which a command begins, undefined when there is none. */
export function tagOf(pieces: CommandPieces): string | undefined {
  return /^[!#$&',-[\]^-z|}~]{1,100}(?= |$)/.exec(pieces[0] as string)?.[0];
}

/** The name as it was sent, in capitals, for an answer: "FETCH", "UID FETCH". */
export function nameOf(pieces: CommandPieces): string {
  const [, name = "", second = ""] = (pieces[0] as string).split(" ", 3).map((word) => word.toUpperCase());
  return name === "UID" ? `UID ${second}` : name;
}

export function parseCommand(pieces: CommandPieces): Command {
  const cursor = new CommandCursor(pieces);
  cursor.match(/[^ ]*/y);
  cursor.space();
  const word = cursor.word("a command");
  const command = parseArguments(cursor, word);
  cursor.end();
  return command;
}

function parseArguments(cursor: CommandCursor, name: string): Command {
  switch (name) {
    case "CAPABILITY":
    case "NOOP":
    case "LOGOUT":
    case "IDLE":
    case "NAMESPACE":
    case "CHECK":
    case "CLOSE":
    case "UNSELECT":
    case "EXPUNGE":
      return { name };
    case "ID":
      return { name, parameters: spaced(cursor, parseId) };
    case "ENABLE":
      return { name, capabilities: parseCapabilities(cursor) };
    case "LOGIN": {
      const user = spaced(cursor, () => cursor.astring("a user's name"));
      return { name, user, password: spaced(cursor, () => cursor.astring("a password")) };
    }
    case "AUTHENTICATE": {
      const mechanism = spaced(cursor, () => cursor.word("a mechanism"));
      // RFC 4959 section 3: the first answer in the same line; "=" is an empty one.
      const initial = cursor.takeSpace() ? cursor.match(/[A-Za-z0-9+/]*={0,2}/y) : undefined;
      return { name, mechanism, initial: initial === "=" ? "" : initial };
    }
    case "SELECT":
    case "EXAMINE":
      return { name, mailbox: mailbox(cursor), condstore: parseSelectOptions(cursor) };
    case "CREATE":
      return { name, mailbox: mailbox(cursor), specialUses: parseCreateOptions(cursor) };
    case "DELETE":
    case "SUBSCRIBE":
    case "UNSUBSCRIBE":
      return { name, mailbox: mailbox(cursor) };
    case "RENAME":
      return { name, from: mailbox(cursor), to: mailbox(cursor) };
    case "LIST":
      return parseList(cursor);
    case "LSUB": {
      const reference = spaced(cursor, () => cursor.astring("a reference"));
      return { name, reference, pattern: spaced(cursor, () => cursor.astring("a pattern", true)) };
    }
    case "STATUS":
      return { name, mailbox: mailbox(cursor), items: spaced(cursor, parseStatusItems) };
    case "APPEND":
      return { name, mailbox: mailbox(cursor), letters: parseLetters(cursor) };
    case "UID":
      return parseByUid(
        cursor,
        spaced(cursor, () => cursor.word("a command")),
      );
    default:
      return parseOfMessages(cursor, name, false) ?? cursor.fail("command", "there is no such command");
  }
}

/** RFC 9051 section 6.4.9. */
function parseByUid(cursor: CommandCursor, name: string): Command {
  if (name === "EXPUNGE") return { name: "UID EXPUNGE", set: spaced(cursor, () => cursor.set()) };
  return parseOfMessages(cursor, name, true) ?? cursor.fail("command", "there is no such command with UID");
}

function parseOfMessages(cursor: CommandCursor, name: string, byUid: boolean): Command | undefined {
  switch (name) {
    case "SEARCH":
      return parseSearch(cursor, byUid);
    case "SORT":
      return parseSort(cursor, byUid);
    case "THREAD":
      return parseThread(cursor, byUid);
    case "FETCH": {
      const set = spaced(cursor, () => cursor.set());
      const items = spaced(cursor, parseFetchItems);
      return { name, byUid, set, items, changedSince: parseModifier(cursor, "CHANGEDSINCE") };
    }
    case "STORE": {
      const set = spaced(cursor, () => cursor.set());
      const unchangedSince = parseModifier(cursor, "UNCHANGEDSINCE");
      return { name, byUid, set, unchangedSince, ...spaced(cursor, parseFlagChange) };
    }
    case "COPY":
    case "MOVE":
      return { name, byUid, set: spaced(cursor, () => cursor.set()), mailbox: mailbox(cursor) };
    default:
      return undefined;
  }
}

function parseFlagChange(cursor: CommandCursor): { change: FlagChange; silent: boolean } {
  const sign = cursor.match(/[+-]/y);
  const item = cursor.word("FLAGS");
  if (item !== "FLAGS" && item !== "FLAGS.SILENT") cursor.fail("syntax", "here must stand FLAGS");
  cursor.space();
  const flags = cursor.isAt("(") ? cursor.list(() => cursor.flag(), true) : parseBareFlags(cursor);
  const how = sign === "+" ? "add" : sign === "-" ? "remove" : "set";
  return { change: { how, flags }, silent: item === "FLAGS.SILENT" };
}

function parseBareFlags(cursor: CommandCursor): string[] {
  const flags = [cursor.flag()];
  while (cursor.takeSpace()) flags.push(cursor.flag());
  return flags;
}

/** RFC 3502: several letters at once; RFC 9051 section 6.3.12. */
function parseLetters(cursor: CommandCursor): NewLetter[] {
  const letters: NewLetter[] = [];
  cursor.space();
  do {
    const flags = cursor.isAt("(") ? cursor.list(() => cursor.flag(), true) : [];
    if (letters.length > 0 || flags.length > 0) cursor.match(/ +/y);
    cursor.match(/ +/y);
    const arrivedAtMs = cursor.isAt('"') ? cursor.dateTime() : undefined;
    cursor.match(/ +/y);
    letters.push({
      flags: changedFlags([], { how: "set", flags }),
      arrivedAtMs,
      content: cursor.literal("a message"),
    });
  } while (cursor.takeSpace());
  return letters;
}

function parseId(cursor: CommandCursor): [string, string | undefined][] {
  if (cursor.match(/NIL(?= |$)/iy) !== undefined) return [];
  return cursor.list((): [string, string | undefined] => {
    const field = cursor.string("a name");
    cursor.space();
    return [field, cursor.nstring("a value")];
  }, true);
}

function parseCapabilities(cursor: CommandCursor): string[] {
  const capabilities = [spaced(cursor, () => cursor.word("a capability"))];
  while (cursor.takeSpace()) capabilities.push(cursor.word("a capability"));
  return capabilities;
}

/** RFC 7162 section 3.1.8: (CONDSTORE). */
function parseSelectOptions(cursor: CommandCursor): boolean {
  if (!cursor.takeSpace()) return false;
  const options = cursor.list(() => cursor.word("an option"));
  if (options.some((option) => option !== "CONDSTORE")) cursor.fail("option", "there is no such option");
  return true;
}

/** RFC 6154 section 3: (USE (\Sent)). */
function parseCreateOptions(cursor: CommandCursor): string[] {
  if (!cursor.takeSpace()) return [];
  cursor.expect("(");
  if (cursor.word("USE") !== "USE") cursor.fail("option", "there is no such option");
  cursor.space();
  const uses = cursor.list(
    () => cursor.match(/\\[A-Za-z]+/y) ?? cursor.fail("syntax", "here must stand a use"),
    true,
  );
  cursor.expect(")");
  return uses;
}

/** `(CHANGEDSINCE 12)` */
function parseModifier(cursor: CommandCursor, name: string): number | undefined {
  if (!cursor.match(/ +(?=\()/y)) return undefined;
  if (cursor.match(/\((?=[A-Za-z])/y) === undefined) cursor.fail("syntax", `here must stand ${name}`);
  if (cursor.word(name) !== name) cursor.fail("option", "there is no such modifier");
  cursor.space();
  const value = cursor.number("a modification sequence", Number.POSITIVE_INFINITY);
  cursor.expect(")");
  return value;
}

function mailbox(cursor: CommandCursor): string {
  return spaced(cursor, () => canonicalFolder(decodeMailboxName(cursor.astring("the name of a mailbox"))));
}

function spaced<T>(cursor: CommandCursor, read: (cursor: CommandCursor) => T): T {
  cursor.space();
  return read(cursor);
}
