/**
 * One direction of a link: what happens to a packet between two interfaces. In this order: the link is down or
 * partitioned, the rules, the queue and the time to send, loss, corruption, delay with jitter and reordering,
 * duplication. One event per packet: the time at which it will have left the queue is known when it enters it.
 */

import { Faults } from "./faults.ts";
import type { Frame } from "./frame.ts";
import type { LinkEnd, LinkWorld } from "./link.ts";
import type { FullLinkOptions } from "./options.ts";
import { TransmitQueue } from "./transmit-queue.ts";

export interface DirectionCounters {
  readonly sentPackets: number;
  readonly sentBytes: number;
  readonly deliveredPackets: number;
  readonly droppedPackets: number;
}

export class LinkDirection {
  readonly to: LinkEnd;
  readonly counters = { sentPackets: 0, sentBytes: 0, deliveredPackets: 0, droppedPackets: 0 };
  options: FullLinkOptions;
  up = true;
  partitioned = false;
  readonly #world: LinkWorld;
  readonly #linkName: string;
  readonly #from: LinkEnd;
  readonly #faults: Faults;
  readonly #queue = new TransmitQueue();
  /** When the last packet arrives that was not reordered: none overtakes it. */
  #lastArrivalNs = 0;

  constructor(world: LinkWorld, linkName: string, from: LinkEnd, to: LinkEnd, options: FullLinkOptions) {
    this.#world = world;
    this.#linkName = linkName;
    this.#from = from;
    this.to = to;
    this.options = options;
    this.#faults = new Faults(world.seed, `link ${from.hostName}/${from.name} to ${to.hostName}/${to.name}`);
  }

  /** Packets that wait to be sent, with the one that is being sent. */
  get queuedPackets(): number {
    return this.#queue.length(this.#world.schedule.nowNs);
  }

  /** A cut link has room: it loses everything at once. */
  room(length: number): number {
    return this.up
      ? this.#queue.room(this.#world.schedule.nowNs, length, this.options)
      : Number.POSITIVE_INFINITY;
  }

  send(frame: Frame): void {
    this.counters.sentPackets++;
    this.counters.sentBytes += frame.length;
    if (!this.up) {
      this.#drop(frame, "the link is down");
      return;
    }
    if (this.partitioned) {
      this.#drop(frame, "partition");
      return;
    }
    if (!this.#world.rules.isEmpty && this.#obeyRules(frame)) return;
    const nowNs = this.#world.schedule.nowNs;
    const { options } = this;
    const full = this.#queue.whyFull(nowNs, frame.length, options);
    if (full !== undefined) {
      this.#drop(frame, full);
      return;
    }
    const leftAtNs = this.#queue.enter(nowNs, frame.length, options.bandwidthBps);
    const lost = this.#faults.loss(options);
    if (lost !== undefined) {
      this.#drop(frame, lost);
      return;
    }
    if (this.#faults.chance("corrupt", options.corrupt)) this.#faults.corrupt(frame);
    const arrivalNs = this.#arrivalNs(leftAtNs);
    // The copy is made first: once the frame has arrived, the other end may change it.
    const copy = this.#faults.chance("duplicate", options.duplicate) ? frame.duplicate() : undefined;
    this.#deliverAt(arrivalNs, frame);
    if (copy !== undefined) this.#deliverAt(arrivalNs, copy);
  }

  #arrivalNs(leftAtNs: number): number {
    const { options } = this;
    const arrivalNs =
      leftAtNs + Math.round(options.delayMs * 1e6) + this.#faults.jitterNs(options.jitterMs * 1e6);
    if (this.#faults.chance("reorder", options.reorder))
      return arrivalNs + Math.round(options.reorderMs * 1e6);
    this.#lastArrivalNs = Math.max(this.#lastArrivalNs, arrivalNs);
    return this.#lastArrivalNs;
  }

  /** Whether a rule has decided. */
  #obeyRules(frame: Frame): boolean {
    const { nowNs } = this.#world.schedule;
    const verdict = this.#world.rules.decide({
      link: this.#linkName,
      from: this.#from,
      to: this.to,
      timeNs: nowNs,
      packetId: frame.packetId,
      bytes: frame.bytes.subarray(frame.start),
    });
    if (verdict === "pass") return false;
    if ("drop" in verdict) this.#drop(frame, verdict.drop);
    else this.#deliverAt(nowNs + Math.round(verdict.deliverAfterNs), frame);
    return true;
  }

  #deliverAt(timeNs: number, frame: Frame): void {
    this.#world.schedule.at(timeNs, () => {
      if (!this.up) return this.#drop(frame, "the link is down");
      this.counters.deliveredPackets++;
      this.to.receive(frame);
    });
  }

  #drop(frame: Frame, reason: string): void {
    this.counters.droppedPackets++;
    this.#world.taps.tell("drop", this.#from.id, frame, reason);
  }
}
