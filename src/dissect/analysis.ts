/**
 * Goes through a capture in its order and knows of each packet what a frame does not say itself: its
 * conversation, relative sequence numbers, labels, the application's state. The context it gives is plain
 * data for `dissect`.
 */

import type { CapturedPacket } from "../sim/capture/packet.ts";
import { TcpFlag, type TcpHeader } from "../sim/wire/tcp.ts";
import type { Tracker } from "./application.ts";
import { type Conversation, ConversationTable } from "./conversations.ts";
import type { PacketContext, TcpContext } from "./dissection.ts";
import { type Flow, flowOf } from "./flow.ts";
import { applicationByName, applications } from "./registry.ts";
import { analyzeSegment, isRepetition, TcpDirection } from "./tcp-analysis.ts";

export interface AnalyzedPacket {
  readonly packet: CapturedPacket;
  /** What `dissect` wants to know. */
  readonly context: PacketContext;
  /** Undefined where there is no TCP or UDP header. */
  readonly flow: Flow | undefined;
  readonly conversation: Conversation | undefined;
}

export class Analysis {
  readonly #table = new ConversationTable();
  /** Gone with the conversation when the table forgets it. */
  readonly #states = new WeakMap<Conversation, ConversationState>();

  get conversations(): readonly Conversation[] {
    return this.#table.conversations;
  }

  /** Takes the next packet of the capture. */
  handle(packet: CapturedPacket): AnalyzedPacket {
    const flow = flowOf(packet.bytes);
    const found = flow && this.#table.add(packet, flow);
    if (flow === undefined || found === undefined)
      return { packet, context: {}, flow, conversation: undefined };
    const { conversation, fromClient } = found;
    let state = this.#states.get(conversation);
    if (state === undefined) this.#states.set(conversation, (state = new ConversationState(conversation)));
    return { packet, context: state.handle(packet, flow, fromClient), flow, conversation };
  }
}

/** What must be remembered of one conversation. */
class ConversationState {
  readonly #conversation: Conversation;
  readonly #client = new TcpDirection();
  readonly #server = new TcpDirection();
  #tracker: Tracker | undefined;
  readonly #states: { client: string | undefined; server: string | undefined } = {
    client: undefined,
    server: undefined,
  };
  #synAtNs: number | undefined;
  #roundTripNs: number | undefined;
  #recognitions = 0;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
    this.#setApplication(conversation.application);
  }

  handle(packet: CapturedPacket, flow: Flow, fromClient: boolean): PacketContext {
    const tcp = flow.tcp && this.#handleSegment(packet, flow.tcp, fromClient);
    const isNew = flow.payload.length > 0 && !(tcp !== undefined && isRepetition(tcp.labels));
    if (isNew && this.#conversation.application === undefined) this.#recognize(flow, fromClient);
    const sender = fromClient ? "client" : "server";
    if (isNew) this.#states[sender] = this.#tracker?.handle(fromClient, flow.payload);
    // What comes again or late is read as what was sent last.
    const state = flow.payload.length > 0 ? this.#states[sender] : undefined;
    const { application } = this.#conversation;
    return {
      fromClient,
      ...(tcp === undefined ? {} : { tcp }),
      ...(application === undefined ? {} : { application }),
      ...(state === undefined ? {} : { state }),
    };
  }

  #handleSegment(packet: CapturedPacket, header: TcpHeader, fromClient: boolean): TcpContext {
    const own = fromClient ? this.#client : this.#server;
    const other = fromClient ? this.#server : this.#client;
    if (fromClient) this.#measureRoundTrip(packet, header);
    const { number, timeNs } = packet;
    const labels = analyzeSegment(own, other, { number, timeNs, header, roundTripNs: this.#roundTripNs });
    const sawHandshake = own.sawSyn && other.sawSyn;
    const isScaled = own.windowScale !== undefined && other.windowScale !== undefined;
    return {
      sequenceBase: own.base as number,
      acknowledgmentBase: other.base ?? (header.acknowledgment - 1) >>> 0,
      windowShift: sawHandshake ? (isScaled ? own.windowScale : 0) : undefined,
      labels,
    };
  }

  /** From the SYN to the ACK of the handshake: a round trip wherever the capture was taken. */
  #measureRoundTrip(packet: CapturedPacket, header: TcpHeader): void {
    if ((header.flags & TcpFlag.synchronize) !== 0) this.#synAtNs = packet.timeNs;
    else if (this.#synAtNs !== undefined) this.#roundTripNs ??= packet.timeNs - this.#synAtNs;
  }

  #recognize(flow: Flow, fromClient: boolean): void {
    // Who has said so much without being known is not known by what comes next.
    if (flow.protocol !== "tcp" || ++this.#recognitions > RECOGNITIONS_MAX) return;
    const found = applications.find(({ recognize }) => recognize?.(flow.payload, fromClient));
    if (found !== undefined) this.#setApplication(found.name);
  }

  #setApplication(name: string | undefined): void {
    this.#conversation.application = name;
    if (name !== undefined) this.#tracker = applicationByName(name)?.track?.();
  }
}

/** The first data of both sides, however they are cut: looking at all of a long transfer takes most of the time. */
const RECOGNITIONS_MAX = 16;
