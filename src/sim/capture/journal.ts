/**
 * What happened around the packets of a capture, in its true order: the socket calls, when each packet left, where
 * its copies arrived and where they were lost. Subscribes to both taps of a world; sequence diagrams are made of it.
 * What must stay true: memory is bounded, recording never fails.
 */

import type { CallTap, SocketCall } from "./socket-call.ts";
import type { FrameEvent, Tap } from "./tap.ts";

/** A place in the order of everything that was told: smaller is earlier, also within one instant. */
export type Order = number;

/** A socket call with its places; `endOrder` is undefined while it waits. */
export interface JournalCall extends SocketCall {
  readonly startOrder: Order;
  readonly endOrder: Order | undefined;
}

/** The way of one packet. */
export interface Journey {
  readonly order: Order;
  readonly arrivals: readonly Waypoint[];
  readonly drops: readonly Waypoint[];
}

export interface Waypoint {
  readonly order: Order;
  readonly timeNs: number;
  readonly interfaceId: number;
  readonly reason: string | undefined;
}

export class Journal implements Tap, CallTap {
  readonly #calls = new Map<number, JournalCall>();
  readonly #journeys = new Map<number, { order: Order; arrivals: Waypoint[]; drops: Waypoint[] }>();
  /** These go on where they are: to begin anew each time would pass by all that was deleted before. */
  readonly #oldestCall = this.#calls.keys();
  readonly #oldestJourney = this.#journeys.keys();
  #order = 0;
  #forgotten = 0;

  /** The calls in the order in which they began. */
  get calls(): JournalCall[] {
    return [...this.#calls.values()].sort((a, b) => a.startOrder - b.startOrder);
  }

  /** Calls and packets that were forgotten because there were too many. */
  get forgottenCount(): number {
    return this.#forgotten;
  }

  journey(packetId: number): Journey | undefined {
    return this.#journeys.get(packetId);
  }

  handleCall(call: SocketCall): void {
    const order = ++this.#order;
    const begun = this.#calls.get(call.id);
    const isReturn = call.endNs !== undefined;
    const startOrder = isReturn && begun !== undefined ? begun.startOrder : order;
    this.#calls.set(call.id, { ...call, startOrder, endOrder: isReturn ? order : undefined });
    if (this.#calls.size > CALLS_MAX) this.#forgetNext(this.#calls, this.#oldestCall);
  }

  handleFrame({ kind, packetId, timeNs, interfaceId, reason }: FrameEvent): void {
    if (kind === "forward") return;
    const order = ++this.#order;
    const journey = this.#journeys.get(packetId);
    if (journey === undefined) {
      if (kind !== "origin") return;
      this.#journeys.set(packetId, { order, arrivals: [], drops: [] });
      if (this.#journeys.size > PACKETS_MAX) this.#forgetNext(this.#journeys, this.#oldestJourney);
    } else if (kind !== "origin") {
      const waypoints = kind === "drop" ? journey.drops : journey.arrivals;
      if (waypoints.length < WAYPOINTS_MAX) waypoints.push({ order, timeNs, interfaceId, reason });
    }
  }

  #forgetNext(entries: Map<number, unknown>, oldest: Iterator<number>): void {
    entries.delete(oldest.next().value);
    this.#forgotten++;
  }
}

/** Far more than a diagram can show: some tens of megabytes. */
const CALLS_MAX = 200_000;
const PACKETS_MAX = 200_000;
/** Routers on the way take it in, too; a flood through a broken switch must not grow one entry without end. */
const WAYPOINTS_MAX = 64;
