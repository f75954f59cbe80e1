/** How many ICMP errors a host sends: a token bucket (RFC 1812 section 4.3.2.8, RFC 4443 section 2.4 (f)). */

import type { Schedule } from "../schedule.ts";

export class IcmpRate {
  readonly #schedule: Schedule;
  #tokens = ERRORS_BURST;
  #filledAtNs = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Whether one more may be sent now. */
  take(): boolean {
    const nowNs = this.#schedule.nowNs;
    const earned = ((nowNs - this.#filledAtNs) / 1e9) * ERRORS_PER_SECOND;
    this.#tokens = Math.min(ERRORS_BURST, this.#tokens + earned);
    this.#filledAtNs = nowNs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

// As Linux has them (icmp_msgs_per_sec, icmp_msgs_burst): a traceroute is never slowed, a flood is not answered in full.
const ERRORS_PER_SECOND = 1000;
const ERRORS_BURST = 50;
