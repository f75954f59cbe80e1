/** No congestion control: the window never changes. To see in the lab what the others are for; never for real use. */

import type { CongestionControl } from "./index.ts";

export class FixedWindow implements CongestionControl {
  readonly name = "none";
  readonly threshold = Number.POSITIVE_INFINITY;
  window: number;
  readonly #segments: number;

  constructor(segmentSize: number, segments: number) {
    this.#segments = segments;
    this.window = segments * segmentSize;
  }

  handleAck(): void {}

  handleLoss(): void {}

  handleRecovered(): void {}

  handleTimeout(): void {}

  handleIdle(): void {}

  handleSynLoss(): void {}

  setSegmentSize(segmentSize: number): void {
    this.window = this.#segments * segmentSize;
  }
}
