/** Internet Protocol version 4: RFC 791. Fragments are shown, not put together. */

import { checksumAdd } from "../../bytes/index.ts";
import type { Dissector, Packet } from "../dissector.ts";
import { hexNumber } from "../show.ts";
import type { Walk } from "../walk.ts";
import { ipProtocolName } from "./ip-protocols.ts";
import { checkSum } from "./transport-checksum.ts";

export const ipv4: Dissector = {
  key: "ip",
  title: "Internet Protocol Version 4",
  standard: "RFC 791",
  dissect(walk, packet) {
    packet.protocol = "IPv4";
    const [version, words] = walk.bits(1, "3.1", [
      ["ip.version", "Version", 4],
      ["ip.hdr_len", "Header length", 4, { times: 4, note: (value) => `${value} words` }],
    ]);
    if (version !== 4) throw walk.error(`version ${version}`, walk.start);
    if (words < 5) throw walk.error(`a header of ${words} words is too short`, walk.start);
    walk.bits(1, "RFC 2474 section 3", [
      ["ip.dsfield.dscp", "Differentiated services codepoint", 6],
      ["ip.dsfield.ecn", "Explicit congestion notification", 2, { note: (bits) => ECN[bits] }],
    ]);
    const totalLength = walk.uint16("ip.len", "Total length", "3.1");
    const end = checkedEnd(walk, packet, totalLength, words * 4);
    const identification = walk.uint16("ip.id", "Identification", "3.1", { hex: true });
    const [, , moreFragments, offset] = walk.bits(2, "3.1", [
      ["ip.flags.rb", "Reserved bit", 1],
      ["ip.flags.df", "Don't fragment", 1],
      ["ip.flags.mf", "More fragments", 1],
      ["ip.frag_offset", "Fragment offset", 13, { note: (units) => `${units * 8} octets` }],
    ]);
    const hopLimit = walk.uint8("ip.ttl", "Time to live", "3.1");
    const number = walk.uint8("ip.proto", "Protocol", "3.1", { note: ipProtocolName });
    walk.uint16("ip.checksum", "Header checksum", "3.1", { hex: true });
    const headerEnd = walk.start + words * 4;
    if (!packet.isQuoted && headerEnd <= walk.end) checkSum(walk, 0, walk.start, headerEnd);
    dissectAddresses(walk, packet, hopLimit, moreFragments === 0 && offset === 0);
    dissectOptions(walk, headerEnd);
    packet.info = ipProtocolName(number) ?? `protocol ${number}`;
    if (packet.network?.isWhole) return { by: "ip.protocol", number, end };
    const id = hexNumber(identification, 4).slice(2);
    packet.info = `Fragmented IP protocol (proto=${packet.info} ${number}, off=${offset * 8}, ID=${id})`;
    return { end };
  },
};

function checkedEnd(walk: Walk, packet: Packet, totalLength: number, headerLength: number): number {
  const end = walk.start + totalLength;
  if (totalLength < headerLength) throw walk.error(`total length ${totalLength} is less than the header's`);
  if (end > walk.end && !packet.isQuoted) {
    walk.problem(`${totalLength} octets are announced, ${walk.end - walk.start} are there`);
  }
  return Math.min(end, walk.end);
}

function dissectAddresses(walk: Walk, packet: Packet, hopLimit: number, isWhole: boolean): void {
  packet.source = walk.address(4, "ip.src", "Source address", "3.1");
  packet.destination = walk.address(4, "ip.dst", "Destination address", "3.1");
  packet.network = { family: 4, hopLimit, isWhole };
  packet.pseudoHeaderSum = checksumAdd(0, walk.frame, walk.at - 8, walk.at);
  walk.title = `Internet Protocol Version 4, Src: ${packet.source}, Dst: ${packet.destination}`;
}

function dissectOptions(walk: Walk, end: number): void {
  if (end > walk.end) throw walk.error("the options are cut off");
  while (walk.at < end) {
    const type = walk.peek(walk.at, 1);
    // End of options and no-operation have no length (RFC 791 section 3.1).
    const length = type < 2 ? 1 : walk.peek(walk.at + 1, 1);
    if (length === 0 || (type >= 2 && length < 2) || walk.at + length > end) {
      throw walk.error(`option ${type} has length ${length}`);
    }
    walk.value(length, "ip.opt.type", "Option", "3.1", String(type), OPTIONS.get(type));
  }
}

/** RFC 3168 section 5. */
const ECN = ["Not-ECT", "ECT(1)", "ECT(0)", "CE"];
const OPTIONS = new Map([
  [0, "end of options"],
  [1, "no operation"],
  [7, "record route"],
  [68, "timestamp"],
  [131, "loose source route"],
  [137, "strict source route"],
  [148, "router alert"],
]);
