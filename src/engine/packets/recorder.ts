/**
 * The half of the store that a world tells: each packet once, where it began, and the events of its journey. Runs on
 * the packet path, so it copies and counts, nothing more. What must stay true: it never throws; memory is bounded.
 */

import { overlaps, partOf } from "../../sim/capture/fragment.ts";
import type { FrameEvent, Tap, Waypoint } from "../../sim/capture/index.ts";
import { PacketBlock, RowFlag } from "./block.ts";
import { EventLog } from "./event-log.ts";
import { NumberIndex } from "./number-index.ts";

export interface RecorderBounds {
  readonly packetsMax: number;
  readonly octetsMax: number;
  /** Events of journeys: the newest are kept. */
  readonly eventsMax: number;
}

export class Recorder implements Tap {
  blocks: readonly PacketBlock[] = [];
  readonly events: EventLog;
  /** Numbers of packets whose fate changed after they were recorded, in the order of the changes; oldest forgotten. */
  readonly changes: number[] = [];
  changesForgotten = 0;
  /** Packets and octets that it holds, and how many packets it no longer does. */
  length = 0;
  octets = 0;
  forgottenCount = 0;
  /** When the first of all packets left, also when it is forgotten. */
  startNs = 0;
  /** What could not be recorded at all, for want of memory. */
  failedCount = 0;
  readonly #bounds: RecorderBounds;
  #last: PacketBlock | undefined;
  /** The frames lie in these one after the other: large enough to be few, and never copied again. */
  #chunk = new Uint8Array(0);
  #chunkUsed = 0;
  readonly #numbers = new NumberIndex();
  /** Of packets that left in fragments: the records of all. */
  readonly #fragments = new Map<number, number[]>();
  readonly #drops = new Map<number, Waypoint[]>();
  /** Goes on where it is: to begin anew each time would pass by all that was deleted before. */
  readonly #oldestDrop = this.#drops.keys();

  constructor(bounds: RecorderBounds) {
    this.#bounds = bounds;
    this.events = new EventLog(bounds.eventsMax);
  }

  get firstNumber(): number {
    return this.forgottenCount + 1;
  }

  get lastNumber(): number {
    return this.forgottenCount + this.length;
  }

  handleFrame(event: FrameEvent): void {
    try {
      if (event.kind === "origin") this.#record(event);
      else this.#follow(event);
    } catch {
      this.failedCount++;
    }
  }

  /** Where its copies were dropped. */
  dropsOf(number: number): readonly Waypoint[] {
    return this.#drops.get(number) ?? [];
  }

  /** The records of all fragments of its packet; none when it is whole. */
  fragmentsWith(number: number): readonly number[] {
    const block = this.blockOf(number);
    if (block === undefined || this.#fragments.size === 0) return [];
    return this.#fragments.get(block.packetIds[number - block.firstNumber]) ?? [];
  }

  /** The block with this number, undefined when no packet has it. */
  blockOf(number: number): PacketBlock | undefined {
    if (!(number >= this.firstNumber && number <= this.lastNumber)) return undefined;
    let low = 0;
    for (let high = this.blocks.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if (this.blocks[middle].firstNumber <= number) low = middle;
      else high = middle - 1;
    }
    return this.blocks[low];
  }

  #record(event: FrameEvent): void {
    const size = event.bytes.length;
    const { packetsMax, octetsMax } = this.#bounds;
    if (size > octetsMax) {
      this.failedCount++;
      return;
    }
    if (this.lastNumber === 0) this.startNs = event.timeNs;
    while (this.length + 1 > packetsMax || this.octets + size > octetsMax) this.#forgetBlock();
    let block = this.#last;
    if (block?.hasRoom !== true) {
      block = new PacketBlock(this.lastNumber + 1, Math.max(1, Math.min(BLOCK_PACKETS, packetsMax >> 4)));
      this.#last = block;
      this.blocks = [...this.blocks, block];
    }
    if (this.#chunkUsed + size > this.#chunk.length) {
      this.#chunk = new Uint8Array(Math.max(size, Math.min(CHUNK_OCTETS, octetsMax >> 4)));
      this.#chunkUsed = 0;
    }
    this.#chunk.set(event.bytes, this.#chunkUsed);
    block.append(event, this.events.count, this.#chunk, this.#chunkUsed);
    this.#chunkUsed += size;
    this.length++;
    this.octets += size;
    this.#noteNumber(event.packetId, this.lastNumber);
  }

  #noteNumber(packetId: number, number: number): void {
    const before = this.#numbers.get(packetId);
    this.#numbers.set(packetId, number);
    if (before === 0) return;
    const known = this.#fragments.get(packetId);
    if (known === undefined) this.#fragments.set(packetId, [before, number]);
    else if (known.length < FRAGMENTS_MAX) known.push(number);
  }

