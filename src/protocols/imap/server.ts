/**
 * The server's side of IMAP: RFC 9051, and RFC 3501 for clients that do not ask for more. Read first: `serveImap`, then
 * `obey` (which command in which state). What must stay true: what is answered with OK is durable; message numbers mean
 * what the client was told (selected.ts); the folder is given back however the session ends.
 */

import { FormatError } from "../../bytes/index.ts";
import {
  type Connection,
  LocalError,
  messageOf,
  NetworkError,
  RemoteError,
  type Task,
} from "../../net/index.ts";
import { type Command, nameOf, parseCommand, tagOf } from "./command.ts";
import { append, create, namespace, remove, rename, select, status, subscribe } from "./folder-commands.ts";
import { idle } from "./idle.ts";
import { type RefusedLiteral, readCommand } from "./input.ts";
import { list, listSubscribed } from "./list.ts";
import { authenticate, capabilities, enable, identify, login } from "./login-commands.ts";
import { close, copy, expunge, fetch, store } from "./message-commands.ts";
import type { CommandPieces } from "./parse.ts";
import { searchCommand } from "./search-commands.ts";
import type { SelectedFolder } from "./selected.ts";
import {
  type Answer,
  AUTOLOGOUT_MS,
  bad,
  type ImapCapability,
  type ImapServerOptions,
  ImapSession,
  no,
  ok,
} from "./session.ts";
import type { MailAccount, MailAccounts } from "./store.ts";

/** Talks to one client from the greeting to the end; the caller closes the connection. */
export function* serveImap(connection: Connection, options: ImapServerOptions, accounts: MailAccounts): Task {
  const session = new ImapSession(connection, options, accounts);
  try {
    yield* converse(session);
  } catch (error) {
    const last = lastWord(error);
    if (last === undefined) throw error;
    session.out.add(`* BYE ${last}`);
    yield* session.out.flush();
  } finally {
    session.unselect();
  }
}

/** Tells a client over the limit why it is not served. */
export function* refuseImap(connection: Connection): Task {
  yield* connection.write("* BYE [UNAVAILABLE] too many connections, try again later\r\n", REFUSAL_LINGER_MS);
  yield* connection.finish(REFUSAL_LINGER_MS);
}

function* converse(session: ImapSession): Task {
  session.out.add(`* OK [${capabilities(session)}] IMAP server ready`);
  yield* session.out.flush();
  for (let errors = 0; errors < ERRORS_MAX && session.failedLogins < FAILED_LOGINS_MAX; ) {
    const isKnown = session.account !== undefined;
    const pieces = yield* readCommand(session.connection, {
      literalsMax: isKnown ? LITERALS_MAX : LITERALS_MAX_BEFORE_LOGIN,
      messagesMax: isKnown ? session.messageMax : LITERALS_MAX_BEFORE_LOGIN,
      timeoutMs: isKnown ? AUTOLOGOUT_MS : LOGIN_TIMEOUT_MS,
      takesUnasked: session.has("LITERAL+"),
    });
    if (pieces === null) return;
    const { status, isLast } = yield* answer(session, pieces);
    yield* session.out.flush();
    if (isLast) return;
    errors = status === "BAD" ? errors + 1 : 0;
  }
  session.out.add("* BYE too many errors");
  yield* session.out.flush();
}

function* answer(
  session: ImapSession,
  input: CommandPieces | RefusedLiteral,
): Task<{ status: Answer["status"]; isLast: boolean }> {
  if ("octets" in input) {
    // RFC 7889 section 4.
    session.out.add(`${input.tag ?? "*"} NO [TOOBIG] a literal of ${input.octets} octets is too large`);
    return { status: "NO", isLast: false };
  }
  const tag = tagOf(input);
  const command = tag === undefined ? bad("a command begins with a tag") : understand(input);
  const isCommand = "name" in command;
  const { status, code, text } = isCommand ? yield* obeyed(session, command, tag ?? "*") : command;
  const isLast = isCommand && command.name === "LOGOUT";
  // Numbers in commands that are answered must mean what they meant: RFC 9051 section 7.5.1.
  const keepsNumbers = isCommand && NUMBERED.includes(command.name) && !("byUid" in command && command.byUid);
  if (!isLast) yield* session.tellNews(!keepsNumbers);
  session.out.add(`${tag ?? "*"} ${status} ${code === undefined ? "" : `[${code}] `}${text}`);
  return { status, isLast };
}

function understand(pieces: CommandPieces): Command | Answer {
  try {
    return parseCommand(pieces);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    if (error.field === "imap.command") return bad("there is no such command");
    return bad(
      `${nameOf(pieces)
        .replace(/[^ -~]/g, "?")
        .slice(0, 40)}: ${error.message}`,
    );
  }
}

