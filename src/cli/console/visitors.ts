/**
 * The connections to the console's server that are no open console: those that ask for files, and those that have asked
 * for nothing yet. One more than there may be takes the place of the one that has asked for nothing for the longest time,
 * so that nobody who holds connections open keeps others out.
 */

import type { Duplex } from "node:stream";

export class Visitors {
  readonly #most: number;
  /** Whoever has asked last comes last. */
  readonly #sockets = new Set<Duplex>();

  constructor(most: number) {
    this.#most = most;
  }

  admit(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    if (this.#sockets.size <= this.#most) return;
    const [oldest] = this.#sockets;
    this.#sockets.delete(oldest);
    oldest.destroy();
  }

  noteRequest(socket: Duplex): void {
    if (this.#sockets.delete(socket)) this.#sockets.add(socket);
  }

  /** It has become a console, of which there is a limit of its own. */
  release(socket: Duplex): void {
    this.#sockets.delete(socket);
  }
}
