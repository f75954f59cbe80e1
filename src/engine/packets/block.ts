/**
 * A run of packets in columns: what the tap told, then what the analysis found. One object for thousands of packets,
 * because the console promises a million. Filters read the columns directly; everyone else asks the store.
 */

import type { FrameEvent } from "../../sim/capture/index.ts";

export class PacketBlock {
  /** The "No." of its first packet. */
  readonly firstNumber: number;
  length = 0;
  octets: Uint8Array = new Uint8Array(OCTETS_FIRST);
  used = 0;
  readonly timesNs: Float64Array;
  readonly packetIds: Float64Array;
  readonly ends: Uint32Array;
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
    this.ends = new Uint32Array(packetsMax);
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

  /** Whether one more packet finds room; the octets grow as needed up to a bound. */
  hasRoom(octets: number): boolean {
    if (this.length === this.timesNs.length) return false;
    return this.length === 0 || this.used + octets <= OCTETS_MAX;
  }

  append(event: FrameEvent, order: number): void {
    const at = this.length++;
    const end = this.used + event.bytes.length;
    if (end > this.octets.length) this.#grow(end);
    this.octets.set(event.bytes, this.used);
    this.used = end;
    this.timesNs[at] = event.timeNs;
    this.packetIds[at] = event.packetId;
    this.ends[at] = end;
    this.interfaces[at] = event.interfaceId;
    this.orders[at] = order;
    if (event.reason !== undefined) this.reasons.set(at, event.reason);
  }

  /** No more packets come: gives back the room that is left. */
  seal(): void {
    if (this.used < this.octets.length) this.octets = this.octets.slice(0, this.used);
  }

  startOf(index: number): number {
    return index === 0 ? 0 : this.ends[index - 1];
  }

  lengthOf(index: number): number {
    return this.ends[index] - this.startOf(index);
  }

  bytesOf(index: number): Uint8Array {
    return this.octets.subarray(this.startOf(index), this.ends[index]);
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.octets.length * 2));
    larger.set(this.octets.subarray(0, this.used));
    this.octets = larger;
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

const OCTETS_FIRST = 128 * 1024;
const OCTETS_MAX = 4 * 1024 * 1024;
