/**
 * The client's side of POP3: RFC 1939. One `Pop3Client` is one session. Every method throws Pop3RefusedError when the
 * server says -ERR, RemoteError when it does not speak POP3, NetworkError when the connection breaks.
 */

import { encodeUtf8, FormatError } from "../../bytes/index.ts";
import {
  type Connection,
  formatEndpoint,
  LocalError,
  RemoteError,
  type Scanned,
  type Task,
} from "../../net/index.ts";
import { Pop3RefusedError } from "./errors.ts";
import { type Command, emitCommand, MessageReader, parseStatus, type Status } from "./wire.ts";

export interface Pop3ClientOptions {
  /** Octets of the largest message that is taken. Absent: MESSAGE_MAX_DEFAULT. */
  readonly messageMax?: number;
  /** Hears every line of the dialogue except the content of messages. */
  readonly onLine?: (from: "C" | "S", line: string) => void;
}

export interface ListedMessage {
  readonly number: number;
  readonly octets: number;
}

export class Pop3Client {
  readonly #connection: Connection;
  readonly #options: Pop3ClientOptions;
  readonly #server: string;

  /** Waits for the greeting; the caller closes the connection when this or anything else throws. */
  static *start(connection: Connection, options: Pop3ClientOptions = {}): Task<Pop3Client> {
    const client = new Pop3Client(connection, options);
    yield* client.#readStatus("the connection");
    return client;
  }

  private constructor(connection: Connection, options: Pop3ClientOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#server = formatEndpoint(connection.remote);
  }

  *login(user: string, password: string): Task {
    yield* this.#ask({ keyword: "USER", name: user }, `user ${user}`);
    yield* this.#ask({ keyword: "PASS", password }, `the login of ${user}`);
  }

  /** RFC 2449: capabilities in capitals with their parameters; none when the server does not know CAPA. */
  *capabilities(): Task<Map<string, string>> {
    const lines = yield* this.#askLinesOrNothing({ keyword: "CAPA" });
    return new Map((lines ?? []).map((line) => splitOnce(line.toUpperCase())));
  }

  *stat(): Task<{ count: number; octets: number }> {
    const { text } = yield* this.#ask({ keyword: "STAT" });
    const [count, octets] = this.#numbers(text, 2);
    return { count, octets };
  }

  *list(): Task<ListedMessage[]> {
    const lines = yield* this.#askLines({ keyword: "LIST", message: undefined });
    return lines.map((line) => {
      const [number, octets] = this.#numbers(line, 2);
      return { number, octets };
    });
  }

