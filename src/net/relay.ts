/**
 * Joins two connections: what one side sends the other receives, with back-pressure, half-close and resets passed
 * on. Proxies and forwarded ports are made of it. The octets move in the sockets' own callbacks, not in tasks, and
 * no timer is touched per piece: this is the path of every bulk transfer into the lab.
 */

import { formatEndpoint } from "./address.ts";
import type { Clock, Timer } from "./clock.ts";
import type { Connection } from "./connection.ts";
import { NetworkError } from "./errors.ts";
import type { StreamSocket } from "./stream-socket.ts";
import { suspend, type Task } from "./task.ts";

export interface RelayOptions {
  /** The relay ends when no octet has moved in either direction for so long. */
  readonly idleMs: number;
}

/** Octets that the relay has handed on. */
export interface RelayCount {
  readonly leftToRight: number;
  readonly rightToLeft: number;
}

/**
 * Relays until both directions have ended; takes both connections over and has closed them afterwards.
 * Throws NetworkError when one of them broke (the other is then reset, too) or nothing moved for `idleMs`.
 */
export function* relay(
  left: Connection,
  right: Connection,
  clock: Clock,
  options: RelayOptions,
): Task<RelayCount> {
  return yield* suspend<RelayCount>((resolve, reject) => {
    const joint = new Joint(left, right, clock, options.idleMs, (outcome) => {
      if (outcome instanceof NetworkError) reject(outcome);
      else resolve(outcome);
    });
    joint.start();
    return () => joint.abort();
  });
}

class Joint {
  readonly #left: StreamSocket;
  readonly #right: StreamSocket;
  readonly #leftToRight: Pump;
  readonly #rightToLeft: Pump;
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #onEnd: (outcome: RelayCount | NetworkError) => void;
  #idleTimer: Timer | undefined;
  #movedAtNs: number;
  #ended = false;

  constructor(
    left: Connection,
    right: Connection,
    clock: Clock,
    idleMs: number,
    onEnd: (outcome: RelayCount | NetworkError) => void,
  ) {
    const [from, to] = [left.detach(), right.detach()];
    this.#left = from.socket;
    this.#right = to.socket;
    this.#leftToRight = new Pump(from.socket, to.socket, from.unread);
    this.#rightToLeft = new Pump(to.socket, from.socket, to.unread);
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#onEnd = onEnd;
    this.#movedAtNs = clock.nowNs();
  }

  start(): void {
    this.#left.onChange = this.#right.onChange = () => this.#run();
    this.#watch(this.#idleMs);
    this.#run();
  }

  /** Breaks both connections. */
  abort(): void {
    this.#ended = true;
    this.#idleTimer?.cancel();
    this.#left.abort();
    this.#right.abort();
  }

  #run(): void {
    if (this.#ended) return;
    try {
      // One after the other, whichever socket has changed: "readable" and "room again" are one signal.
      const movedRight = this.#leftToRight.run();
      const movedLeft = this.#rightToLeft.run();
      if (movedRight || movedLeft) this.#movedAtNs = this.#clock.nowNs();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.#fail(error);
      return;
    }
    if (this.#leftToRight.done && this.#rightToLeft.done) this.#finish();
  }

  #finish(): void {
    this.#ended = true;
    this.#idleTimer?.cancel();
    this.#left.close();
    this.#right.close();
    this.#onEnd({ leftToRight: this.#leftToRight.moved, rightToLeft: this.#rightToLeft.moved });
  }

  #fail(error: NetworkError): void {
    this.abort();
    this.#onEnd(error);
  }

  /** One timer for the life of the relay: it looks when the last octet moved and sleeps for the rest. */
  #watch(delayMs: number): void {
    this.#idleTimer = this.#clock.startTimer(delayMs, () => {
      const leftMs = this.#idleMs - (this.#clock.nowNs() - this.#movedAtNs) / 1e6;
      if (leftMs > 0) this.#watch(leftMs);
      else {
        const pair = `${formatEndpoint(this.#left.remote)} and ${formatEndpoint(this.#right.remote)}`;
        this.#fail(
          new NetworkError("timed-out", `nothing moved between ${pair} for ${this.#idleMs / 1000} s`),
        );
      }
    });
  }
}

/** One direction. It holds at most one piece that the receiver had no room for: that is all it buffers. */
class Pump {
  readonly #from: StreamSocket;
  readonly #to: StreamSocket;
  #pending: Uint8Array;
  done = false;
  moved = 0;

  constructor(from: StreamSocket, to: StreamSocket, unread: Uint8Array) {
    this.#from = from;
    this.#to = to;
    this.#pending = unread;
  }

  /** Moves what can be moved now; whether anything did. */
  run(): boolean {
    const movedBefore = this.moved;
    const doneBefore = this.done;
    while (!this.done) {
      if (this.#pending.length > 0) {
        const taken = this.#to.send(this.#pending);
        this.moved += taken;
        this.#pending = this.#pending.subarray(taken);
        if (this.#pending.length > 0) break;
      }
      const piece = this.#from.receive(PIECE_MAX);
      if (piece === undefined) break;
      if (piece === null) {
        this.done = true;
        this.#to.shutdown();
      } else this.#pending = piece;
    }
    return this.moved !== movedBefore || this.done !== doneBefore;
  }
}

/** What one read of a pipe or socket brings in most systems. */
const PIECE_MAX = 64 * 1024;
