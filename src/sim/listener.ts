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
import { HeardSocket, type SocketLog } from "./socket-calls.ts";

export class SimListener implements Listener {
  readonly #listener: TcpListener;
  readonly #clock: Clock;
  readonly #log: SocketLog | undefined;
  readonly #changed = new Signal();
  #closed = false;

  constructor(listener: TcpListener, clock: Clock, log?: SocketLog) {
    this.#listener = listener;
    this.#clock = clock;
    this.#log = log;
    listener.onConnection = () => this.#changed.notify();
  }

  get local(): Endpoint {
    return this.#listener.local;
  }

  *accept(): Task<Connection> {
    const socket = yield* this.acceptSocket();
    const log = this.#log?.accepted(socket.local, socket.remote);
    return new Connection(log === undefined ? socket : new HeardSocket(socket, log), this.#clock);
  }

  /** As `accept`, without a Connection around it: for what pumps octets from one network into another. */
  *acceptSocket(): Task<TcpSocket> {
    const call = this.#log?.begin("accept");
    for (;;) {
      if (this.#closed) {
        call?.end({ error: "closed" });
        throw new NetworkError(
          "closed",
          `the listener at ${formatEndpoint(this.local)} was closed on our side`,
        );
      }
      const socket = this.#listener.accept();
      if (socket !== undefined) {
        call?.end({ remote: socket.remote });
        return socket;
      }
      yield* this.#changed.wait(this.#clock, Number.POSITIVE_INFINITY);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#log?.tell("close");
    this.#listener.close();
    this.#changed.notify();
  }
}