  #follow(event: FrameEvent): void {
    const { packetId, kind, interfaceId, timeNs, reason } = event;
    const number = this.#numberOf(packetId, event.bytes);
    const block = this.blockOf(number);
    if (block === undefined) return;
    const at = number - block.firstNumber;
    const order = this.events.count;
    block.lastEvents[at] = this.events.append(block.lastEvents[at], kind, interfaceId, timeNs, reason);
    if (kind !== "drop") return;
    block.flags[at] |= RowFlag.lost;
    this.#noteDrop(number, { order, timeNs, interfaceId, reason });
  }

  /** Fragments share their packet's number in the world: the octets tell which one a copy is of. */
  #numberOf(packetId: number, bytes: Uint8Array): number {
    const fragments = this.#fragments.size === 0 ? undefined : this.#fragments.get(packetId);
    if (fragments === undefined) return this.#numbers.get(packetId);
    const part = partOf(bytes);
    const found = fragments.find((number) => {
      const block = this.blockOf(number);
      return block !== undefined && overlaps(part, partOf(block.bytesOf(number - block.firstNumber)));
    });
    return found ?? 0;
  }

  #noteDrop(number: number, drop: Waypoint): void {
    this.changes.push(number);
    if (this.changes.length > 2 * CHANGES_MAX) {
      this.changes.splice(0, CHANGES_MAX);
      this.changesForgotten += CHANGES_MAX;
    }
    const known = this.#drops.get(number);
    if (known !== undefined) {
      if (known.length < DROPS_PER_PACKET_MAX) known.push(drop);
      return;
    }
    this.#drops.set(number, [drop]);
    if (this.#drops.size > DROPPED_MAX) this.#drops.delete(this.#oldestDrop.next().value as number);
  }

  #forgetBlock(): void {
    const [block, ...rest] = this.blocks;
    for (let i = 0; i < block.length; i++) {
      this.#numbers.delete(block.packetIds[i], block.firstNumber + i);
      if (this.#fragments.size > 0) this.#fragments.delete(block.packetIds[i]);
      if ((block.flags[i] & RowFlag.lost) !== 0) this.#drops.delete(block.firstNumber + i);
    }
    this.blocks = rest;
    if (rest.length === 0) this.#last = undefined;
    this.length -= block.length;
    this.octets -= block.used;
    this.forgottenCount += block.length;
  }
}

/** Large enough that a block's own cost vanishes, small enough to forget without a pause. */
const BLOCK_PACKETS = 4096;
const CHUNK_OCTETS = 1024 * 1024;
/** 64 KiB in the smallest pieces that a link can ask for. */
const FRAGMENTS_MAX = 256;
/** A flood through a broken switch must not grow one comment without end. */
const DROPS_PER_PACKET_MAX = 8;
/** Losses whose reason is kept with the packet, whatever becomes of its journey: some tens of megabytes. */
const DROPPED_MAX = 200_000;
/** More changes than this between two looks of a view make it begin again. */
const CHANGES_MAX = 16_384;
