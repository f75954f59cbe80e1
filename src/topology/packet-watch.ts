/** Counts the packets that the expectations ask for, as they pass: nothing of them is kept but a few lines. */

import { Analysis } from "../dissect/analysis.ts";
import { type Dissection, dissect } from "../dissect/index.ts";
import type { FrameEvent, Tap, TapInterface } from "../sim/capture/tap.ts";
import type { PacketExpectation } from "./network-file.ts";
import { formatTime, matchesPattern } from "./units.ts";

/** What was seen of one expectation so far. */
export interface PacketCount {
  count: number;
  firstAtNs: number | undefined;
  /** The first that matched, else some that matched but for their info. */
  readonly samples: string[];
}

export class PacketWatch implements Tap {
  readonly #counts: ReadonlyMap<PacketExpectation, PacketCount>;
  readonly #analysis = new Analysis();
  /** The interfaces of the world, which may grow. */
  readonly #interfaces: () => readonly TapInterface[];
  readonly #watchesLost: boolean;
  #number = 0;
  /** What wants fresh packets counts those with a higher number. */
  #freshAfter = 0;

  constructor(expectations: readonly PacketExpectation[], interfaces: () => readonly TapInterface[]) {
    this.#counts = new Map(
      expectations.map((each) => [each, { count: 0, firstAtNs: undefined, samples: [] }]),
    );
    this.#interfaces = interfaces;
    this.#watchesLost = expectations.some(({ lost }) => lost);
  }

  /** Packets that hosts have sent so far. */
  get packetCount(): number {
    return this.#number;
  }

  get freshAfter(): number {
    return this.#freshAfter;
  }

  /** What wants fresh packets begins to count anew: from the next packet on, or later. */
  countFresh(after = this.#number): void {
    this.#freshAfter = after;
    for (const [{ fresh }, seen] of this.#counts) {
      if (!fresh) continue;
      seen.count = 0;
      seen.firstAtNs = undefined;
      seen.samples.length = 0;
    }
  }

  countOf(expectation: PacketExpectation): PacketCount {
    const count = this.#counts.get(expectation);
    if (count === undefined) throw new Error("this expectation is not watched");
    return count;
  }

  handleFrame(event: FrameEvent): void {
    if (event.kind === "drop") this.#lookAtLost(event);
    // What is forwarded is the same packet again.
    if (event.kind !== "origin") return;
    this.#number++;
    const { timeNs, interfaceId, kind, packetId, bytes } = event;
    const packet = { number: this.#number, timeNs, interfaceId, kind, packetId, bytes, length: bytes.length };
    const { context } = this.#analysis.handle({ ...packet, comment: event.reason });
    const dissection = dissect(bytes, context);
    for (const [expectation, seen] of this.#counts)
      if (!expectation.lost) this.#look(event, dissection, expectation, seen);
  }

  /** A lost packet is looked at by itself: its conversation has been followed from where it was made. */
  #lookAtLost(event: FrameEvent): void {
    if (!this.#watchesLost) return;
    const dissection = dissect(event.bytes);
    for (const [expectation, seen] of this.#counts)
      if (expectation.lost) this.#look(event, dissection, expectation, seen);
  }

  #look(event: FrameEvent, dissection: Dissection, expectation: PacketExpectation, seen: PacketCount): void {
    const { protocol, from, to, info, fresh } = expectation;
    if (fresh && this.#number <= this.#freshAfter) return;
    const wanted = protocol.toLowerCase();
    if (wanted !== "any" && wanted !== dissection.protocol.toLowerCase()) return;
    if (from !== undefined && !this.#isFrom(event, dissection, from, expectation.lost)) return;
    if (to !== undefined && !this.#isTo(dissection, to)) return;
    const line = `${formatTime(event.timeNs)} ${dissection.protocol}: ${dissection.info}`;
    if (!matchesPattern(info, dissection.info)) {
      if (seen.count === 0 && seen.samples.length < SAMPLES_MAX) seen.samples.push(line);
      return;
    }
    if (seen.count++ > 0) return;
    seen.firstAtNs = event.timeNs;
    seen.samples.splice(0, seen.samples.length, line);
  }

  /** A packet is told of where it is made; a lost one where it is lost, so its source alone says whose it was. */
  #isFrom(event: FrameEvent, { source }: Dissection, from: string, lost: boolean): boolean {
    if (source === from) return true;
    if (!lost) return this.#interfaces()[event.interfaceId]?.hostName === from;
    return this.#interfaces().some((each) => each.hostName === from && each.addresses.includes(source));
  }

  #isTo(dissection: Dissection, to: string): boolean {
    const { destination } = dissection;
    if (destination === to) return true;
    return this.#interfaces().some((each) => each.hostName === to && each.addresses.includes(destination));
  }
}

/** Lines that a failed expectation shows of what it found instead. */
const SAMPLES_MAX = 3;
