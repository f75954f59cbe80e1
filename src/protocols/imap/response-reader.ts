/** Reads whole responses from a connection: lines, and the literals that they announce (RFC 3501 section 4.3). */

import { FormatError } from "../../bytes/index.ts";
import { type Connection, formatEndpoint, NetworkError, RemoteError, type Task } from "../../net/index.ts";
import { mayHaveLiterals, parseResponse, type Response } from "./response.ts";
import { LITERAL_MARK } from "./response-values.ts";

export interface ResponseReaderOptions {
  /** Octets of the largest response that is taken, its literals counted. */
  readonly responseMax: number;
  readonly onLine?: ((from: "C" | "S", line: string) => void) | undefined;
}

export class ResponseReader {
  readonly #connection: Connection;
  readonly #options: ResponseReaderOptions;
  /** Octets that have come so far, line ends and literals counted. */
  octets = 0;

  constructor(connection: Connection, options: ResponseReaderOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** The next response; null at the end of the stream. `timeoutMs` is for its first line, what it begins it ends soon. */
  *read(timeoutMs: number): Task<Response | null> {
    const start = this.octets;
    let text = "";
    const literals: Uint8Array[] = [];
    for (;;) {
      const line =
        text === "" ? yield* this.#line(timeoutMs) : yield* this.#within(this.#line(WITHIN_TIMEOUT_MS));
      if (line === null && text === "") return null;
      if (line === null) throw this.bad("closed the connection in the middle of a response");
      const announced = mayHaveLiterals(text + line) ? LITERAL.exec(line) : null;
      if (announced === null) return this.#parse(text + line, literals);
      const length = Number(announced[1]);
      if (this.octets - start + length > this.#options.responseMax) {
        throw this.bad(`sent a response of over ${this.#options.responseMax} octets`);
      }
      literals.push(yield* this.#within(this.#connection.readExactly(length, WITHIN_TIMEOUT_MS)));
      this.octets += length;
      text += line.slice(0, announced.index) + LITERAL_MARK;
      if (text.length > LINE_MAX) throw this.bad(`sent a response with over ${LINE_MAX} octets of text`);
    }
  }

  bad(problem: string): RemoteError {
    return new RemoteError("bad-reply", `${formatEndpoint(this.#connection.remote)} ${problem}`);
  }

  /** Who has waited in vain for the rest of a response cannot go on with the next one. */
  *#within<T>(reading: Task<T>): Task<T> {
    try {
      return yield* reading;
    } catch (error) {
      if (!(error instanceof NetworkError && error.code === "timed-out")) throw error;
      throw this.bad("stood still in the middle of a response");
    }
  }

  *#line(timeoutMs: number): Task<string | null> {
    const line = yield* this.#connection.readLine({ max: LINE_MAX, timeoutMs });
    if (line === null) return null;
    this.octets += line.length + 2;
    this.#options.onLine?.("S", line);
    return line;
  }

  #parse(text: string, literals: readonly Uint8Array[]): Response {
    try {
      return parseResponse({ text, literals });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw this.bad(`does not speak IMAP: ${error.message}`);
    }
  }
}

/** RFC 3516 section 4.2: "~" before it says that it may hold NUL. */
const LITERAL = /~?\{(\d{1,10})\+?\}$/;
/** The answer to SEARCH in a mailbox of half a million messages is one line. */
const LINE_MAX = 4 * 1024 * 1024;
/** What has begun goes on: RFC 3501 names no limit, a line or a block that stands still for so long will not move. */
const WITHIN_TIMEOUT_MS = 60_000;
