/**
 * The server's side of POP3: RFC 1939. Read first: `servePop3`, then `ALLOWED` (which command in which state).
 * What must stay true: nothing is deleted but by QUIT in the TRANSACTION state; the lock is given back however
 * the session ends.
 */

import { FormatError, Writer } from "../../bytes/index.ts";
import {
  type Clock,
  type Connection,
  fromByteString,
  LocalError,
  NetworkError,
  RemoteError,
  sleep,
  type Task,
} from "../../net/index.ts";
import type { Maildrop, MaildropMessage, Maildrops } from "./store.ts";
import { type Command, emitMessage, emitStatus, type Keyword, parseCommand, type Status } from "./wire.ts";

export interface Pop3ServerOptions {
  readonly clock: Clock;
  /** Capabilities that are neither announced nor served, to see how clients get along without. */
  readonly withoutCapabilities?: readonly Capability[];
}

export type Capability = "TOP" | "UIDL";

/** Talks to one client from the greeting to the end; the caller closes the connection. */
export function* servePop3(connection: Connection, options: Pop3ServerOptions, maildrops: Maildrops): Task {
  yield* new Session(connection, options, maildrops).run();
}

/** Tells a client over the limit why it is not served. */
export function* refusePop3(connection: Connection): Task {
  const busy = { ok: false, responseCode: "SYS/TEMP", text: "too many connections, try again later" };
  yield* connection.write(emitStatus(busy), AUTOLOGOUT_MS);
  yield* connection.finish(REFUSAL_LINGER_MS);
}

/** RFC 1939 section 3. UPDATE is no state in which commands come: QUIT does it and ends the session. */
type State = "AUTHORIZATION" | "TRANSACTION";

const ALLOWED: Record<Keyword, readonly State[]> = {
  USER: ["AUTHORIZATION"],
  PASS: ["AUTHORIZATION"],
  CAPA: ["AUTHORIZATION", "TRANSACTION"],
  QUIT: ["AUTHORIZATION", "TRANSACTION"],
  STAT: ["TRANSACTION"],
  LIST: ["TRANSACTION"],
  UIDL: ["TRANSACTION"],
  RETR: ["TRANSACTION"],
  TOP: ["TRANSACTION"],
  DELE: ["TRANSACTION"],
  RSET: ["TRANSACTION"],
  NOOP: ["TRANSACTION"],
};

class Session {
  readonly #connection: Connection;
  readonly #options: Pop3ServerOptions;
  readonly #maildrops: Maildrops;
  #user: string | undefined;
  #maildrop: Maildrop | undefined;
  readonly #deleted = new Set<MaildropMessage>();
  #failedLogins = 0;
  #errors = 0;

  constructor(connection: Connection, options: Pop3ServerOptions, maildrops: Maildrops) {
    this.#connection = connection;
    this.#options = options;
    this.#maildrops = maildrops;
  }

  *run(): Task {
    try {
      yield* this.#say(yes("POP3 server ready"));
      while (this.#errors < ERRORS_MAX && this.#failedLogins < FAILED_LOGINS_MAX) {
        // RFC 1939 section 3: auto-logout, at least 10 minutes.
        const options = { max: LINE_MAX, timeoutMs: AUTOLOGOUT_MS, bareLf: true };
        const line = yield* this.#connection.readLine(options);
        if (line === null) return;
        const command = this.#understand(line);
        if ("ok" in command) yield* this.#say(command);
        else if (command.keyword === "QUIT") return yield* this.#say(yield* this.#quit());
        else yield* this.#obey(command);
      }
    } catch (error) {
      const last = lastWord(error);
      if (last === undefined) throw error;
      yield* this.#say(last);
    } finally {
      // RFC 1939 section 3: a session that ends without QUIT deletes nothing.
      this.#maildrop?.close();
    }
  }

  #understand(line: string): Command | Status {
    try {
      const command = parseCommand(line);
      const state: State = this.#maildrop === undefined ? "AUTHORIZATION" : "TRANSACTION";
      const missing = (this.#options.withoutCapabilities ?? []).includes(command.keyword as Capability);
      if (ALLOWED[command.keyword].includes(state) && !missing) return command;
      this.#errors++;
      return no(missing ? "unknown command" : `${command.keyword} is not valid in the ${state} state`);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#errors++;
      return no(error.field === "pop3.keyword" ? "unknown command" : "wrong arguments");
    }
  }

