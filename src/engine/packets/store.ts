/**
 * The packets of a world, for the console: recorded as they leave, analysed in slices outside the packet path, and
 * dissected when somebody looks. A packet's context lies in columns, so any of a million is understood without going
 * through those before it. Read first: recorder.ts, block.ts.
 */

import { Analysis, type AnalyzedPacket } from "../../dissect/analysis.ts";
import type { Conversation } from "../../dissect/conversations.ts";
import { flowOf } from "../../dissect/flow.ts";
import { type Dissection, dissect, type Names, namesOf, type PacketContext } from "../../dissect/index.ts";
import {
  type CallTap,
  type CapturedPacket,
  type CaptureInterface,
  type FrameEvent,
  hostNamesOf,
  type Journey,
  type SocketCall,
  type Tap,
} from "../../sim/capture/index.ts";
import { type PacketBlock, RowFlag } from "./block.ts";
import { CallLog } from "./call-log.ts";
import { ContextColumns } from "./context-columns.ts";
import type { LoggedEvent } from "./event-log.ts";
import { Recorder, type RecorderBounds } from "./recorder.ts";
import { Vocabulary } from "./vocabulary.ts";

export interface PacketStoreOptions extends Partial<RecorderBounds> {
  /** Wall clock at virtual time 0. */
  readonly startUnixMs: number;
  /** The interfaces of the world, which may grow. */
  readonly interfaces: () => readonly CaptureInterface[];
}

/** Tells whether the time for a slice of work is over. The engine asks a clock; tests count. */
export type IsOver = () => boolean;

/** Work that takes slices, too. */
export interface Job {
  /** True when it is done. */
  advance(isOver: IsOver): boolean;
  /** It will not be carried on: whoever waits for it must hear what there is. */
  giveUp?(): void;
}

/** A conversation and where its packets lie. */
export interface KnownConversation {
  /** Counts from 1, in the order of their first packets. */
  readonly id: number;
  readonly conversation: Conversation;
  readonly firstNumber: number;
  lastNumber: number;
}

export class PacketStore implements Tap, CallTap {
  readonly recorder: Recorder;
  readonly calls: CallLog;
  readonly columns = new ContextColumns();
  /** Which protocols stand on which: "eth:ip:tcp:smtp". Filled where somebody had to know. */
  readonly paths = new Vocabulary(65_535, "");
  readonly startUnixMs: number;
  readonly #interfaces: () => readonly CaptureInterface[];
  readonly #analysis = new Analysis();
  readonly #ids = new WeakMap<Conversation, KnownConversation>();
  readonly #conversations = new Map<number, KnownConversation>();
  /** Goes on where it is: to begin anew each time would pass by all that was deleted before. */
  readonly #oldestConversation = this.#conversations.keys();
  readonly #jobs = new Set<Job>();
  #conversationCount = 0;
  #analyzedTo = 0;

  constructor(options: PacketStoreOptions) {
    const { packetsMax = PACKETS_MAX, octetsMax = OCTETS_MAX, eventsMax = EVENTS_MAX } = options;
    if (!(packetsMax >= 1 && octetsMax >= 1)) throw new RangeError("a store needs room for one packet");
    this.recorder = new Recorder({ packetsMax, octetsMax, eventsMax });
    this.calls = new CallLog(() => this.recorder.events.skip());
    this.startUnixMs = options.startUnixMs;
    this.#interfaces = options.interfaces;
  }

  /** The "No." of the oldest packet that it holds, of the newest, and of the newest that is analysed. */
  get firstNumber(): number {
    return this.recorder.firstNumber;
  }

  get lastNumber(): number {
    return this.recorder.lastNumber;
  }

  get analyzedTo(): number {
    return this.#analyzedTo;
  }

  get length(): number {
    return this.recorder.length;
  }

  get forgottenCount(): number {
    return this.recorder.forgottenCount;
  }

