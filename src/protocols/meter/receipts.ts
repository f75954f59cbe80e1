/** What a receiver learns from the datagrams of one stream: loss, order, duplicates, jitter. Pure bookkeeping. */

import type { DatagramHeader } from "./wire.ts";

export class Receipts {
  octets = 0;
  /** Datagrams that came, duplicates among them. */
  received = 0;
  reordered = 0;
  duplicates = 0;
  /** RFC 3550 section 6.4.1: the smoothed difference of transit times. */
  jitterNs = 0;
  #highest = 0;
  #missing = 0;
  #transitNs: number | undefined;
  /** What was counted before `reset`. */
  #omitted = { packets: 0, missing: 0 };
  /** The number that last stood at each place of the window: tells the late from the doubled. */
  readonly #seen = new Float64Array(WINDOW);

  /** Datagrams that were sent as far as the receiver can know: the highest number, less what was omitted. */
  get packets(): number {
    return this.#highest - this.#omitted.packets;
  }

  get lost(): number {
    return Math.max(0, this.#missing - this.#omitted.missing);
  }

  handle(header: DatagramHeader, size: number, nowNs: number): void {
    const { packet } = header;
    this.octets += size;
    this.received++;
    this.#handleTransit(nowNs - header.sentAtNs);
    if (packet > this.#highest) {
      this.#missing += packet - this.#highest - 1;
      this.#highest = packet;
    } else if (this.#seen[packet % WINDOW] === packet) {
      this.duplicates++;
      return;
    } else {
      this.reordered++;
      // It was counted as missing when a later one overtook it.
      if (this.#missing > 0) this.#missing--;
    }
    this.#seen[packet % WINDOW] = packet;
  }

  /** Begins anew with what comes from now on: the end of the omitted time. */
  reset(): void {
    this.octets = this.received = this.reordered = this.duplicates = this.jitterNs = 0;
    this.#omitted = { packets: this.#highest, missing: this.#missing };
  }

  #handleTransit(transitNs: number): void {
    const difference = Math.abs(transitNs - (this.#transitNs ?? transitNs));
    this.#transitNs = transitNs;
    // RFC 3550 section 6.4.1 (RFC 1889's, too): J += (|D| - J) / 16. Where the clocks begin cancels out.
    this.jitterNs += (difference - this.jitterNs) / 16;
  }
}

/** How far back a number is still known; one that is older counts as overtaken, as in iperf3. */
const WINDOW = 4096;
