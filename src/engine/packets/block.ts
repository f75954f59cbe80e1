/**
 * A run of packets in columns: what the tap told, then what the analysis found. One object for thousands of packets,
 * because the console promises a million. Filters read the columns directly; everyone else asks the store.
 */

import type { FrameEvent } from "../../sim/capture/index.ts";

export class PacketBlock {
  /** The "No." of its first packet. */
  readonly firstNumber: number;
  length = 0;
  /** Octets of its frames. */
  used = 0;
  /** Where the frames lie; neighbouring blocks share them. */
  readonly #chunks: Uint8Array[] = [];
  readonly #chunkOf: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #lengths: Uint32Array;
  readonly timesNs: Float64Array;
  readonly packetIds: Float64Array;
  readonly interfaces: Uint32Array;
  /** Place in the order of all events (its low 32 bits), and the link to the last event of its journey. */
  readonly orders: Uint32Array;
  readonly lastEvents: Uint32Array;
  /** Why a packet was sent; most say nothing. */
  readonly reasons = new Map<number, string>();
  readonly flags: Uint8Array;
  /** Its number, 0: none. */
  readonly conversations: Uint32Array;
  readonly sequenceBases: Uint32Array;
  readonly acknowledgmentBases: Uint32Array;
  /** -1: unknown. */
  readonly windowShifts: Int8Array;
  /** Numbers in the vocabularies of the store. */
  readonly labels: Uint16Array;
  readonly applications: Uint8Array;
  readonly states: Uint8Array;
  readonly paths: Uint16Array;
  /** What "TCP Dup ACK 7#1" names: two numbers per packet, once a packet has some. */
  labelNumbers: Uint32Array | undefined;

  constructor(firstNumber: number, packetsMax: number) {
    this.firstNumber = firstNumber;
    this.timesNs = new Float64Array(packetsMax);
    this.packetIds = new Float64Array(packetsMax);
    this.#chunkOf = new Uint8Array(packetsMax);
    this.#starts = new Uint32Array(packetsMax);
    this.#lengths = new Uint32Array(packetsMax);
    this.interfaces = new Uint32Array(packetsMax);
    this.orders = new Uint32Array(packetsMax);
    this.lastEvents = new Uint32Array(packetsMax);
    this.flags = new Uint8Array(packetsMax);
    this.conversations = new Uint32Array(packetsMax);
    this.sequenceBases = new Uint32Array(packetsMax);
    this.acknowledgmentBases = new Uint32Array(packetsMax);
    this.windowShifts = new Int8Array(packetsMax);
    this.labels = new Uint16Array(packetsMax);
    this.applications = new Uint8Array(packetsMax);
    this.states = new Uint8Array(packetsMax);
    this.paths = new Uint16Array(packetsMax);
  }

  /** Whether one more packet finds room. */
  get hasRoom(): boolean {
    return this.length < this.timesNs.length && this.#chunks.length < CHUNKS_MAX;
  }

  /** `event.bytes` have been copied into `chunk` at `start`. */
  append(event: FrameEvent, order: number, chunk: Uint8Array, start: number): void {
    const at = this.length++;
    if (this.#chunks[this.#chunks.length - 1] !== chunk) this.#chunks.push(chunk);
    this.#chunkOf[at] = this.#chunks.length - 1;
    this.#starts[at] = start;
    this.#lengths[at] = event.bytes.length;
    this.used += event.bytes.length;
    this.timesNs[at] = event.timeNs;
    this.packetIds[at] = event.packetId;
    this.interfaces[at] = event.interfaceId;
    this.orders[at] = order;
    if (event.reason !== undefined) this.reasons.set(at, event.reason);
  }

  /** What holds the frame, from `startOf` to `endOf`. */
  octetsOf(index: number): Uint8Array {
    return this.#chunks[this.#chunkOf[index]];
  }

  startOf(index: number): number {
    return this.#starts[index];
  }

  endOf(index: number): number {
    return this.#starts[index] + this.#lengths[index];
  }

  lengthOf(index: number): number {
    return this.#lengths[index];
  }

  bytesOf(index: number): Uint8Array {
    const start = this.#starts[index];
    return this.octetsOf(index).subarray(start, start + this.#lengths[index]);
  }
}

/** Bits of `PacketBlock.flags`. */
export const RowFlag = {
  analyzed: 1,
  fromClient: 2,
  tcp: 4,
  /** A copy of it was dropped somewhere. */
  lost: 8,
  /** TCP says that it brings data again, or its sender does. */
  again: 16,
  /** Its data are shown with an application's state. */
  hasRole: 32,
} as const;

/** What an octet can count. */
const CHUNKS_MAX = 256;