  /** Unique names by message number; undefined when the server has no UIDL. */
  *uniqueIds(): Task<Map<number, string> | undefined> {
    const lines = yield* this.#askLinesOrNothing({ keyword: "UIDL", message: undefined });
    return lines && new Map(lines.map((line) => [this.#numbers(line, 1)[0], splitOnce(line)[1]] as const));
  }

  /** The whole message, dots undoubled. */
  *retrieve(message: number): Task<Uint8Array> {
    yield* this.#ask({ keyword: "RETR", message });
    return yield* this.#readMessage();
  }

  /** Its header and the first lines of its body. */
  *top(message: number, lines: number): Task<Uint8Array> {
    yield* this.#ask({ keyword: "TOP", message, lines });
    return yield* this.#readMessage();
  }

  /** As `top`; undefined when the server refuses, for TOP is optional. */
  *topOrNothing(message: number, lines: number): Task<Uint8Array | undefined> {
    try {
      return yield* this.top(message, lines);
    } catch (error) {
      if (error instanceof Pop3RefusedError) return undefined;
      throw error;
    }
  }

  /** Marks a message; it is gone when `quit` has succeeded. */
  *delete(message: number): Task {
    yield* this.#ask({ keyword: "DELE", message });
  }

  /** Unmarks all. */
  *reset(): Task {
    yield* this.#ask({ keyword: "RSET" });
  }

  *noop(): Task {
    yield* this.#ask({ keyword: "NOOP" });
  }

  /** Ends the session: the server deletes what was marked, or throws that it could not. */
  *quit(): Task {
    yield* this.#ask({ keyword: "QUIT" });
    yield* this.#connection.finish(QUIT_TIMEOUT_MS);
  }

  *#ask(command: Command, what = emitCommand(command)): Task<Status> {
    const line = emitCommand(command);
    // Text from a person must not become a second command.
    if (/[\r\n]/.test(line))
      throw new LocalError("bad-argument", "a line end is not part of a name or password");
    this.#options.onLine?.("C", line);
    // RFC 6856 section 2: names and passwords outside ASCII are UTF-8.
    yield* this.#connection.write(encodeUtf8(`${line}\r\n`), TIMEOUT_MS);
    return yield* this.#readStatus(what);
  }

  *#readStatus(answerTo: string): Task<Status> {
    const status = this.#understand(yield* this.#readLine(LINE_MAX));
    if (!status.ok) throw new Pop3RefusedError(this.#server, answerTo, status);
    return status;
  }

  *#askLines(command: Command): Task<string[]> {
    yield* this.#ask(command);
    const lines: string[] = [];
    for (;;) {
      const line = yield* this.#readLine(LINE_MAX);
      if (line === ".") return lines;
      if (lines.length >= LINES_MAX) throw this.#bad(`sent a list of over ${LINES_MAX} lines`);
      lines.push(undouble(line));
    }
  }

  *#askLinesOrNothing(command: Command): Task<string[] | undefined> {
    try {
      return yield* this.#askLines(command);
    } catch (error) {
      if (error instanceof Pop3RefusedError) return undefined;
      throw error;
    }
  }

  *#readMessage(): Task<Uint8Array> {
    const reader = new MessageReader();
    const max = this.#options.messageMax ?? MESSAGE_MAX_DEFAULT;
    const read = (unread: Uint8Array): Scanned => {
      const scanned = reader.read(unread);
      if (reader.length > max) throw this.#bad(`sent a message of over ${max} octets`);
      return scanned;
    };
    if (yield* this.#connection.scan(read, TIMEOUT_MS)) return reader.finish();
    throw this.#bad("closed the connection in the middle of a message");
  }

  *#readLine(max: number): Task<string> {
    const line = yield* this.#connection.readLine({ max, timeoutMs: TIMEOUT_MS });
    if (line === null) throw this.#bad("closed the connection");
    this.#options.onLine?.("S", line);
    return line;
  }

  #understand(line: string): Status {
    try {
      return parseStatus(line);
    } catch (error) {
      if (error instanceof FormatError) throw this.#bad(`does not speak POP3: ${error.message}`);
      throw error;
    }
  }

  #numbers(text: string, count: number): number[] {
    const words = text.split(" ").slice(0, count);
    if (words.length < count || !words.every((word) => /^\d{1,15}$/.test(word))) {
      throw this.#bad(`sent "${text.slice(0, 40)}" where numbers belong`);
    }
    return words.map(Number);
  }

  #bad(problem: string): RemoteError {
    return new RemoteError("bad-reply", `${this.#server} ${problem}`);
  }
}

function undouble(line: string): string {
  return line.startsWith(".") ? line.slice(1) : line;
}

function splitOnce(line: string): [string, string] {
  const space = line.indexOf(" ");
  return space === -1 ? [line, ""] : [line.slice(0, space), line.slice(space + 1).trim()];
}

/** RFC 2449 section 4 says 512; some servers greet with more. */
const LINE_MAX = 2048;
/** A maildrop with more messages than this is not read by POP3. */
const LINES_MAX = 1_000_000;
const MESSAGE_MAX_DEFAULT = 64 * 1024 * 1024;
/** RFC 1939 names no limit for clients; a server that must open a large maildrop may need minutes. */
const TIMEOUT_MS = 5 * 60_000;
const QUIT_TIMEOUT_MS = 10_000;
