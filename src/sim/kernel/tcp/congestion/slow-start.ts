/** What NewReno and CUBIC have in common: the initial window, slow start, timeouts, the restart after idle time. */

import type { CongestionControl } from "./index.ts";

export abstract class SlowStart implements CongestionControl {
  abstract readonly name: string;
  window: number;
  threshold = Number.POSITIVE_INFINITY;
  protected segmentSize: number;
  #initialSegments: number;
  /** Whether the window is still the initial one, which follows the segment size. */
  #fresh = true;

  constructor(segmentSize: number, initialSegments: number) {
    this.segmentSize = segmentSize;
    this.#initialSegments = initialSegments;
    this.window = initialWindow(segmentSize, initialSegments);
  }

  handleAck(acknowledged: number, nowNs: number, roundTripNs: number): void {
    this.#fresh = false;
    if (this.window < this.threshold) {
      // RFC 5681 section 3.1 (2): min (N, SMSS) for each ACK; and never above ssthresh.
      const grown = this.window + Math.min(acknowledged, this.segmentSize);
      this.window = Math.min(grown, Math.max(this.threshold, this.window));
    } else this.avoidCongestion(acknowledged, nowNs, roundTripNs);
  }

  handleLoss(inFlight: number): void {
    this.#fresh = false;
    this.threshold = this.reduced(inFlight);
    this.window = this.threshold;
  }

  handleRecovered(inFlight: number): void {
    // RFC 6582 section 3.2 (3), full acknowledgment, option 1: no burst when little is in flight.
    this.window = Math.min(this.threshold, Math.max(inFlight, this.segmentSize) + this.segmentSize);
  }

  handleTimeout(inFlight: number, again: boolean): void {
    this.#fresh = false;
    // RFC 5681 section 3.1: ssthresh is held while the same segment times out again.
    if (!again) this.threshold = this.reduced(inFlight);
    this.window = this.segmentSize;
  }

  handleIdle(): void {
    // RFC 5681 section 4.1: RW = min (IW, cwnd).
    this.window = Math.min(this.window, initialWindow(this.segmentSize, this.#initialSegments));
  }

  setSegmentSize(segmentSize: number): void {
    this.segmentSize = segmentSize;
    if (this.#fresh) this.window = initialWindow(segmentSize, this.#initialSegments);
    else this.window = Math.max(this.window, segmentSize);
  }

  handleSynLoss(): void {
    // RFC 6928 section 2 leaves RFC 5681 section 3.1 as it is: one segment after a lost SYN.
    this.#initialSegments = 1;
    this.window = this.segmentSize;
  }

  protected abstract avoidCongestion(acknowledged: number, nowNs: number, roundTripNs: number): void;

  /** ssthresh after a loss. */
  protected abstract reduced(inFlight: number): number;
}

/** RFC 6928 section 2, for any number of segments in place of its 10. */
function initialWindow(segmentSize: number, segments: number): number {
  return Math.min(segments * segmentSize, Math.max(2 * segmentSize, segments * ETHERNET_SEGMENT_SIZE));
}

const ETHERNET_SEGMENT_SIZE = 1460;