  *#obey(command: Exclude<Command, { keyword: "QUIT" }>): Task {
    switch (command.keyword) {
      case "USER":
        this.#user = command.name;
        // RFC 1939 section 7: yes also to a name that does not exist; only PASS tells, so names cannot be guessed.
        return yield* this.#say(yes(""));
      case "PASS":
        return yield* this.#login(command.password);
      case "CAPA":
        return yield* this.#sayLines(yes("Capability list follows"), this.#capabilities());
      case "STAT":
        return yield* this.#say(yes(`${this.#remaining().length} ${octetsOf(this.#remaining())}`));
      case "LIST":
        return yield* this.#list(command.message, (message) => String(message.octets));
      case "UIDL":
        return yield* this.#list(command.message, (message) => message.uniqueId);
      case "RETR":
        return yield* this.#retrieve(command.message, Number.POSITIVE_INFINITY);
      case "TOP":
        return yield* this.#retrieve(command.message, command.lines);
      case "DELE": {
        const message = this.#message(command.message);
        if (message === undefined) return yield* this.#say(noSuchMessage);
        this.#deleted.add(message);
        return yield* this.#say(yes(`message ${command.message} deleted`));
      }
      case "RSET":
        this.#deleted.clear();
        return yield* this.#say(yes(describeDrop(this.#remaining())));
      case "NOOP":
        return yield* this.#say(yes(""));
    }
  }

  *#login(password: string): Task {
    const user = this.#user;
    this.#user = undefined;
    if (user === undefined) {
      this.#errors++;
      return yield* this.#say(no("say USER first"));
    }
    const opened = yield* this.#maildrops.open(user, password);
    if (opened === "in-use") {
      return yield* this.#say(no("the maildrop is in use by another session", "IN-USE"));
    }
    if (opened === "wrong") {
      this.#failedLogins++;
      // Guessing must be slow; RFC 3206 section 4: [AUTH] says that the credentials are the problem.
      yield* sleep(this.#options.clock, FAILED_LOGIN_DELAY_MS);
      return yield* this.#say(no("wrong user name or password", "AUTH"));
    }
    this.#maildrop = opened;
    yield* this.#say(yes("user successfully logged on"));
  }

  *#list(number: number | undefined, show: (message: MaildropMessage) => string): Task {
    if (number !== undefined) {
      const message = this.#message(number);
      return yield* this.#say(message === undefined ? noSuchMessage : yes(`${number} ${show(message)}`));
    }
    const messages = this.#maildrop?.messages ?? [];
    const lines = messages.flatMap((message, i) =>
      this.#deleted.has(message) ? [] : [`${i + 1} ${show(message)}`],
    );
    yield* this.#sayLines(yes(describeDrop(this.#remaining())), lines);
  }

  *#retrieve(number: number, bodyLines: number): Task {
    const message = this.#message(number);
    if (message === undefined || this.#maildrop === undefined) return yield* this.#say(noSuchMessage);
    const content = yield* this.#maildrop.read(message);
    // Who got an empty message instead would take it for what was sent.
    if (content === undefined) return yield* this.#say(noSuchMessage);
    const status = emitStatus(yes(bodyLines === Number.POSITIVE_INFINITY ? `${message.octets} octets` : ""));
    // In one piece: a small first write would make the content wait for its delayed ACK (Nagle).
    const lines = emitMessage(content, bodyLines);
    const answer = new Writer(status.length + lines.length).append(fromByteString(status)).append(lines);
    yield* this.#connection.write(answer.finish(), AUTOLOGOUT_MS);
  }

  /** The UPDATE state: RFC 1939 section 6. */
  *#quit(): Task<Status> {
    if (this.#maildrop !== undefined && this.#deleted.size > 0)
      yield* this.#maildrop.delete([...this.#deleted]);
    this.#maildrop?.close();
    this.#maildrop = undefined;
    return yes("POP3 server signing off");
  }

  /** RFC 2449 section 6. */
  #capabilities(): string[] {
    const without: readonly string[] = this.#options.withoutCapabilities ?? [];
    const offered = ["USER", "TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "EXPIRE NEVER"];
    return [...offered.filter((capability) => !without.includes(capability)), "IMPLEMENTATION Hamlet"];
  }

  /** The message of that number, unless it is marked as deleted (RFC 1939 section 5). */
  #message(number: number): MaildropMessage | undefined {
    const message = this.#maildrop?.messages[number - 1];
    return message === undefined || this.#deleted.has(message) ? undefined : message;
  }

  #remaining(): MaildropMessage[] {
    return (this.#maildrop?.messages ?? []).filter((message) => !this.#deleted.has(message));
  }

  *#say(status: Status): Task {
    yield* this.#connection.write(emitStatus(status), AUTOLOGOUT_MS);
  }

  *#sayLines(status: Status, lines: readonly string[]): Task {
    const text = [...lines, "."].map((line) => `${line}\r\n`).join("");
    yield* this.#connection.write(emitStatus(status) + text, AUTOLOGOUT_MS);
  }
}

/** What a client is told whose session cannot go on; undefined when nobody listens any more. */
function lastWord(error: unknown): Status | undefined {
  if (error instanceof NetworkError && error.code === "timed-out") return no("autologout");
  if (error instanceof RemoteError && error.code === "line-too-long") return no("line too long");
  // Trouble of our own (the store's); its reason is for our log. RFC 3206 section 4: it may pass.
  if (error instanceof LocalError) return no("the maildrop cannot be used now", "SYS/TEMP");
  return undefined;
}

function yes(text: string): Status {
  return { ok: true, text };
}

function no(text: string, responseCode?: string): Status {
  return { ok: false, responseCode, text };
}

function describeDrop(messages: readonly MaildropMessage[]): string {
  return `${messages.length} messages (${octetsOf(messages)} octets)`;
}

function octetsOf(messages: readonly MaildropMessage[]): number {
  return messages.reduce((sum, message) => sum + message.octets, 0);
}

const noSuchMessage = no("no such message");

/** RFC 2449 section 4: a command has at most 255 octets with its CRLF. */
const LINE_MAX = 253;
/** RFC 1939 section 3. */
const AUTOLOGOUT_MS = 10 * 60_000;
/** How long a refused client may take to read why. */
const REFUSAL_LINGER_MS = 5_000;
/** As Dovecot and others: long against guessing, short for a typing mistake. */
const FAILED_LOGIN_DELAY_MS = 2_000;
const FAILED_LOGINS_MAX = 3;
/** A client that errs so often is broken. */
const ERRORS_MAX = 20;
