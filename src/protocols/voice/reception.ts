/**
 * What a listener finds out about a stream of RTP packets: losses (RFC 3550 appendix A.3), jitter (section 6.4.1),
 * and which packets came too late to be played.
 */

import type { RtpPacket } from "./wire.ts";
import { CLOCK_RATE } from "./wire.ts";

export interface ReceptionOptions {
  /** How long the fastest packet waits before it is played: what comes after its own turn then is late. */
  readonly playoutMs: number;
}

export class Reception {
  received = 0;
  duplicates = 0;
  /** Packets that came after one with a higher number. */
  reordered = 0;
  /** RFC 3550 section 6.4.1, as it stands after the last packet. */
  jitterMs = 0;
  jitterMaxMs = 0;
  readonly #playoutNs: number;
  #first: { readonly sequence: number; readonly timestamp: number; readonly arrivedAtNs: number } | undefined;
  #highest = 0;
  readonly #transitsNs: number[] = [];
  #fastestNs = Number.POSITIVE_INFINITY;
  #lastTransitNs: number | undefined;
  readonly #seen = new Set<number>();

  constructor(options: ReceptionOptions) {
    this.#playoutNs = options.playoutMs * 1e6;
  }

  /** Takes a packet in; whether it is new. */
  handle(packet: RtpPacket, arrivedAtNs: number): boolean {
    this.#first ??= { sequence: packet.sequence, timestamp: packet.timestamp, arrivedAtNs };
    const sequence = this.#extended(packet.sequence);
    if (this.#seen.has(sequence)) {
      this.duplicates++;
      return false;
    }
    this.#remember(sequence);
    this.received++;
    if (sequence < this.#highest) this.reordered++;
    this.#highest = Math.max(this.#highest, sequence);
    const spokenNs = (((packet.timestamp - this.#first.timestamp) | 0) / CLOCK_RATE) * 1e9;
    // The difference between two clocks, which need not be set alike: only its changes say something.
    const transitNs = arrivedAtNs - this.#first.arrivedAtNs - spokenNs;
    if (this.#transitsNs.length < TRANSITS_MAX) this.#transitsNs.push(transitNs);
    this.#fastestNs = Math.min(this.#fastestNs, transitNs);
    this.#updateJitter(transitNs);
    return true;
  }

  /** Packets that came after their turn: over the delay of the fastest by more than the playout buffer (RFC 5481 section 4.2). */
  get late(): number {
    return this.#transitsNs.filter((transitNs) => transitNs - this.#fastestNs > this.#playoutNs).length;
  }

  #updateJitter(transitNs: number): void {
    if (this.#lastTransitNs !== undefined) {
      const differenceMs = Math.abs(transitNs - this.#lastTransitNs) / 1e6;
      // RFC 3550 section 6.4.1: J(i) = J(i-1) + (|D(i-1,i)| - J(i-1)) / 16.
      this.jitterMs += (differenceMs - this.jitterMs) / 16;
      this.jitterMaxMs = Math.max(this.jitterMaxMs, this.jitterMs);
    }
    this.#lastTransitNs = transitNs;
  }

  /** RFC 3550 appendix A.1: with the cycles of the sequence number counted, relative to the first packet. */
  #extended(sequence: number): number {
    const base = (this.#first?.sequence ?? 0) + this.#highest;
    return this.#highest + (((sequence - base) << 16) >> 16);
  }

  #remember(sequence: number): void {
    this.#seen.add(sequence);
    if (this.#seen.size <= REMEMBERED_MAX) return;
    const [oldest] = this.#seen;
    this.#seen.delete(oldest);
  }
}

/** A call of five hours. */
const TRANSITS_MAX = 1_000_000;
/** Half the room of the sequence numbers: what is older cannot be told from what is newer. */
const REMEMBERED_MAX = 32_768;
