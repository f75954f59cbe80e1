/** A conversation as a sequence diagram, drawn from its own packets alone. */

import {
  type AnalyzedPacket,
  conversationTitle,
  EVENTS_MAX,
  type Sequence,
  sequenceOf as sequenceModelOf,
  sequenceSvg,
  sequenceText,
} from "../../dissect/index.ts";
import type { SequenceView } from "../protocol/packets.ts";
import { conversationOf, numbersOf } from "./select.ts";
import type { PacketStore } from "./store.ts";

/** Throws LocalError "no-conversation". */
export function sequenceOf(store: PacketStore, id: number): SequenceView {
  const sequence = sequenceModel(store, id);
  const title = conversationTitle(sequence.conversation, store.names());
  return { conversation: id, title, svg: sequenceSvg(sequence), text: sequenceText(sequence) };
}

/** The same before it is drawn. */
export function sequenceModel(store: PacketStore, id: number): Sequence {
  const { conversation } = conversationOf(store, id);
  const { interfaces } = store;
  const ends = [conversation.client.address, conversation.server.address];
  const hosts = new Set(
    interfaces
      .filter(({ addresses }) => ends.some((end) => addresses.includes(end)))
      .map((each) => each.hostName),
  );
  const { head, tail, skipped } = headAndTail(numbersOf(store, id));
  const packets = [...head, ...tail].map((number) => store.analyzed(number));
  const numbers = new Map(packets.map((each) => [each?.packet.packetId, each?.packet.number]));
  const journal = {
    calls: store.calls.on(hosts),
    journey: (packetId: number) => store.journey(numbers.get(packetId) ?? 0),
  };
  const known = packets.filter((each): each is AnalyzedPacket => each !== undefined);
  return sequenceModelOf({ journal, interfaces, names: store.names() }, conversation, known, skipped);
}

/** The first and the last of many: what lies between is left out of the drawing anyway. */
function headAndTail(numbers: Iterable<number>): { head: number[]; tail: number[]; skipped: number } {
  const head: number[] = [];
  const tail: number[] = [];
  let skipped = 0;
  for (const number of numbers) {
    if (head.length < PACKETS) head.push(number);
    else if (tail.push(number) === 2 * PACKETS) skipped += tail.splice(0, PACKETS).length;
  }
  skipped += tail.splice(0, Math.max(0, tail.length - PACKETS)).length;
  return { head, tail, skipped };
}

/** Each leaves and arrives: two events. */
const PACKETS = EVENTS_MAX / 2;
