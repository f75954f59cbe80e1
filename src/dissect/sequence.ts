/**
 * A conversation as a sequence diagram: the socket calls of both sides beside the packets, in their true order. This
 * is the model; sequence-text.ts and sequence-svg.ts draw it. Read first: sim/capture/journal.ts, where it comes from.
 */

import type { Endpoint } from "../net/index.ts";
import type { Journal } from "../sim/capture/journal.ts";
import type { CapturedPacket, CaptureInterface } from "../sim/capture/packet.ts";
import { Analysis, type AnalyzedPacket } from "./analysis.ts";
import type { Conversation } from "./conversations.ts";
import type { Names } from "./packet-table.ts";
import { arrowOf } from "./sequence-arrow.ts";
import { callEvents } from "./sequence-calls.ts";
import { withPhases } from "./sequence-phases.ts";

export interface SequenceSource {
  readonly packets: Iterable<CapturedPacket>;
  readonly journal: Pick<Journal, "calls" | "journey">;
  readonly interfaces: readonly CaptureInterface[];
  readonly names: Names;
}

export interface Sequence {
  readonly conversation: Conversation;
  /** The client, then the server. */
  readonly lifelines: readonly [Lifeline, Lifeline];
  /** In the order in which they happened. */
  readonly events: readonly SequenceEvent[];
}

export interface Lifeline {
  readonly name: string;
  readonly endpoint: Endpoint;
}

/** 0: the client, 1: the server. */
export type Side = 0 | 1;

export type SequenceEvent =
  /** What begins here: "establishment". */
  | { readonly kind: "phase"; readonly timeNs: number; readonly text: string }
  | { readonly kind: "send"; readonly timeNs: number; readonly arrow: Arrow }
  /** The packet has come to the other side, or is lost. */
  | { readonly kind: "arrive"; readonly timeNs: number; readonly arrow: Arrow }
  | CallEvent
  | { readonly kind: "gap"; readonly timeNs: number; readonly text: string };

export interface CallEvent {
  readonly kind: "call";
  readonly timeNs: number;
  readonly side: Side;
  /** "connect(10.0.0.2:7)", or of a return "= 21". */
  readonly text: string;
  /**
   * - "once": it does not wait;
   * - "begin", "return": it waits between the two.
   */
  readonly role: "once" | "begin" | "return";
  readonly callId: number;
  readonly call: string;
}

/** A packet. */
export interface Arrow {
  /** Its "No." in the packet list. */
  readonly number: number;
  readonly from: Side;
  readonly sentAtNs: number;
  /** Undefined when it was lost or nobody saw it arrive. */
  readonly arrivedAtNs: number | undefined;
  readonly lost: { readonly atNs: number; readonly reason: string } | undefined;
  /** What the application says, else the flags: "C: HELO crepes.fr", "SYN, ACK". */
  readonly title: string;
  /** "seq=1 ack=1 len=21" */
  readonly detail: string;
  /** What is remarkable: "Retransmission", "arrives twice". */
  readonly marks: readonly string[];
  /** Why it was sent, where the sender's kernel says so. */
  readonly comment: string | undefined;
  /** What it does in a TCP connection. */
  readonly role: "SYN" | "FIN" | "RST" | "data" | "other";
}

/** An event and its place among those of the same instant. */
export interface Placed<Event extends SequenceEvent = SequenceEvent> {
  readonly order: number;
  readonly event: Event;
}

/** The diagrams of the conversations that `isWanted` picks, in the order of their first packets. */
export function sequencesOf(
  source: SequenceSource,
  isWanted: (conversation: Conversation, index: number) => boolean = () => true,
): Sequence[] {
  const analysis = new Analysis();
  const packets = new Map<Conversation, AnalyzedPacket[]>();
  for (const packet of source.packets) {
    const analyzed = analysis.handle(packet);
    const { conversation } = analyzed;
    if (conversation === undefined) continue;
    const known = packets.get(conversation);
    if (known === undefined) packets.set(conversation, [analyzed]);
    else known.push(analyzed);
  }
  return [...packets]
    .filter(([conversation], index) => isWanted(conversation, index))
    .map(([conversation, analyzed]) => sequenceOf(source, conversation, analyzed));
}

/**
 * The diagram of one conversation from its packets; of a long one the middle need not be there: then `skipped` says
 * how many packets are missing, and on both sides of the gap there are at least EVENTS_MAX events.
 */
export function sequenceOf(
  source: Omit<SequenceSource, "packets">,
  conversation: Conversation,
  analyzed: readonly AnalyzedPacket[],
  skipped = 0,
): Sequence {
  const hostOf = hostNamer(source.interfaces);
  const { client, server } = conversation;
  const placed: Placed[] = analyzed.flatMap((packet) => {
    const id = packet.packet.packetId;
    const journey = id === undefined ? undefined : source.journal.journey(id);
    return arrowOf(packet, journey, (interfaceId, address) => {
      return source.interfaces[interfaceId]?.hostName === hostOf(address);
    });
  });
  placed.push(...callEvents(source.journal.calls, conversation, hostOf));
  placed.sort((a, b) => a.event.timeNs - b.event.timeNs || a.order - b.order);
  const lifeline = (endpoint: Endpoint): Lifeline => {
    return { name: source.names.get(endpoint.address) ?? endpoint.address, endpoint };
  };
  const events = withPhases(placed.map(({ event }) => event));
  return { conversation, lifelines: [lifeline(client), lifeline(server)], events: elided(events, skipped) };
}

function hostNamer(interfaces: readonly CaptureInterface[]): (address: string) => string | undefined {
  const hosts = new Map<string, string>();
  for (const { addresses, hostName } of interfaces)
    for (const address of addresses) if (!hosts.has(address)) hosts.set(address, hostName);
  return (address) => hosts.get(address);
}

/** A conversation of a million packets is told by its begin and its end. */
function elided(events: readonly SequenceEvent[], skipped: number): SequenceEvent[] {
  if (events.length <= EVENTS_MAX) return [...events];
  const tail = events.slice(-EVENTS_TAIL);
  const omitted = events.slice(EVENTS_HEAD, -EVENTS_TAIL);
  const packets = skipped + omitted.filter(({ kind }) => kind === "send").length;
  const calls = omitted.filter((event) => event.kind === "call" && event.role !== "return").length;
  const text = `${packets} packets and ${calls} socket calls are left out here`;
  const gap: SequenceEvent = { kind: "gap", timeNs: omitted[0].timeNs, text };
  const shown = new Set(tail.flatMap((event) => (event.kind === "send" ? [event.arrow] : [])));
  const isWhole = (event: SequenceEvent): boolean => event.kind !== "arrive" || shown.has(event.arrow);
  return [...events.slice(0, EVENTS_HEAD), gap, ...tail.filter(isWhole)];
}

/** A mail of several recipients fits; what is longer does not fit on a few pages either. */
export const EVENTS_MAX = 240;
const EVENTS_HEAD = 160;
const EVENTS_TAIL = 60;
