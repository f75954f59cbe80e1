/** Reno's congestion avoidance: RFC 5681. (What the "New" of RFC 6582 changes is in `../recovery.ts`.) */

import { SlowStart } from "./slow-start.ts";

export class NewReno extends SlowStart {
  readonly name = "newreno";

  protected avoidCongestion(acknowledged: number): void {
    // RFC 5681 section 3.1 (3), by octets instead of ACKs: one segment for each window that is acknowledged, however
    // many ACKs that takes, and spread over it.
    this.window += (this.segmentSize * acknowledged) / this.window;
  }

  protected reduced(inFlight: number): number {
    // RFC 5681 section 3.1 (4).
    return Math.max(inFlight / 2, 2 * this.segmentSize);
  }
}
