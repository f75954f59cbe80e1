/** One host in a MemoryWorld that serves TCP to clients whom the test opens itself; for the tests of `serve`. */

import type { Clock, Listener, Log, Network, Pinger, Random, Resolver, Task, TaskHandle } from "../index.ts";
import { type Connection, NetworkError, Signal } from "../index.ts";
import { MemoryWorld } from "./memory-world.ts";

export class MemoryNetwork implements Network {
  readonly world = new MemoryWorld();
  readonly hostName = "memory.test";
  readonly clock: Clock = this.world.clock;
  readonly pinger: Pinger | undefined = undefined;
  /** What was logged: "warn smtp: ...". */
  readonly logged: string[] = [];
  readonly log: Log = {
    debug: (text) => this.logged.push(`debug ${text}`),
    info: (text) => this.logged.push(`info ${text}`),
    warn: (text) => this.logged.push(`warn ${text}`),
    error: (text) => this.logged.push(`error ${text}`),
  };
  readonly #listeners = new Map<number, MemoryListener>();

  get random(): Random {
    throw new Error("no randomness here");
  }

  get resolver(): Resolver {
    throw new Error("no names here");
  }

  interfaces(): readonly never[] {
    return [];
  }

  *connect(): Task<Connection> {
    throw new NetworkError("unreachable", "there is no other host here");
  }

  *bind(): Task<never> {
    throw new NetworkError("failed", "no UDP here");
  }

  *listen(options: { port: number }): Task<Listener> {
    const { port } = options;
    if (this.#listeners.has(port)) throw new NetworkError("address-in-use", `port ${port} is in use`);
    const listener = new MemoryListener(port, this.clock, () => this.#listeners.delete(port));
    this.#listeners.set(port, listener);
    return listener;
  }

  spawn<T>(name: string, task: Task<T>): TaskHandle<T> {
    return this.world.spawn(name, task);
  }

  /** A client's end of a new connection to `port`. */
  open(port: number): Connection {
    const listener = this.#listeners.get(port);
    if (listener === undefined) throw new Error(`nobody listens on port ${port}`);
    const [client, server] = this.world.connectionPair();
    listener.arrive(server);
    return client;
  }
}

class MemoryListener implements Listener {
  readonly local;
  readonly #clock: Clock;
  readonly #forget: () => void;
  readonly #waiting: Connection[] = [];
  readonly #changed = new Signal();
  #closed = false;

  constructor(port: number, clock: Clock, forget: () => void) {
    this.local = { address: "::", port };
    this.#clock = clock;
    this.#forget = forget;
  }

  arrive(connection: Connection): void {
    this.#waiting.push(connection);
    this.#changed.notify();
  }

  *accept(): Task<Connection> {
    for (;;) {
      if (this.#closed) throw new NetworkError("closed", "the listener was closed");
      const connection = this.#waiting.shift();
      if (connection !== undefined) return connection;
      yield* this.#changed.wait(this.#clock, Number.POSITIVE_INFINITY);
    }
  }

  close(): void {
    this.#closed = true;
    this.#forget();
    this.#changed.notify();
  }
}
