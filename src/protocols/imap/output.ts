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

  /** What is large goes out as it is, without a copy: a client that reads slowly would keep that copy alive. */
  *flush(): Task {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#octets = 0;
    let out = new Writer();
    for (const piece of pieces) {
      if (out.length > 0 && out.length + piece.length > PIECE_MAX) {
        yield* this.#connection.write(out.finish(), this.#timeoutMs);
        out = new Writer();
      }
      if (piece.length > PIECE_MAX) yield* this.#connection.write(piece, this.#timeoutMs);
      else out.append(typeof piece === "string" ? fromByteString(piece) : piece);
    }
    if (out.length > 0) yield* this.#connection.write(out.finish(), this.#timeoutMs);
  }
}

/** As much as is copied at little cost and fills a send buffer. */
const PIECE_MAX = 64 * 1024;
