/** Collects responses and sends them in large pieces: a segment for each line would make its reader wait. */

import { Writer } from "../../bytes/index.ts";
import { type Connection, fromByteString, type Task } from "../../net/index.ts";

/** Text as a byte string, or octets. */
export type ResponsePiece = string | Uint8Array;

export class ResponseWriter {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  #pieces: ResponsePiece[] = [];
  #octets = 0;

  constructor(connection: Connection, timeoutMs: number) {
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
  }

  /** One response; its CRLF is added. */
  add(...pieces: readonly ResponsePiece[]): void {
    this.#pieces.push(...pieces, "\r\n");
    for (const piece of pieces) this.#octets += piece.length;
  }

  /** Sends what has grown large: to be called between responses. */
  *drain(): Task {
    if (this.#octets >= PIECE_MAX) yield* this.flush();
  }

  *flush(): Task {
    if (this.#pieces.length === 0) return;
    const out = new Writer(this.#octets + 2 * this.#pieces.length);
    for (const piece of this.#pieces) out.append(typeof piece === "string" ? fromByteString(piece) : piece);
    this.#pieces = [];
    this.#octets = 0;
    yield* this.#connection.write(out.finish(), this.#timeoutMs);
  }
}

/** As much as is copied at little cost and fills a send buffer. */
const PIECE_MAX = 64 * 1024;
