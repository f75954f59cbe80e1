/** The row of every second: what was counted since the last one. */

import type { Latencies } from "./latency.ts";

export interface Interval {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly octets: number;
  readonly bitsPerSecond: number;
  /** Round trips that were measured, of which `delayMs` is the mean; undefined when there were none. */
  readonly roundTrips: number;
  readonly delayMs: number | undefined;
}

/** What stands at this moment. */
export interface Counts {
  readonly octets: number;
  readonly roundTrips: Latencies | undefined;
}

export class Intervals {
  readonly all: Interval[] = [];
  readonly #beganNs: number;
  readonly #lengthNs: number;
  readonly #counts: () => Counts;
  readonly #report: (interval: Interval) => void;
  #last = { atNs: 0, octets: 0, roundTrips: 0, sumNs: 0 };

  constructor(
    beganNs: number,
    intervalMs: number,
    counts: () => Counts,
    report: (interval: Interval) => void,
  ) {
    this.#beganNs = beganNs;
    this.#lengthNs = intervalMs * 1e6;
    this.#counts = counts;
    this.#report = report;
    this.#last.atNs = beganNs;
  }

  /** When the next interval is full: on the grid of the beginning, however late the last one was closed. */
  get dueNs(): number {
    const full = Math.floor((this.#last.atNs - this.#beganNs) / this.#lengthNs);
    return this.#beganNs + (full + 1) * this.#lengthNs;
  }

  handleTime(nowNs: number): void {
    if (nowNs >= this.dueNs) this.#close(nowNs);
  }

  /** The rest is an interval, too, if it is long enough to have a rate. */
  handleEnd(nowNs: number): void {
    this.handleTime(nowNs);
    if (nowNs - this.#last.atNs >= this.#lengthNs * REST_MIN || this.all.length === 0) this.#close(nowNs);
  }

  #close(nowNs: number): void {
    const { octets, roundTrips } = this.#counts();
    const last = this.#last;
    this.#last = { atNs: nowNs, octets, roundTrips: roundTrips?.count ?? 0, sumNs: roundTrips?.sumNs ?? 0 };
    const seconds = (nowNs - last.atNs) / 1e9;
    const measured = this.#last.roundTrips - last.roundTrips;
    const interval = {
      startSeconds: (last.atNs - this.#beganNs) / 1e9,
      endSeconds: (nowNs - this.#beganNs) / 1e9,
      octets: octets - last.octets,
      bitsPerSecond: seconds > 0 ? ((octets - last.octets) * 8) / seconds : 0,
      roundTrips: measured,
      delayMs: measured > 0 ? (this.#last.sumNs - last.sumNs) / measured / 1e6 : undefined,
    };
    if (this.all.length < INTERVALS_MAX) this.all.push(interval);
    this.#report(interval);
  }
}

/** A rest shorter than this part of an interval has no rate worth a row. */
const REST_MIN = 0.1;
/** One a second for a day; those beyond are reported and not kept. */
const INTERVALS_MAX = 86_400;
