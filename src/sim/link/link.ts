/**
 * A link between two interfaces: two directions, each with its own bandwidth, queue, delay and faults.
 * Read first: `options.ts` (what the knobs mean), then `direction.ts` (what happens to one packet).
 */

import type { TapInterface } from "../capture/tap.ts";
import type { Schedule } from "../schedule.ts";
import { type DirectionCounters, LinkDirection } from "./direction.ts";
import type { Frame } from "./frame.ts";
import { type FullLinkOptions, fullLinkOptions, type LinkOptions } from "./options.ts";
import type { Rules } from "./rules.ts";
import type { Taps } from "./taps.ts";

/** What a link is plugged into: the interface of a host or router, or the port of a switch. */
export interface LinkEnd extends TapInterface {
  /** Where it sends; set by the link. */
  outgoing: Outgoing | undefined;
  /** A frame has arrived. */
  receive(frame: Frame): void;
}

/** Takes frames that leave an interface. */
export interface Outgoing {
  /** False while the link is unplugged at its other end, or cut. */
  readonly up: boolean;
  /** How many frames of so many octets its queue takes now, for a sender that would rather wait than lose. */
  room(length: number): number;
  send(frame: Frame): void;
}

/** What a link needs of its world. */
export interface LinkWorld {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly taps: Taps;
  readonly rules: Rules;
}

export type Direction = "a-to-b" | "b-to-a";

export class Link {
  readonly name: string;
  readonly a: LinkEnd;
  readonly b: LinkEnd;
  readonly #aToB: LinkDirection;
  readonly #bToA: LinkDirection;
  #up = true;

  constructor(world: LinkWorld, name: string, a: LinkEnd, b: LinkEnd, options: LinkOptions) {
    if (a === b) throw new Error(`${nameOf(a)} cannot be linked to itself`);
    for (const end of [a, b]) {
      if (end.outgoing !== undefined) throw new Error(`${nameOf(end)} has a link already`);
    }
    this.name = name;
    this.a = a;
    this.b = b;
    const full = fullLinkOptions(options);
    this.#aToB = new LinkDirection(world, name, a, b, full);
    this.#bToA = new LinkDirection(world, name, b, a, full);
    a.outgoing = this.#aToB;
    b.outgoing = this.#bToA;
  }

  get isUp(): boolean {
    return this.#up;
  }

  /** Unplugs the link or plugs it in again; packets that are on their way while it is unplugged are lost. */
  setUp(up: boolean): void {
    this.#up = up;
    this.#aToB.up = up;
    this.#bToA.up = up;
  }

  /** Changes the given knobs, in one direction or (absent) in both. Packets already on their way keep their times. */
  setOptions(options: LinkOptions, direction?: Direction): void {
    if (direction !== "b-to-a") this.#aToB.options = fullLinkOptions(options, this.#aToB.options);
    if (direction !== "a-to-b") this.#bToA.options = fullLinkOptions(options, this.#bToA.options);
  }

  /** What no packet passes at the moment, without either end noticing. */
  get partitioned(): Direction | "both" | "none" {
    const { partitioned: forth } = this.#aToB;
    const { partitioned: back } = this.#bToA;
    return forth ? (back ? "both" : "a-to-b") : back ? "b-to-a" : "none";
  }

  /** Takes the link out of both ends, for good: what is on its way is lost, and the ends are free. */
  unplug(): void {
    this.setUp(false);
    this.a.outgoing = undefined;
    this.b.outgoing = undefined;
  }

  /** Packets that wait to be sent in one direction, with the one that is being sent. */
  queuedPackets(direction: Direction): number {
    return this.#of(direction).queuedPackets;
  }

  options(direction: Direction): FullLinkOptions {
    return this.#of(direction).options;
  }

  /** Lets no packet pass in one direction or in both, without either end noticing; "none" heals it. */
  partition(directions: Direction | "both" | "none"): void {
    this.#aToB.partitioned = directions === "a-to-b" || directions === "both";
    this.#bToA.partitioned = directions === "b-to-a" || directions === "both";
  }

  counters(direction: Direction): DirectionCounters {
    return this.#of(direction).counters;
  }

  #of(direction: Direction): LinkDirection {
    return direction === "a-to-b" ? this.#aToB : this.#bToA;
  }
}

/** "r1/eth0" */
export function nameOf(end: LinkEnd): string {
  return `${end.hostName}/${end.name}`;
}
