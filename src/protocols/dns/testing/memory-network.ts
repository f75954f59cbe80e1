/**
 * Hosts joined by memory, in virtual time: the least network on which servers and resolvers of this folder can be
 * tested, with a hand on every datagram. The real thing is the simulation; see test/scenarios/dns.test.ts.
 */

import {
  type BindOptions,
  Connection,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  type Listener,
  type Network,
  NetworkError,
  type Random,
  type Resolver,
  Signal,
  silentLog,
  sleep,
  type Task,
} from "../../../net/index.ts";
import { MemoryWorld } from "../../../net/testing/memory-world.ts";

/** A datagram on its way; a filter answers what becomes of it. */
export interface Passing {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
  readonly to: Endpoint;
}

export class MemoryNet {
  readonly world = new MemoryWorld();
  /** How long a datagram or a connection takes. */
  delayMs = 10;
  /** Sees every datagram; false loses it. */
  filter: (passing: Passing) => boolean = () => true;
  /** Every datagram that was sent, in order. */
  readonly sent: Passing[] = [];
  readonly sockets = new Map<string, MemoryDatagramSocket>();
  readonly listeners = new Map<string, MemoryListener>();
  readonly #random: Random;

  constructor(seed = 1) {
    this.#random = new MemoryRandom(seed);
  }

  /** A host with one address. */
  host(address: string): Network {
    const { world } = this;
    const random = this.#random;
    return {
      hostName: address,
      clock: world.clock,
      random,
      log: silentLog,
      resolver: noResolver,
      pinger: undefined,
      interfaces: () => [],
      connect: (host, port) => this.#connect(address, { address: host, port }),
      listen: (options) => this.#listen(address, options),
      bind: (options) => this.#bind(address, options),
      spawn: (name, task) => world.spawn(name, task),
    };
  }

  run<T>(task: Task<T>): T {
    return this.world.run(task);
  }

  deliver(passing: Passing): void {
    this.sent.push(passing);
    if (!this.filter(passing)) return;
    this.inject(passing, this.delayMs);
  }

  /** Puts a datagram on the network from anywhere, as an attacker does. */
  inject({ bytes, from, to }: Passing, delayMs = 0): void {
    const copy = bytes.slice();
    this.world.clock.startTimer(delayMs, () => this.sockets.get(keyOf(to))?.arrive({ bytes: copy, from }));
  }

  *#bind(address: string, options: BindOptions): Task<DatagramSocket> {
    const local = this.#free(address, options.port, this.sockets);
    const socket = new MemoryDatagramSocket(this, local);
    this.sockets.set(keyOf(local), socket);
    return socket;
  }

  *#listen(address: string, options: BindOptions): Task<Listener> {
    const local = this.#free(address, options.port, this.listeners);
    const listener = new MemoryListener(this, local);
    this.listeners.set(keyOf(local), listener);
    return listener;
  }

  *#connect(address: string, to: Endpoint): Task<Connection> {
    const signal = new Signal();
    yield* signal.wait(this.world.clock, this.delayMs);
    const listener = this.listeners.get(keyOf(to));
    if (listener === undefined) throw new NetworkError("refused", `${keyOf(to)} refused the connection`);
    const [client, server] = this.world.socketPair(100_000);
    const from = { address, port: 1024 + this.#random.below(60_000) };
    Object.assign(client, { local: from, remote: to });
    Object.assign(server, { local: to, remote: from });
    listener.arrive(new Connection(server, this.world.clock));
    return new Connection(client, this.world.clock);
  }

  #free(address: string, port: number, taken: ReadonlyMap<string, unknown>): Endpoint {
    const local = { address, port: port === 0 ? 20_000 + this.sockets.size + this.listeners.size : port };
    if (taken.has(keyOf(local))) throw new NetworkError("address-in-use", `${keyOf(local)} is in use`);
    return local;
  }
}

class MemoryDatagramSocket implements DatagramSocket {
  readonly local: Endpoint;
  readonly #net: MemoryNet;
  readonly #queue: Datagram[] = [];
  readonly #arrived = new Signal();
  #isClosed = false;

  constructor(net: MemoryNet, local: Endpoint) {
    this.#net = net;
    this.local = local;
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    this.#net.deliver({ bytes: bytes.slice(), from: this.local, to });
  }

  *room(): Task<number> {
    yield* sleep(this.#net.world.clock, 1);
    return 1;
  }

  *receive(timeoutMs: number): Task<Datagram | undefined> {
    while (this.#queue.length === 0) {
      if (this.#isClosed) throw new NetworkError("closed", "the socket is closed");
      if (!(yield* this.#arrived.wait(this.#net.world.clock, timeoutMs))) return undefined;
    }
    return this.#queue.shift();
  }

  close(): void {
    this.#isClosed = true;
    this.#net.sockets.delete(keyOf(this.local));
    this.#arrived.notify();
  }

  arrive(datagram: Datagram): void {
    this.#queue.push(datagram);
    this.#arrived.notify();
  }
}

class MemoryListener implements Listener {
  readonly local: Endpoint;
  readonly #net: MemoryNet;
  readonly #waiting: Connection[] = [];
  readonly #arrived = new Signal();
  #isClosed = false;

  constructor(net: MemoryNet, local: Endpoint) {
    this.#net = net;
    this.local = local;
  }

  *accept(): Task<Connection> {
    for (;;) {
      if (this.#isClosed) throw new NetworkError("closed", "the listener is closed");
      const connection = this.#waiting.shift();
      if (connection !== undefined) return connection;
      yield* this.#arrived.wait(this.#net.world.clock, Number.POSITIVE_INFINITY);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#net.listeners.delete(keyOf(this.local));
    this.#arrived.notify();
  }

  arrive(connection: Connection): void {
    this.#waiting.push(connection);
    this.#arrived.notify();
  }
}

/** A linear congruential generator: enough for tests, and the same in every run. */
class MemoryRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  uint32(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state;
  }

  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  fraction(): number {
    return this.uint32() / 2 ** 32;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.uint32() >>> 24);
  }
}

function keyOf(endpoint: Endpoint): string {
  return `${endpoint.address}#${endpoint.port}`;
}

const noResolver: Resolver = {
  *addresses(name) {
    throw new NetworkError("name-not-found", `${name}: there are no names here`);
  },
};
