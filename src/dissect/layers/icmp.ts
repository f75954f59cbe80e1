/** Internet Control Message Protocol: RFC 792. */

import type { Dissector, Packet } from "../dissector.ts";
import { hexNumber } from "../show.ts";
import type { Walk } from "../walk.ts";
import { checkSum } from "./transport-checksum.ts";

export const icmp: Dissector = {
  key: "icmp",
  title: "Internet Control Message Protocol",
  standard: "RFC 792",
  dissect(walk, packet) {
    packet.protocol = "ICMP";
    const type = walk.uint8("icmp.type", "Type", FORMAT, { note: (value) => TYPES.get(value) });
    const code = walk.uint8("icmp.code", "Code", FORMAT, { note: (value) => codeName(type, value) });
    walk.uint16("icmp.checksum", "Checksum", FORMAT, { hex: true });
    if (!packet.isQuoted) checkSum(walk, 0, walk.start, walk.end);
    packet.info = TYPES.get(type) ?? `Type ${type}, code ${code}`;
    if (type === 8 || type === 0) dissectEcho(walk, packet, type === 8 ? "request" : "reply");
    else if (type === 3 || type === 5 || type === 11 || type === 12) dissectError(walk, packet, type, code);
    walk.title = `Internet Control Message Protocol, ${TYPES.get(type) ?? `type ${type}`}`;
    return undefined;
  },
};

function dissectEcho(walk: Walk, packet: Packet, direction: "request" | "reply"): void {
  const identifier = walk.uint16("icmp.ident", "Identifier", "RFC 792, echo", { hex: true });
  const sequence = walk.uint16("icmp.seq", "Sequence number", "RFC 792, echo");
  packet.info = `${describeEcho(direction, identifier, sequence)}, ttl=${packet.network?.hopLimit}`;
  if (walk.left > 0) walk.octets(walk.left, "icmp.data", "Data", "RFC 792, echo");
}

/** "Echo (ping) request id=0x0001, seq=1" */
export function describeEcho(direction: "request" | "reply", identifier: number, sequence: number): string {
  return `Echo (ping) ${direction} id=${hexNumber(identifier, 4)}, seq=${sequence}`;
}

function dissectError(walk: Walk, packet: Packet, type: number, code: number): void {
  packet.info = `${TYPES.get(type)}${codeName(type, code) === undefined ? "" : ` (${codeName(type, code)})`}`;
  if (type === 3 && code === 4) {
    walk.uint16("icmp.unused", "Unused", "RFC 1191 section 4", { hex: true });
    walk.uint16("icmp.mtu", "MTU of next hop", "RFC 1191 section 4");
  } else if (type === 5) walk.address(4, "icmp.redir_gw", "Gateway address", "RFC 792, redirect");
  else walk.octets(4, "icmp.unused", "Unused", FORMAT);
  packet.quote(walk, 0x0800);
}

function codeName(type: number, code: number): string | undefined {
  return CODES.get(type)?.[code];
}

const FORMAT = "RFC 792, message formats";

const TYPES = new Map([
  [0, "Echo (ping) reply"],
  [3, "Destination unreachable"],
  [5, "Redirect"],
  [8, "Echo (ping) request"],
  [11, "Time-to-live exceeded"],
  [12, "Parameter problem"],
]);

/** RFC 792; from code 5 on RFC 1122 section 3.2.2.1 and RFC 1812 section 5.2.7.1. */
const CODES = new Map([
  [
    3,
    [
      "Network unreachable",
      "Host unreachable",
      "Protocol unreachable",
      "Port unreachable",
      "Fragmentation needed",
      "Source route failed",
      "Destination network unknown",
      "Destination host unknown",
      "Source host isolated",
      "Network administratively prohibited",
      "Host administratively prohibited",
      "Network unreachable for TOS",
      "Host unreachable for TOS",
      "Communication administratively filtered",
    ],
  ],
  [11, ["Time to live exceeded in transit", "Fragment reassembly time exceeded"]],
]);
