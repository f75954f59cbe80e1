/** Reno's congestion avoidance: RFC 5681. (What the "New" of RFC 6582 changes is in `../recovery.ts`.) */

import { SlowStart } from "./slow-start.ts";

export class NewReno extends SlowStart {
  readonly name = "newreno";
  #acknowledged = 0;

  protected avoidCongestion(acknowledged: number): void {
    // RFC 5681 section 3.1: one segment for each window of acknowledged octets; counting them is the way it recommends.
    this.#acknowledged += acknowledged;
    if (this.#acknowledged < this.window) return;
    this.#acknowledged -= this.window;
    this.window += this.segmentSize;
  }

  protected reduced(inFlight: number): number {
    this.#acknowledged = 0;
    // RFC 5681 section 3.1 (4).
    return Math.max(inFlight / 2, 2 * this.segmentSize);
  }
}
