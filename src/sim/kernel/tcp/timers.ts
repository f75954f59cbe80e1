/**
 * The timers of a connection, all of them. However many run, and however often they are moved, a connection has
 * at most one event in the schedule: at or before the earliest deadline. When the event comes too early, because
 * the deadline has moved meanwhile, it is simply scheduled anew.
 */

import type { Schedule, ScheduledEvent } from "../../schedule.ts";

export const Timer = {
  /** RFC 6298: what was sent is not acknowledged in time. */
  retransmission: 0,
  /** RFC 9293 section 3.8.6.1: the peer's window is closed, or too small to use; ask again. */
  persist: 1,
  /** RFC 9293 section 3.8.6.3: an ACK that waited for company has waited long enough. */
  delayedAcknowledgment: 2,
  /** RFC 9293 section 3.8.4: nothing was heard for long; is the peer still there? */
  keepAlive: 3,
  /** TIME-WAIT is over (2 MSL), or a closed connection has waited long enough in FIN-WAIT-2. */
  linger: 4,
} as const;

export type TimerName = (typeof Timer)[keyof typeof Timer];

export class Timers {
  readonly #schedule: Schedule;
  readonly #expire: (timer: TimerName) => void;
  readonly #deadlines = new Float64Array(TIMER_COUNT).fill(Number.POSITIVE_INFINITY);
  #event: ScheduledEvent | undefined;

  constructor(schedule: Schedule, expire: (timer: TimerName) => void) {
    this.#schedule = schedule;
    this.#expire = expire;
  }

  /** Starts `timer`, or moves it, so that it expires `delayNs` from now. */
  start(timer: TimerName, delayNs: number): void {
    const at = this.#schedule.nowNs + delayNs;
    this.#deadlines[timer] = at;
    if (this.#event === undefined) this.#event = this.#schedule.at(at, this.#fire);
    else if (at < this.#event.timeNs) {
      this.#schedule.cancel(this.#event);
      this.#event = this.#schedule.at(at, this.#fire);
    }
  }

  stop(timer: TimerName): void {
    this.#deadlines[timer] = Number.POSITIVE_INFINITY;
  }

  isRunning(timer: TimerName): boolean {
    return this.#deadlines[timer] !== Number.POSITIVE_INFINITY;
  }

  stopAll(): void {
    this.#deadlines.fill(Number.POSITIVE_INFINITY);
    if (this.#event !== undefined) this.#schedule.cancel(this.#event);
    this.#event = undefined;
  }

  readonly #fire = (): void => {
    this.#event = undefined;
    const now = this.#schedule.nowNs;
    for (let timer = 0; timer < TIMER_COUNT; timer++) {
      if (this.#deadlines[timer] > now) continue;
      this.#deadlines[timer] = Number.POSITIVE_INFINITY;
      this.#expire(timer as TimerName);
    }
    const next = Math.min(...this.#deadlines);
    if (next === Number.POSITIVE_INFINITY) return;
    // An expiry may have started a timer, and so scheduled an event that is later than another deadline.
    const event = this.#event as ScheduledEvent | undefined;
    if (event !== undefined && event.timeNs <= next) return;
    if (event !== undefined) this.#schedule.cancel(event);
    this.#event = this.#schedule.at(next, this.#fire);
  };
}

const TIMER_COUNT = 5;
/** How long a closed connection waits for the peer's FIN; nothing else would end it. As in Linux. */
export const FIN_WAIT_2_NS = 60e9;