/** Trouble with the store is an answer to this command; the session goes on. */
function* obeyed(session: ImapSession, command: Command, tag: string): Task<Answer> {
  try {
    const needed = CAPABILITY_OF[command.name];
    if (needed !== undefined && !session.has(needed)) return bad("there is no such command");
    return yield* obey(session, command, tag);
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    session.options.log?.error(`imap: ${command.name}: ${messageOf(error)}`);
    return no("it cannot be done now", "SERVERBUG");
  }
}

function* obey(session: ImapSession, command: Command, tag: string): Task<Answer> {
  switch (command.name) {
    case "CAPABILITY":
      session.out.add(`* ${capabilities(session)}`);
      return ok("done");
    case "NOOP":
      return ok("done");
    case "LOGOUT":
      session.out.add("* BYE until next time");
      return ok("done");
    case "ID":
      return identify(session);
    case "LOGIN":
    case "AUTHENTICATE":
      if (session.account !== undefined) return bad("somebody is logged in already");
      if (command.name === "LOGIN") return yield* login(session, command.user, command.password);
      return yield* authenticate(session, command.mechanism, command.initial);
  }
  if (session.account === undefined) return bad("log in first");
  return yield* obeyUser(session, session.account, command, tag);
}

/** RFC 9051 section 6.3: in the authenticated state, and in the selected one. */
function* obeyUser(session: ImapSession, account: MailAccount, command: Command, tag: string): Task<Answer> {
  switch (command.name) {
    case "ENABLE":
      return enable(session, command.capabilities);
    case "SELECT":
    case "EXAMINE":
      return yield* select(session, account, command);
    case "CREATE":
      return yield* create(session, account, command.mailbox, command.specialUses);
    case "DELETE":
      return yield* remove(account, command.mailbox);
    case "RENAME":
      return yield* rename(account, command.from, command.to);
    case "SUBSCRIBE":
    case "UNSUBSCRIBE":
      return yield* subscribe(account, command.mailbox, command.name === "SUBSCRIBE");
    case "LIST":
      return yield* list(session, account, command);
    case "LSUB":
      return yield* listSubscribed(session, account, command.reference, command.pattern);
    case "NAMESPACE":
      return namespace(session);
    case "STATUS":
      return yield* status(session, account, command.mailbox, command.items);
    case "APPEND":
      return yield* append(session, account, command.mailbox, command.letters);
    case "IDLE":
      return yield* idle(session);
  }
  if (session.selected === undefined) return bad("open a folder first");
  return yield* obeySelected(session, account, session.selected, command, tag);
}

/** RFC 9051 section 6.4. */
function* obeySelected(
  session: ImapSession,
  account: MailAccount,
  selected: SelectedFolder,
  command: Command,
  tag: string,
): Task<Answer> {
  switch (command.name) {
    case "CHECK":
      return ok("done");
    case "CLOSE":
      return yield* close(session, selected);
    case "UNSELECT":
      session.unselect();
      return ok("left");
    case "EXPUNGE":
      return yield* expunge(session, selected);
    case "UID EXPUNGE":
      return yield* expunge(session, selected, command.set);
    case "SEARCH":
    case "SORT":
    case "THREAD":
      return yield* searchCommand(session, selected, command, tag);
    case "FETCH":
      return yield* fetch(session, selected, command);
    case "STORE":
      return yield* store(session, selected, command);
    case "COPY":
    case "MOVE":
      return yield* copy(session, account, selected, command);
    default:
      return bad("there is no such command");
  }
}

/** What a client is told whose session cannot go on; undefined when nobody listens any more. */
function lastWord(error: unknown): string | undefined {
  if (error instanceof NetworkError && error.code === "timed-out") return "autologout";
  if (error instanceof RemoteError && error.code === "line-too-long") return "the line is too long";
  if (error instanceof RemoteError && error.code === "literal-too-large") return "the literal is too large";
  return undefined;
}

const CAPABILITY_OF: Partial<Record<Command["name"], ImapCapability>> = {
  IDLE: "IDLE",
  MOVE: "MOVE",
  NAMESPACE: "NAMESPACE",
  ENABLE: "ENABLE",
  UNSELECT: "UNSELECT",
  "UID EXPUNGE": "UIDPLUS",
};
/** RFC 9051 section 7.5.1: no EXPUNGE while these are answered. */
const NUMBERED: readonly string[] = ["FETCH", "STORE", "SEARCH", "SORT", "THREAD"];

/** How long a refused client may take to read why. */
const REFUSAL_LINGER_MS = 5_000;
/** As Dovecot: a person types a password in less. */
const LOGIN_TIMEOUT_MS = 3 * 60_000;
/** A name and a password. */
const LITERALS_MAX_BEFORE_LOGIN = 4096;
/** Names, and texts to search for. */
const LITERALS_MAX = 256 * 1024;
const FAILED_LOGINS_MAX = 3;
/** A client that errs so often in a row is broken. */
const ERRORS_MAX = 20;
