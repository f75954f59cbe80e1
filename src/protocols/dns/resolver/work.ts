/** How much one client's question may cost: without a limit, hostile zones make a resolver work for ever. */

import type { Clock } from "../../../net/index.ts";

/** The question cannot be answered; clients get SERVFAIL. */
export class ResolutionFailure extends Error {}

export class Work {
  readonly #clock: Clock;
  readonly #deadlineNs: number;
  #queriesLeft = QUERIES_MAX;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#deadlineNs = clock.nowNs() + TIME_MAX_MS * 1e6;
  }

  /** Counts one query and says how long it may take at most; throws when nothing is left. */
  spendQuery(): number {
    const leftMs = (this.#deadlineNs - this.#clock.nowNs()) / 1e6;
    if (leftMs <= 0) throw new ResolutionFailure(`no answer within ${TIME_MAX_MS} ms`);
    if (this.#queriesLeft-- <= 0) throw new ResolutionFailure(`no answer after ${QUERIES_MAX} queries`);
    return leftMs;
  }
}

/** A deep chain of zones without glue takes some 20; CVE-2020-12662 (NXNSAttack) shows why there must be an end. */
const QUERIES_MAX = 60;
/** Clients give up after about as long. */
const TIME_MAX_MS = 10_000;
