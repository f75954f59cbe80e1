/** A host's way to itself: what goes out comes in again. */

import type { Schedule } from "../schedule.ts";
import type { Frame } from "./frame.ts";
import type { LinkEnd, Outgoing } from "./link.ts";

export class Loopback implements Outgoing {
  readonly up = true;
  readonly #schedule: Schedule;
  readonly #nic: LinkEnd;

  constructor(schedule: Schedule, nic: LinkEnd) {
    this.#schedule = schedule;
    this.#nic = nic;
  }

  room(): number {
    return Number.POSITIVE_INFINITY;
  }

  send(frame: Frame): void {
    this.#schedule.after(LOOPBACK_NS, () => this.#nic.receive(frame));
  }
}

/** About what it takes on a real host; more than nothing, so that time passes when two programs chatter here. */
const LOOPBACK_NS = 10_000;
