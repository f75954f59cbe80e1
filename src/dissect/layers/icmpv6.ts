/** ICMPv6 (RFC 4443) and neighbour discovery (RFC 4861). */

import type { Dissector, Packet } from "../dissector.ts";
import type { Walk } from "../walk.ts";
import { describeEcho } from "./icmp.ts";
import { dissectNeighborDiscovery } from "./neighbor-discovery.ts";
import { checkTransport } from "./transport-checksum.ts";

export const icmpv6: Dissector = {
  key: "icmpv6",
  title: "Internet Control Message Protocol v6",
  standard: "RFC 4443",
  dissect(walk, packet) {
    packet.protocol = "ICMPv6";
    const type = walk.uint8("icmpv6.type", "Type", "2.1", { note: (value) => TYPES.get(value) });
    const code = walk.uint8("icmpv6.code", "Code", "2.1", { note: (value) => CODES.get(type)?.[value] });
    walk.uint16("icmpv6.checksum", "Checksum", "2.3", { hex: true });
    checkTransport(walk, packet, 58, walk.start, walk.end);
    const name = TYPES.get(type) ?? `type ${type}`;
    packet.info = name;
    walk.title = `Internet Control Message Protocol v6, ${name}`;
    if (type === 128 || type === 129) dissectEcho(walk, packet, type === 128 ? "request" : "reply");
    else if (type >= 1 && type <= 4) dissectError(walk, packet, type, code);
    else if (type >= 133 && type <= 137) packet.info = name + dissectNeighborDiscovery(walk, type);
    return undefined;
  },
};

function dissectEcho(walk: Walk, packet: Packet, direction: "request" | "reply"): void {
  const identifier = walk.uint16("icmpv6.echo.identifier", "Identifier", "4.1", { hex: true });
  const sequence = walk.uint16("icmpv6.echo.sequence_number", "Sequence number", "4.1");
  packet.info = `${describeEcho(direction, identifier, sequence)}, hop limit=${packet.network?.hopLimit}`;
  if (walk.left > 0) walk.octets(walk.left, "icmpv6.data", "Data", "4.1");
}

function dissectError(walk: Walk, packet: Packet, type: number, code: number): void {
  const detail = CODES.get(type)?.[code];
  packet.info = `${TYPES.get(type)}${detail === undefined ? "" : ` (${detail})`}`;
  if (type === 2) walk.uint32("icmpv6.mtu", "MTU", "3.2");
  else if (type === 4) walk.uint32("icmpv6.pointer", "Pointer", "3.4");
  else walk.octets(4, "icmpv6.unused", "Unused", "3.1");
  packet.quote(walk, 0x86dd);
}

const TYPES = new Map([
  [1, "Destination Unreachable"],
  [2, "Packet Too Big"],
  [3, "Time Exceeded"],
  [4, "Parameter Problem"],
  [128, "Echo (ping) request"],
  [129, "Echo (ping) reply"],
  [133, "Router Solicitation"],
  [134, "Router Advertisement"],
  [135, "Neighbor Solicitation"],
  [136, "Neighbor Advertisement"],
  [137, "Redirect"],
]);

/** RFC 4443 section 3. */
const CODES = new Map([
  [
    1,
    [
      "no route to destination",
      "administratively prohibited",
      "beyond scope of source address",
      "address unreachable",
      "port unreachable",
      "source address failed policy",
      "reject route",
    ],
  ],
  [3, ["hop limit exceeded in transit", "fragment reassembly time exceeded"]],
  [4, ["erroneous header field", "unrecognized next header", "unrecognized option"]],
]);
