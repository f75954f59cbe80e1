/** A host's clock: virtual time. Timers of a host that has lost its power do not fire. */

import type { Clock, Timer } from "../net/index.ts";
import type { Schedule } from "./schedule.ts";

export class SimClock implements Clock {
  readonly #schedule: Schedule;
  readonly #startUnixMs: number;
  /** One object per life of the host: timers of an earlier life are dead. */
  #life = {};

  /** The wall clock shows `startUnixMs` at virtual time 0. */
  constructor(schedule: Schedule, startUnixMs: number) {
    this.#schedule = schedule;
    this.#startUnixMs = startUnixMs;
  }

  nowNs(): number {
    return this.#schedule.nowNs;
  }

  unixMs(): number {
    return this.#startUnixMs + Math.floor(this.#schedule.nowNs / 1e6);
  }

  startTimer(delayMs: number, callback: () => void): Timer {
    const life = this.#life;
    const event = this.#schedule.after(Math.round(Math.max(0, delayMs) * 1e6), () => {
      if (life === this.#life) callback();
    });
    return { cancel: () => this.#schedule.cancel(event) };
  }

  /** All timers that run now will not fire. */
  forgetTimers(): void {
    this.#life = {};
  }
}
