/** A TCP port of a simulated host as a Listener. */

import {
  type Clock,
  Connection,
  type Endpoint,
  formatEndpoint,
  type Listener,
  NetworkError,
  Signal,
  type Task,
} from "../net/index.ts";
import type { TcpListener, TcpSocket } from "./kernel/tcp/index.ts";

export class SimListener implements Listener {
  readonly #listener: TcpListener;
  readonly #clock: Clock;
  readonly #changed = new Signal();
  #closed = false;

  constructor(listener: TcpListener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
    listener.onConnection = () => this.#changed.notify();
  }

  get local(): Endpoint {
    return this.#listener.local;
  }

  *accept(): Task<Connection> {
    return new Connection(yield* this.acceptSocket(), this.#clock);
  }

  /** As `accept`, without a Connection around it: for what pumps octets from one network into another. */
  *acceptSocket(): Task<TcpSocket> {
    for (;;) {
      if (this.#closed) {
        throw new NetworkError(
          "closed",
          `the listener at ${formatEndpoint(this.local)} was closed on our side`,
        );
      }
      const socket = this.#listener.accept();
      if (socket !== undefined) return socket;
      yield* this.#changed.wait(this.#clock, Number.POSITIVE_INFINITY);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.close();
    this.#changed.notify();
  }
}
