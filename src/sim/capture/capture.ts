/**
 * Records what a world tells of its packets, within bounds. By default each packet once, where it began (so
 * that Wireshark sees no duplicates); what became of it later is joined by its number when the capture is
 * read. What must stay true: memory is bounded, whatever the world does; recording never fails and never
 * changes a frame.
 */

import { overlaps, type Part, partOf } from "./fragment.ts";
import type { CapturedPacket } from "./packet.ts";
import { Segment } from "./segment.ts";
import type { FrameEvent, Tap } from "./tap.ts";

export interface CaptureOptions {
  /** Which events become packets of the capture; absent: `atOrigin`. */
  readonly record?: (event: FrameEvent) => boolean;
  readonly packetsMax?: number;
  readonly octetsMax?: number;
  /** At a bound: forget the oldest packets (absent), or take no more. */
  readonly whenFull?: "forget-oldest" | "refuse";
  /** Names an interface in comments: "r1 eth0"; absent: "interface 3". */
  readonly interfaceName?: (id: number) => string;
}

/** Each packet once, at the host that made it. */
export function atOrigin(event: FrameEvent): boolean {
  return event.kind === "origin";
}

/** What a capture on these interfaces would show: frames that leave and frames that arrive. */
export function onInterfaces(ids: readonly number[]): (event: FrameEvent) => boolean {
  const wanted = new Set(ids);
  return (event) => event.kind !== "drop" && wanted.has(event.interfaceId);
}

/** Every event of every interface, drops too. */
export function everything(): boolean {
  return true;
}

export class Capture implements Tap {
  readonly #record: (event: FrameEvent) => boolean;
  readonly #packetsMax: number;
  readonly #octetsMax: number;
  readonly #refuses: boolean;
  readonly #interfaceName: (id: number) => string;
  readonly #segments: Segment[] = [];
  /** By packet: the drops of its copies. */
  readonly #drops = new Map<number, Drop[]>();
  /** Goes on where it is: to begin anew each time would pass by all that was deleted before. */
  readonly #oldestDrop = this.#drops.keys();
  #dropCount = 0;
  #length = 0;
  #octets = 0;
  #forgotten = 0;
  #refused = 0;

