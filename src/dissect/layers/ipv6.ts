/** Internet Protocol version 6 and its extension headers: RFC 8200. Fragments are shown, not put together. */

import { checksumAdd } from "../../bytes/index.ts";
import type { Dissector, Next, Packet } from "../dissector.ts";
import { hexNumber } from "../show.ts";
import type { Walk } from "../walk.ts";
import { ipProtocolName } from "./ip-protocols.ts";

export const ipv6: Dissector = {
  key: "ipv6",
  title: "Internet Protocol Version 6",
  standard: "RFC 8200",
  dissect(walk, packet) {
    packet.protocol = "IPv6";
    const [version] = walk.bits(4, "3", [
      ["ipv6.version", "Version", 4],
      ["ipv6.tclass", "Traffic class", 8, { hex: true }],
      ["ipv6.flow", "Flow label", 20, { hex: true }],
    ]);
    if (version !== 6) throw walk.error(`version ${version}`, walk.start);
    const payloadLength = walk.uint16("ipv6.plen", "Payload length", "3");
    const end = walk.start + 40 + payloadLength;
    if (end > walk.end && !packet.isQuoted) {
      walk.problem(`${payloadLength} octets are announced, ${walk.end - walk.start - 40} are there`);
    }
    const number = walk.uint8("ipv6.nxt", "Next header", "3", { note: ipProtocolName });
    const hopLimit = walk.uint8("ipv6.hlim", "Hop limit", "3");
    packet.source = walk.address(16, "ipv6.src", "Source address", "3");
    packet.destination = walk.address(16, "ipv6.dst", "Destination address", "3");
    packet.network = { family: 6, hopLimit, isWhole: true };
    packet.pseudoHeaderSum = checksumAdd(0, walk.frame, walk.at - 32, walk.at);
    packet.info = ipProtocolName(number) ?? `next header ${number}`;
    walk.title = `Internet Protocol Version 6, Src: ${packet.source}, Dst: ${packet.destination}`;
    return { by: "ip.protocol", number, end: Math.min(end, walk.end) };
  },
};

/** Hop-by-hop options and destination options: RFC 8200 sections 4.3 and 4.6. */
export const ipv6Options: Dissector = {
  key: "ipv6.opts",
  title: "IPv6 Options",
  standard: "RFC 8200",
  dissect(walk) {
    const { number, end } = dissectStart(walk, "4.2");
    while (walk.at < end) {
      const type = walk.peek(walk.at, 1);
      // RFC 8200 section 4.2: Pad1 is the one option without a length.
      const length = type === 0 ? 1 : 2 + walk.peek(walk.at + 1, 1);
      if (walk.at + length > end) throw walk.error(`option ${type} has length ${length}`);
      walk.value(length, "ipv6.opt.type", "Option", "4.2", String(type), OPTIONS.get(type));
    }
    return { by: "ip.protocol", number };
  },
};

/** RFC 8200 section 4.4. */
export const ipv6Routing: Dissector = {
  key: "ipv6.routing",
  title: "IPv6 Routing Header",
  standard: "RFC 8200",
  dissect(walk) {
    const { number, end } = dissectStart(walk, "4.4");
    walk.uint8("ipv6.routing.type", "Routing type", "4.4");
    walk.uint8("ipv6.routing.segleft", "Segments left", "4.4");
    walk.octets(end - walk.at, "ipv6.routing.data", "Type-specific data", "4.4");
    return { by: "ip.protocol", number };
  },
};

/** RFC 8200 section 4.5. */
export const ipv6Fragment: Dissector = {
  key: "ipv6.fraghdr",
  title: "IPv6 Fragment Header",
  standard: "RFC 8200",
  dissect(walk, packet) {
    const number = walk.uint8("ipv6.fraghdr.nxt", "Next header", "4.5", { note: ipProtocolName });
    walk.uint8("ipv6.fraghdr.reserved_octet", "Reserved", "4.5");
    const [offset, , moreFragments] = walk.bits(2, "4.5", [
      ["ipv6.fraghdr.offset", "Fragment offset", 13, { note: (units) => `${units * 8} octets` }],
      ["ipv6.fraghdr.reserved_bits", "Reserved", 2],
      ["ipv6.fraghdr.more", "More fragments", 1],
    ]);
    const identification = walk.uint32("ipv6.fraghdr.ident", "Identification", "4.5", { hex: true });
    return nextOfFragment(packet, number, offset, moreFragments === 1, identification);
  },
};

function nextOfFragment(
  packet: Packet,
  number: number,
  offset: number,
  more: boolean,
  identification: number,
): Next | undefined {
  if (offset === 0 && !more) return { by: "ip.protocol", number };
  if (packet.network !== undefined) packet.network = { ...packet.network, isWhole: false };
  const last = more ? "y" : "n";
  const ident = hexNumber(identification, 8);
  packet.info = `IPv6 fragment (off=${offset * 8} more=${last} ident=${ident} nxt=${number})`;
  return undefined;
}

/** Next header and length in units of eight octets, not counting the first eight. */
function dissectStart(walk: Walk, section: string): { number: number; end: number } {
  const number = walk.uint8("ipv6.ext.nxt", "Next header", section, { note: ipProtocolName });
  const units = walk.uint8("ipv6.ext.len", "Length", section, {
    note: (value) => `${(value + 1) * 8} octets`,
  });
  const end = walk.start + (units + 1) * 8;
  if (end > walk.end) throw walk.error(`a header of ${end - walk.start} octets is cut off`);
  return { number, end };
}

const OPTIONS = new Map([
  [0, "Pad1"],
  [1, "PadN"],
  [5, "Router alert"],
  [194, "Jumbo payload"],
]);
