/**
 * A run of recorded frames in columns: one object for thousands of packets, because a capture may hold a
 * million.
 */

import type { FrameEvent } from "./tap.ts";

export class Segment {
  /** The "No." of its first packet. */
  readonly firstNumber: number;
  readonly #packetsMax: number;
  #length = 0;
  #used = 0;
  #octets: Uint8Array;
  readonly #timesNs: Float64Array;
  readonly #packetIds: Float64Array;
  readonly #interfaces: Uint32Array;
  readonly #kinds: Uint8Array;
  readonly #ends: Uint32Array;
  /** Sparse in effect: most entries are undefined or one of a few constant strings. */
  readonly #reasons: (string | undefined)[] = [];

  constructor(firstNumber: number, packetsMax: number, octets: number) {
    this.firstNumber = firstNumber;
    this.#packetsMax = packetsMax;
    this.#octets = new Uint8Array(octets);
    this.#timesNs = new Float64Array(packetsMax);
    this.#packetIds = new Float64Array(packetsMax);
    this.#interfaces = new Uint32Array(packetsMax);
    this.#kinds = new Uint8Array(packetsMax);
    this.#ends = new Uint32Array(packetsMax);
  }

  /** Packets in it. */
  get length(): number {
    return this.#length;
  }

  /** Octets of frames in it. */
  get octets(): number {
    return this.#used;
  }

  /** Copies the event; false when it is full. */
  append(event: FrameEvent): boolean {
    const at = this.#length;
    const end = this.#used + event.bytes.length;
    if (at === this.#packetsMax || end > this.#octets.length) return false;
    this.#octets.set(event.bytes, this.#used);
    this.#timesNs[at] = event.timeNs;
    this.#packetIds[at] = event.packetId;
    this.#interfaces[at] = event.interfaceId;
    this.#kinds[at] = KINDS.indexOf(event.kind);
    this.#ends[at] = end;
    this.#reasons.push(event.reason);
    this.#used = end;
    this.#length++;
    return true;
  }

  /** The event at `index` again; its bytes are a view of this segment. */
  at(index: number): FrameEvent {
    return {
      timeNs: this.#timesNs[index],
      kind: KINDS[this.#kinds[index]],
      interfaceId: this.#interfaces[index],
      packetId: this.#packetIds[index],
      bytes: this.#octets.subarray(index === 0 ? 0 : this.#ends[index - 1], this.#ends[index]),
      reason: this.#reasons[index],
    };
  }
}

const KINDS = ["origin", "forward", "receive", "drop"] as const;