  constructor(options: CaptureOptions = {}) {
    this.#record = options.record ?? atOrigin;
    this.#packetsMax = options.packetsMax ?? PACKETS_MAX;
    this.#octetsMax = options.octetsMax ?? OCTETS_MAX;
    this.#refuses = options.whenFull === "refuse";
    this.#interfaceName = options.interfaceName ?? ((id) => `interface ${id}`);
    if (!(this.#packetsMax >= 1 && this.#octetsMax >= 1))
      throw new RangeError("a capture needs room for at least one packet and one octet");
  }

  /** Packets it holds. */
  get length(): number {
    return this.#length;
  }

  /** Octets of frames it holds. */
  get octets(): number {
    return this.#octets;
  }

  /** Packets that it held and dropped for newer ones. */
  get forgottenCount(): number {
    return this.#forgotten;
  }

  /** Packets that it did not take because it was full. */
  get refusedCount(): number {
    return this.#refused;
  }

  /** The "No." of the oldest packet it holds. */
  get firstNumber(): number {
    return this.#forgotten + 1;
  }

  /** One line for a person when packets are missing, else undefined. */
  get lossNotice(): string | undefined {
    const bounds = `the capture holds at most ${this.#packetsMax} packets and ${this.#octetsMax} octets`;
    if (this.#forgotten > 0) return `the oldest ${this.#forgotten} packets were dropped: ${bounds}`;
    if (this.#refused > 0) return `the last ${this.#refused} packets were not recorded: ${bounds}`;
    return undefined;
  }

  handleFrame(event: FrameEvent): void {
    const recorded = this.#record(event);
    if (event.kind === "drop" && !recorded) this.#noteDrop(event);
    else if (recorded) this.#append(event);
  }

  /** The packet with this "No.", or undefined when the capture does not hold it. */
  get(number: number): CapturedPacket | undefined {
    if (number < this.firstNumber || number >= this.firstNumber + this.#length) return undefined;
    let low = 0;
    for (let high = this.#segments.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if (this.#segments[middle].firstNumber <= number) low = middle;
      else high = middle - 1;
    }
    return this.#packet(this.#segments[low], number);
  }

  /** All packets, oldest first. */
  *packets(): Generator<CapturedPacket, void, undefined> {
    for (const segment of this.#segments) {
      for (let index = 0; index < segment.length; index++) {
        yield this.#packet(segment, segment.firstNumber + index);
      }
    }
  }

  #packet(segment: Segment, number: number): CapturedPacket {
    const { reason, ...event } = segment.at(number - segment.firstNumber);
    const comments = reason === undefined ? [] : [event.kind === "drop" ? `dropped: ${reason}` : reason];
    const drops = event.kind === "drop" ? [] : (this.#drops.get(event.packetId) ?? []);
    for (const drop of drops) {
      if (overlaps(drop.part, partOf(event.bytes))) comments.push(this.#fate(event.timeNs, drop));
    }
    const comment = comments.length === 0 ? undefined : comments.join("; ");
    return { number, ...event, length: event.bytes.length, comment };
  }

  #fate(sentAtNs: number, drop: Drop): string {
    const afterMs = Math.round((drop.timeNs - sentAtNs) / 1_000) / 1_000;
    const place = this.#interfaceName(drop.interfaceId);
    return `dropped at ${place} after ${afterMs} ms: ${drop.reason ?? "no reason given"}`;
  }

  #append(event: FrameEvent): void {
    const size = event.bytes.length;
    if (!this.#makeRoom(size)) {
      this.#refused++;
      return;
    }
    let segment = this.#segments.at(-1);
    if (segment === undefined || !segment.append(event)) {
      segment = this.#newSegment(size);
      segment.append(event);
    }
    this.#length++;
    this.#octets += size;
  }

  #makeRoom(octets: number): boolean {
    if (octets > this.#octetsMax || (this.#refuses && this.#refused > 0)) return false;
    while (this.#length + 1 > this.#packetsMax || this.#octets + octets > this.#octetsMax) {
      if (this.#refuses) return false;
      this.#forgetSegment();
    }
    return true;
  }

  #newSegment(octetsMin: number): Segment {
    // Whole segments are forgotten at once, so one is at most a sixteenth of the capture.
    const packets = Math.max(1, Math.min(SEGMENT_PACKETS, this.#packetsMax >> 4));
    const octets = Math.max(octetsMin, Math.min(SEGMENT_OCTETS, this.#octetsMax >> 4));
    const segment = new Segment(this.firstNumber + this.#length, packets, octets);
    this.#segments.push(segment);
    return segment;
  }

  #forgetSegment(): void {
    const segment = this.#segments.shift() as Segment;
    for (let index = 0; index < segment.length; index++) this.#forgetDrops(segment.at(index).packetId);
    this.#length -= segment.length;
    this.#octets -= segment.octets;
    this.#forgotten += segment.length;
  }

  #noteDrop(event: FrameEvent): void {
    // The frame itself is not kept: it stands in the record of its origin.
    const { timeNs, interfaceId, reason } = event;
    const drop = { timeNs, interfaceId, reason, part: partOf(event.bytes) };
    const known = this.#drops.get(event.packetId);
    if (known === undefined) this.#drops.set(event.packetId, [drop]);
    else if (known.length < DROPS_PER_PACKET_MAX) known.push(drop);
    else return;
    this.#dropCount++;
    if (this.#dropCount > this.#packetsMax) this.#forgetDrops(this.#oldestDrop.next().value as number);
  }

  #forgetDrops(packetId: number): void {
    this.#dropCount -= this.#drops.get(packetId)?.length ?? 0;
    this.#drops.delete(packetId);
  }
}

/** The end of one copy of a packet, or of a fragment of it. */
interface Drop {
  readonly timeNs: number;
  readonly interfaceId: number;
  readonly reason: string | undefined;
  readonly part: Part;
}

/** What the console promises to show. */
const PACKETS_MAX = 1_000_000;
/** A few minutes of a busy town; well below what a laptop can spare. */
const OCTETS_MAX = 512 * 1024 * 1024;
/** A flood through a broken switch must not grow one comment without end. */
const DROPS_PER_PACKET_MAX = 8;
/** Large enough that the columns' overhead vanishes, small enough to allocate without a pause. */
const SEGMENT_PACKETS = 4096;
const SEGMENT_OCTETS = 1024 * 1024;