  get interfaces(): readonly CaptureInterface[] {
    return this.#interfaces();
  }

  /** The conversations that are known, the oldest first; like packets they are forgotten when there are too many. */
  get conversations(): IterableIterator<KnownConversation> {
    return this.#conversations.values();
  }

  handleFrame(event: FrameEvent): void {
    this.recorder.handleFrame(event);
  }

  handleCall(call: SocketCall): void {
    this.calls.handleCall(call);
  }

  /** `analyzeSome` carries it on until it is done. */
  addJob(job: Job): void {
    this.#jobs.add(job);
  }

  /** Nothing comes any more, and nobody looks. */
  close(): void {
    for (const job of this.#jobs) job.giveUp?.();
    this.#jobs.clear();
  }

  /** Analyses what was recorded since and carries jobs on, until `isOver`; true when nothing is left. */
  analyzeSome(isOver: IsOver): boolean {
    const isDone = this.#analyzeSome(isOver);
    if (isDone || !isOver()) for (const job of this.#jobs) if (job.advance(isOver)) this.#jobs.delete(job);
    return isDone && this.#jobs.size === 0;
  }

  /** At once, as far as this packet. */
  analyzeUpTo(number: number): void {
    if (this.#analyzedTo < number) this.#analyzeSome(() => this.#analyzedTo >= number);
  }

  #analyzeSome(isOver: IsOver): boolean {
    const { recorder } = this;
    while (this.#analyzedTo < recorder.lastNumber) {
      const number = Math.max(this.#analyzedTo + 1, recorder.firstNumber);
      const block = recorder.blockOf(number) as PacketBlock;
      const end = Math.min(block.length, number - block.firstNumber + ANALYZED_AT_ONCE);
      for (let at = number - block.firstNumber; at < end; at++) this.#analyze(block, at);
      this.#analyzedTo = block.firstNumber + end - 1;
      if (isOver()) break;
    }
    return this.#analyzedTo >= recorder.lastNumber;
  }

  conversation(id: number): KnownConversation | undefined {
    return this.#conversations.get(id);
  }

  /** The host names of the addresses as they are now. */
  names(): Names {
    return namesOf(hostNamesOf(this.interfaces));
  }

  /** Undefined when the store does not hold it. */
  packet(number: number): CapturedPacket | undefined {
    const block = this.recorder.blockOf(number);
    return block && this.#packet(block, number - block.firstNumber);
  }

  context(number: number): PacketContext {
    const block = this.recorder.blockOf(number);
    return block === undefined ? {} : this.columns.read(block, number - block.firstNumber);
  }

  /** As `Analysis` told it. */
  analyzed(number: number): AnalyzedPacket | undefined {
    const block = this.recorder.blockOf(number);
    if (block === undefined) return undefined;
    const at = number - block.firstNumber;
    const conversation = this.#conversations.get(block.conversations[at])?.conversation;
    const packet = this.#packet(block, at);
    return { packet, context: this.columns.read(block, at), flow: flowOf(packet.bytes), conversation };
  }

  /** The frame taken apart; whatever is in it. */
  dissection(block: PacketBlock, at: number): Dissection {
    const frame = block.bytesOf(at);
    try {
      return dissect(frame, this.columns.read(block, at));
    } catch (error) {
      // A mistake of a dissector must cost one row of the list, not the list.
      const problem = `cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
      const columns = { protocol: "?", source: "", destination: "", info: problem };
      return { layers: [], ...columns, problems: [problem] };
    }
  }

  /** Why it was sent and, if it was, why and where it was dropped: as `Capture` says it. */
  comment(block: PacketBlock, at: number): string | undefined {
    const reason = block.reasons.get(at);
    if ((block.flags[at] & RowFlag.lost) === 0) return reason;
    const drops = this.recorder.dropsOf(block.firstNumber + at).map((drop) => {
      const afterMs = Math.round((drop.timeNs - block.timesNs[at]) / 1000) / 1000;
      return `dropped at ${this.placeOf(drop.interfaceId)} after ${afterMs} ms: ${drop.reason ?? "no reason given"}`;
    });
    return [...(reason === undefined ? [] : [reason]), ...drops].join("; ");
  }

  /** "r1 eth0" */
  placeOf(interfaceId: number): string {
    const found = this.interfaces[interfaceId];
    return found === undefined ? `interface ${interfaceId}` : `${found.hostName} ${found.name}`;
  }

  /** Where it was seen after its origin, in order; `isWhole` is false when older events are forgotten. */
  events(number: number): { readonly events: readonly LoggedEvent[]; readonly isWhole: boolean } {
    const block = this.recorder.blockOf(number);
    if (block === undefined) return { events: [], isWhole: false };
    const link = block.lastEvents[number - block.firstNumber];
    const { events, isWhole } = this.recorder.events.backwards(link);
    return { events: events.reverse(), isWhole };
  }

  /** The same for sequence diagrams. */
  journey(number: number): Journey | undefined {
    const block = this.recorder.blockOf(number);
    if (block === undefined) return undefined;
    const { count } = this.recorder.events;
    const { events, isWhole } = this.events(number);
    const order = count - ((count - block.orders[number - block.firstNumber]) >>> 0) - 0.5;
    const waypoints = events.map(({ index, ...event }) => ({ ...event, order: index }));
    const arrivals = waypoints.filter(({ kind }) => kind === "receive");
    const drops = isWhole ? waypoints.filter(({ kind }) => kind === "drop") : this.recorder.dropsOf(number);
    return { order, arrivals, drops };
  }

  #packet(block: PacketBlock, at: number): CapturedPacket {
    const bytes = block.bytesOf(at);
    return {
      number: block.firstNumber + at,
      timeNs: block.timesNs[at],
      interfaceId: block.interfaces[at],
      kind: "origin",
      packetId: block.packetIds[at],
      bytes,
      length: bytes.length,
      comment: this.comment(block, at),
    };
  }

  #analyze(block: PacketBlock, at: number): void {
    const number = block.firstNumber + at;
    const { conversation, context } = this.#contextOf(block, at, number);
    let id = 0;
    if (conversation !== undefined) {
      const known = this.#ids.get(conversation) ?? this.#meet(conversation, number);
      known.lastNumber = number;
      id = known.id;
    }
    this.columns.write(block, at, context, id);
  }

  #contextOf(
    block: PacketBlock,
    at: number,
    number: number,
  ): Pick<AnalyzedPacket, "conversation" | "context"> {
    try {
      const bytes = block.bytesOf(at);
      const { timesNs, interfaces, packetIds } = block;
      return this.#analysis.handle({
        ...{ number, timeNs: timesNs[at], interfaceId: interfaces[at], kind: "origin" },
        ...{ packetId: packetIds[at], bytes, length: bytes.length, comment: undefined },
      });
    } catch {
      // A mistake of a tracker must not stop the list: the packet is shown by itself.
      return { conversation: undefined, context: {} };
    }
  }

  #meet(conversation: Conversation, number: number): KnownConversation {
    const known = { id: ++this.#conversationCount, conversation, firstNumber: number, lastNumber: number };
    this.#ids.set(conversation, known);
    this.#conversations.set(known.id, known);
    if (this.#conversations.size > CONVERSATIONS_MAX)
      this.#conversations.delete(this.#oldestConversation.next().value as number);
    return known;
  }
}

/** What the console promises to show. */
const PACKETS_MAX = 1_000_000;
const OCTETS_MAX = 512 * 1024 * 1024;
/** The journeys of at least the newest 300,000 packets over three links, in 80 MB. */
const EVENTS_MAX = 4_000_000;
/** As many as the analysis follows. */
const CONVERSATIONS_MAX = 100_000;
/** A quarter of a millisecond. */
const ANALYZED_AT_ONCE = 128;
