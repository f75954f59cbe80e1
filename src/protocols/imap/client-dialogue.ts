/**
 * One command after the other: tags, literals, the answer that belongs to each (RFC 3501 sections 2.2 and 7). Whatever
 * the server says in between goes to `observe` and to who asked.
 */

import { Writer } from "../../bytes/index.ts";
import {
  type Connection,
  formatEndpoint,
  fromByteString,
  type RemoteError,
  type Task,
} from "../../net/index.ts";
import type { CommandPart } from "./client-command.ts";
import { ImapRefusedError } from "./errors.ts";
import type { Response, StatusResponse } from "./response.ts";
import { ResponseReader, type ResponseReaderOptions } from "./response-reader.ts";

export interface DialogueOptions extends ResponseReaderOptions {
  /** Octets of all that answers one command. */
  readonly answerMax: number;
  /** Hears every response. */
  readonly observe: (response: Response) => void;
}

export interface Command {
  readonly parts: readonly CommandPart[];
  /** What is refused, for the person; absent: the words of the command. */
  readonly what?: string;
  /** Hears the responses up to the answer. */
  readonly onResponse?: (response: Response) => void;
  /** What is said when the server asks for more (RFC 3501 section 6.2.2). */
  readonly onContinuation?: () => string;
}

export class Dialogue {
  readonly #connection: Connection;
  readonly #options: DialogueOptions;
  readonly #reader: ResponseReader;
  readonly server: string;
  /** The largest literal that goes out without leave: RFC 7888. */
  freeLiteralMax = -1;
  /** Whether every command has had its answer: only then can another one begin. */
  isReady = true;
  #lastTag = 0;
  #farewell: StatusResponse | undefined;

  constructor(connection: Connection, options: DialogueOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#reader = new ResponseReader(connection, options);
    this.server = formatEndpoint(connection.remote);
  }

  /** Octets that the server has sent. */
  get octetsReceived(): number {
    return this.#reader.octets;
  }

  /** Throws ImapRefusedError for NO and BAD. */
  *ask(command: Command): Task<StatusResponse> {
    const tag = yield* this.begin(command.parts);
    return yield* this.end(typeof tag === "string" ? yield* this.#answer(tag, command) : tag, command);
  }

  /** Says a command; its tag, or the answer of a server that does not want to hear all of it. */
  *begin(parts: readonly CommandPart[]): Task<string | StatusResponse> {
    const tag = `a${++this.#lastTag}`;
    let line = `${tag} `;
    this.isReady = false;
    let out = new Writer(256);
    for (const part of parts) {
      if (typeof part === "string") {
        line += part;
        continue;
      }
      const isFree = part.length <= this.freeLiteralMax;
      this.#say(out, `${line}{${part.length}${isFree ? "+" : ""}}`);
      if (!isFree) {
        yield* this.#connection.write(out.finish(), TIMEOUT_MS);
        out = new Writer(part.length + 64);
        // RFC 3501 section 7.5: the server may say no instead of "+".
        const refusal = yield* this.continuation(tag);
        if (refusal !== undefined) return refusal;
      }
      out.append(part);
      line = "";
    }
    this.#say(out, line);
    yield* this.#connection.write(out.finish(), TIMEOUT_MS);
    return tag;
  }

  /** Waits until the server wants to hear more; its answer where it says that instead. */
  *continuation(tag: string): Task<StatusResponse | undefined> {
    const start = this.octetsReceived;
    for (;;) {
      const response = yield* this.read(TIMEOUT_MS);
      if (response.kind === "continuation") return undefined;
      if (response.kind === "status" && response.tag !== undefined) return this.#own(response, tag);
      this.#checkLength(start);
    }
  }

  /** Says the rest of a command, and waits for the answer. */
  *rest(tag: string, line: string, command: Command): Task<StatusResponse> {
    yield* this.#writeLine(line);
    return yield* this.end(yield* this.#answer(tag, command), command);
  }

  /** The next response. Throws ImapRefusedError when the server has hung up with BYE. */
  *read(timeoutMs: number): Task<Response> {
    const response = yield* this.#reader.read(timeoutMs);
    if (response === null) {
      if (this.#farewell !== undefined) throw this.refused("to go on", this.#farewell);
      throw this.bad("closed the connection");
    }
    if (response.kind === "status" && response.status === "BYE") this.#farewell = response;
    this.#options.observe(response);
    return response;
  }

  refused(what: string, { status, code, text }: StatusResponse): ImapRefusedError {
    const word = status === "OK" || status === "PREAUTH" ? "NO" : status;
    return new ImapRefusedError(this.server, what, { status: word, responseCode: code?.name, text });
  }

  bad(problem: string): RemoteError {
    return this.#reader.bad(problem);
  }

  *finish(): Task {
    yield* this.#connection.finish(FINISH_TIMEOUT_MS);
  }

  *end(answer: StatusResponse, { parts, what }: Command): Task<StatusResponse> {
    if (answer.status === "OK") return answer;
    throw this.refused(what ?? shown(parts), answer);
  }

  *#answer(tag: string, { onResponse, onContinuation }: Command): Task<StatusResponse> {
    const start = this.octetsReceived;
    for (;;) {
      const response = yield* this.read(TIMEOUT_MS);
      if (response.kind === "continuation") {
        if (onContinuation === undefined) throw this.bad("asks for more of a command that is whole");
        yield* this.#writeLine(onContinuation());
      } else if (response.kind === "status" && response.tag !== undefined) return this.#own(response, tag);
      else onResponse?.(response);
      this.#checkLength(start);
    }
  }

  /** RFC 3501 section 2.2.2: commands are answered one after the other here, each by its own tag. */
  #own(response: StatusResponse, tag: string): StatusResponse {
    this.isReady = response.tag === tag;
    if (this.isReady) return response;
    throw this.bad(`answered ${response.tag?.slice(0, 40)} instead of ${tag}`);
  }

  #checkLength(start: number): void {
    if (this.octetsReceived - start <= this.#options.answerMax) return;
    throw this.bad(`answered with over ${this.#options.answerMax} octets`);
  }

  *#writeLine(line: string): Task {
    const out = new Writer(line.length + 2);
    this.#say(out, line);
    yield* this.#connection.write(out.finish(), TIMEOUT_MS);
  }

  #say(out: Writer, line: string): void {
    this.#options.onLine?.("C", line);
    out.append(fromByteString(`${line}\r\n`));
  }
}

/** A command for a person: its words, not its literals. */
function shown(parts: readonly CommandPart[]): string {
  return parts.map((part) => (typeof part === "string" ? part : "...")).join("");
}

/** A server that searches a large mailbox, or moves one, may need minutes; POP3's client waits as long. */
const TIMEOUT_MS = 5 * 60_000;
const FINISH_TIMEOUT_MS = 10_000;
