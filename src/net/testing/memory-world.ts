/**
 * The least world that tasks can run in, for unit tests of dialogues: a clock that jumps to the next timer, and
 * pairs of sockets joined by memory. No network beneath: octets arrive at the next turn.
 */

import type { Clock, Timer } from "../clock.ts";
import { Connection } from "../connection.ts";
import { NetworkError } from "../errors.ts";
import type { StreamSocket } from "../stream-socket.ts";
import { type Task, type TaskHandle, TaskRunner } from "../task.ts";

export class MemoryWorld {
  readonly runner = new TaskRunner(
    () => {},
    (error) => {
      throw error;
    },
  );
  readonly #timers = new Set<{ atNs: number; callback: () => void }>();
  #nowNs = 0;

  readonly clock: Clock = {
    nowNs: () => this.#nowNs,
    unixMs: () => this.#nowNs / 1e6,
    startTimer: (delayMs, callback) => this.#startTimer(delayMs, callback),
  };

  spawn<T>(name: string, task: Task<T>): TaskHandle<T> {
    return this.runner.spawn(name, task);
  }

  /** Runs `task`, and all else, until it ends; its value or its error. */
  run<T>(task: Task<T>): T {
    let outcome: { value: T } | { error: unknown } | undefined;
    this.runner.spawn("test", task).whenDone((ended) => {
      outcome = ended;
    });
    this.runner.runReady();
    while (outcome === undefined) {
      if (!this.step())
        throw new Error(`nothing will ever happen, and these wait: ${this.runner.liveNames()}`);
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  /** Lets everything happen that will happen by itself. */
  runUntilIdle(): void {
    this.runner.runReady();
    while (this.step());
  }

  /** Lets `ms` pass. */
  runFor(ms: number): void {
    let over = false;
    this.clock.startTimer(ms, () => {
      over = true;
    });
    this.runner.runReady();
    while (!over) this.step();
  }

  /** Fires the next timer; false when there is none. */
  step(): boolean {
    let next: { atNs: number; callback: () => void } | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.atNs < next.atNs) next = timer;
    if (next === undefined) return false;
    this.#timers.delete(next);
    this.#nowNs = next.atNs;
    next.callback();
    this.runner.runReady();
    return true;
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  /** Two joined sockets; each direction holds `capacity` octets that were sent and not received yet. */
  socketPair(capacity = 4096): [MemorySocket, MemorySocket] {
    const a = new MemorySocket(this, capacity, 1);
    const b = new MemorySocket(this, capacity, 2);
    a.peer = b;
    b.peer = a;
    return [a, b];
  }

  connectionPair(capacity = 4096): [Connection, Connection] {
    const [a, b] = this.socketPair(capacity);
    return [new Connection(a, this.clock), new Connection(b, this.clock)];
  }

  #startTimer(delayMs: number, callback: () => void): Timer {
    const timer = { atNs: this.#nowNs + Math.round(delayMs * 1e6), callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }
}

class MemorySocket implements StreamSocket {
  readonly local;
  readonly remote;
  onChange: () => void = () => {};
  peer!: MemorySocket;
  readonly #world: MemoryWorld;
  readonly #capacity: number;
  #received: Uint8Array[] = [];
  #receivedBytes = 0;
  #ended = false;
  #shut = false;
  #broken: NetworkError | undefined;

  constructor(world: MemoryWorld, capacity: number, host: number) {
    this.#world = world;
    this.#capacity = capacity;
    this.local = { address: `192.0.2.${host}`, port: 1000 + host };
    this.remote = { address: `192.0.2.${3 - host}`, port: 1000 + 3 - host };
  }

  /** Whether this end was closed or broken. */
  get isOver(): boolean {
    return this.#broken !== undefined;
  }

  receive(maxBytes: number): Uint8Array | null | undefined {
    const first = this.#received[0];
    if (first !== undefined) {
      const taken = first.subarray(0, maxBytes);
      if (taken.length === first.length) this.#received.shift();
      else this.#received[0] = first.subarray(taken.length);
      this.#receivedBytes -= taken.length;
      this.#world.clock.startTimer(0, () => this.peer.onChange());
      return taken;
    }
    if (this.#broken !== undefined) throw this.#broken;
    return this.#ended ? null : undefined;
  }

  send(bytes: Uint8Array): number {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#shut) throw new NetworkError("closed", "our direction has ended");
    const taken = Math.min(bytes.length, this.#capacity - this.unsentBytes);
    if (taken > 0) this.peer.#arrive(bytes.slice(0, taken));
    return taken;
  }

  get unsentBytes(): number {
    return this.peer.#receivedBytes;
  }

  shutdown(): void {
    if (this.#shut || this.#broken !== undefined) return;
    this.#shut = true;
    this.peer.#change(() => {
      this.peer.#ended = true;
    });
  }

  close(): void {
    this.shutdown();
    this.#broken ??= new NetworkError("closed", "the socket was closed");
  }

  abort(): void {
    if (this.#broken !== undefined) return;
    this.#broken = new NetworkError("closed", "the socket was aborted");
    const { peer } = this;
    peer.#change(() => {
      peer.#broken ??= new NetworkError("reset", "the peer reset the connection");
    });
  }

  #arrive(bytes: Uint8Array): void {
    this.#receivedBytes += bytes.length;
    this.#change(() => void this.#received.push(bytes));
  }

  #change(what: () => void): void {
    this.#world.clock.startTimer(0, () => {
      what();
      this.onChange();
    });
  }
}
