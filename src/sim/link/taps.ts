/** The subscribers to a world's packets. Without one, telling costs a comparison. */

import type { FrameEvent, Tap } from "../capture/tap.ts";
import type { Schedule } from "../schedule.ts";
import type { Frame } from "./frame.ts";

export class Taps {
  readonly #schedule: Schedule;
  #taps: readonly Tap[] = [];

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Returns how to stop listening. */
  add(tap: Tap): () => void {
    this.#taps = [...this.#taps, tap];
    return () => {
      this.#taps = this.#taps.filter((other) => other !== tap);
    };
  }

  tell(kind: FrameEvent["kind"], interfaceId: number, frame: Frame, reason?: string): void {
    if (this.#taps.length === 0) return;
    // A tap keeps what it is shown: nobody may change these octets any more.
    frame.shared = true;
    const event: FrameEvent = {
      timeNs: this.#schedule.nowNs,
      kind,
      interfaceId,
      packetId: frame.packetId,
      bytes: frame.bytes.subarray(frame.start),
      reason,
    };
    for (const tap of this.#taps) tap.handleFrame(event);
  }
}
