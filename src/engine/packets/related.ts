/**
 * Packets that belong to a packet: the answer to a question and the question of an answer, where it was acknowledged or
 * sent again, its other fragments, the packet that an error is about. Looked for nearby, when a packet is opened.
 */

import type { Dissection } from "../../dissect/index.ts";
import { TcpFlag } from "../../sim/wire/tcp.ts";
import type { PacketDetail } from "../protocol/packets.ts";
import { type PacketBlock, RowFlag } from "./block.ts";
import { numbersOf, previousOf } from "./select.ts";
import type { PacketStore } from "./store.ts";

type Related = PacketDetail["related"][number];

export function relatedTo(
  store: PacketStore,
  block: PacketBlock,
  at: number,
  dissection: Dissection,
): Related[] {
  const has = (protocol: string): boolean => dissection.layers.some((layer) => layer.protocol === protocol);
  if (has("arp")) return arpPartner(store, block, at);
  if (has("icmp") || has("icmpv6")) return echoPartner(store, block, at, dissection);
  if (block.conversations[at] === 0) return [];
  const isTcp = (block.flags[at] & RowFlag.tcp) !== 0;
  const partners = has("dns")
    ? dnsPartner(store, block, at, dissection)
    : linePartner(store, block, at, isTcp);
  return [...partners, ...(isTcp ? segments(store, block, at) : [])];
}

/** A question and its answer in the same conversation, by the transaction's number. */
function dnsPartner(store: PacketStore, block: PacketBlock, at: number, dissection: Dissection): Related[] {
  const id = fieldValue(dissection, "dns.id");
  const isResponse = fieldValue(dissection, "dns.flags.response") === "1";
  const found = near(store, block, at, isResponse ? "backwards" : "forwards", (otherBlock, otherAt) => {
    if (isFromClient(otherBlock, otherAt) === isFromClient(block, at)) return false;
    return fieldValue(store.dissection(otherBlock, otherAt), "dns.id") === id;
  });
  return relate(found, isResponse ? "answers packet" : "answered in packet");
}

/** In a dialogue: what the other side said before, or says next. */
function linePartner(store: PacketStore, block: PacketBlock, at: number, isTcp: boolean): Related[] {
  if (block.applications[at] === 0) return [];
  const context = store.columns.read(block, at);
  const flow = store.analyzed(block.firstNumber + at)?.flow;
  if (flow === undefined || flow.payload.length === 0) return [];
  const fromClient = context.fromClient === true;
  const found = near(store, block, at, fromClient ? "forwards" : "backwards", (otherBlock, otherAt) => {
    if (isFromClient(otherBlock, otherAt) === fromClient) return false;
    if (isTcp && (otherBlock.flags[otherAt] & RowFlag.again) !== 0) return false;
    return (store.analyzed(otherBlock.firstNumber + otherAt)?.flow?.payload.length ?? 0) > 0;
  });
  return relate(found, fromClient ? "answered in packet" : "answers packet");
}

/** Where a segment was acknowledged, sent first, sent again; whose ACK it repeats. */
function segments(store: PacketStore, block: PacketBlock, at: number): Related[] {
  const own = store.analyzed(block.firstNumber + at)?.flow?.tcp;
  if (own === undefined) return [];
  const related: Related[] = [];
  const repeated = block.labelNumbers?.[2 * at] ?? 0;
  if (repeated > 0) related.push({ text: "repeats the ACK of packet", number: repeated });
  if (own.length === 0) return related;
  const isSame = (otherBlock: PacketBlock, otherAt: number): boolean => {
    if (isFromClient(otherBlock, otherAt) !== isFromClient(block, at)) return false;
    const other = store.analyzed(otherBlock.firstNumber + otherAt)?.flow?.tcp;
    return other !== undefined && other.length > 0 && other.sequence === own.sequence;
  };
  related.push(...relate(near(store, block, at, "backwards", isSame), "sends again packet"));
  related.push(...relate(near(store, block, at, "forwards", isSame), "sent again in packet"));
  const end = own.sequence + own.length;
  const acknowledged = near(store, block, at, "forwards", (otherBlock, otherAt) => {
    if (isFromClient(otherBlock, otherAt) === isFromClient(block, at)) return false;
    const other = store.analyzed(otherBlock.firstNumber + otherAt)?.flow?.tcp;
    // RFC 9293 section 3.4: numbers count modulo 2^32.
    return (
      other !== undefined &&
      (other.flags & TcpFlag.acknowledgment) !== 0 &&
      ((other.acknowledgment - end) | 0) >= 0
    );
  });
  return [...related, ...relate(acknowledged, "acknowledged in packet")];
}

/** Request and reply of ARP: who asks for an address, and who says that it has it. */
function arpPartner(store: PacketStore, block: PacketBlock, at: number): Related[] {
  const own = arpOf(block, at);
  if (own === undefined) return [];
  const isReply = own.operation === 2;
  const found = nearAny(store, block, at, isReply ? "backwards" : "forwards", (otherBlock, otherAt) => {
    const other = arpOf(otherBlock, otherAt);
    if (other === undefined || other.operation === own.operation) return false;
    return other.sender === own.target && other.target === own.sender;
  });
  return relate(found, isReply ? "answers packet" : "answered in packet");
}

function arpOf(
  block: PacketBlock,
  at: number,
): { operation: number; sender: number; target: number } | undefined {
  const bytes = block.bytesOf(at);
  if (bytes.length < 42 || bytes[12] !== 0x08 || bytes[13] !== 0x06) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { operation: view.getUint16(20), sender: view.getUint32(28), target: view.getUint32(38) };
}

/** An echo and its reply; the packet that an error quotes. */
function echoPartner(store: PacketStore, block: PacketBlock, at: number, dissection: Dissection): Related[] {
  const layer = dissection.layers.find(({ protocol }) => protocol === "icmp" || protocol === "icmpv6");
  if (layer === undefined) return [];
  const own = block.bytesOf(at);
  const type = own[layer.start];
  const pair = ECHOES.find((each) => each.includes(type) && each[2] === layer.protocol);
  if (pair === undefined) return quotedPacket(store, block, at, dissection);
  const isReply = type === pair[1];
  const found = nearAny(store, block, at, isReply ? "backwards" : "forwards", (otherBlock, otherAt) => {
    const other = otherBlock.bytesOf(otherAt);
    if (other.length !== own.length || other[layer.start] !== (isReply ? pair[0] : pair[1])) return false;
    // Identifier and sequence number, and the addresses the other way round.
    for (let i = 4; i < 8; i++) if (other[layer.start + i] !== own[layer.start + i]) return false;
    const [start, length] = layer.protocol === "icmp" ? [26, 4] : [22, 16];
    for (let i = 0; i < length; i++) if (other[start + i] !== own[start + length + i]) return false;
    return true;
  });
  return relate(found, isReply ? "answers packet" : "answered in packet");
}

function quotedPacket(store: PacketStore, block: PacketBlock, at: number, dissection: Dissection): Related[] {
  const quoted = dissection.layers
    .flatMap(({ fields }) => fields)
    .find(({ key }) => key === "ip" || key === "ipv6");
  if (quoted === undefined) return [];
  const bytes = block.bytesOf(at);
  // What no router changes: of IPv4 identification, protocol and addresses, of IPv6 addresses and what follows.
  const ranges = quoted.key === "ip" ? IPV4_UNCHANGED : IPV6_UNCHANGED;
  const found = nearAny(store, block, at, "backwards", (otherBlock, otherAt) => {
    const other = otherBlock.bytesOf(otherAt);
    if ((other[14] ?? 0) >> 4 !== bytes[quoted.start] >> 4) return false;
    return ranges.every(([from, to]) => {
      for (let i = from; i < to; i++) if (other[14 + i] !== bytes[quoted.start + i]) return false;
      return true;
    });
  });
  return relate(found, "is about packet");
}

type Direction = "forwards" | "backwards";

/** The nearest packet of the same conversation that `isIt`. */
function near(
  store: PacketStore,
  block: PacketBlock,
  at: number,
  direction: Direction,
  isIt: (block: PacketBlock, at: number) => boolean,
): number | undefined {
  const id = block.conversations[at];
  const own = block.firstNumber + at;
  const test = (number: number): boolean => {
    const other = store.recorder.blockOf(number);
    return other !== undefined && isIt(other, number - other.firstNumber);
  };
  let tried = 0;
  if (direction === "forwards") {
    for (const number of numbersOf(store, id, own + 1)) {
      if (test(number)) return number;
      if (++tried === CONVERSATION_TRIED_MAX) return undefined;
    }
    return undefined;
  }
  let number = previousOf(store, id, own);
  while (number !== undefined && tried++ < CONVERSATION_TRIED_MAX) {
    if (test(number)) return number;
    number = previousOf(store, id, number);
  }
  return undefined;
}

/** The nearest of all packets that `isIt`. */
function nearAny(
  store: PacketStore,
  block: PacketBlock,
  at: number,
  direction: Direction,
  isIt: (block: PacketBlock, at: number) => boolean,
): number | undefined {
  const step = direction === "forwards" ? 1 : -1;
  const own = block.firstNumber + at;
  for (let tried = 1; tried <= TRIED_MAX; tried++) {
    const number = own + step * tried;
    const other = store.recorder.blockOf(number);
    if (other === undefined) return undefined;
    if (isIt(other, number - other.firstNumber)) return number;
  }
  return undefined;
}

function fieldValue(dissection: Dissection, key: string): string | undefined {
  for (const { fields } of dissection.layers) {
    const found = fields.find((field) => field.key === key);
    if (found !== undefined) return found.value;
  }
  return undefined;
}

function isFromClient(block: PacketBlock, at: number): boolean {
  return (block.flags[at] & RowFlag.fromClient) !== 0;
}

function relate(number: number | undefined, text: string): Related[] {
  return number === undefined ? [] : [{ text, number }];
}

/** Request and reply: RFC 792, RFC 4443 section 4. */
const ECHOES: readonly (readonly [number, number, string])[] = [
  [8, 0, "icmp"],
  [128, 129, "icmpv6"],
];
const IPV4_UNCHANGED = [
  [4, 6],
  [9, 10],
  [12, 20],
];
const IPV6_UNCHANGED = [
  [6, 7],
  [8, 48],
];
/** Answers come soon; a packet must open at once. */
const CONVERSATION_TRIED_MAX = 2000;
const TRIED_MAX = 20_000;
