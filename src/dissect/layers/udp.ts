/** User Datagram Protocol: RFC 768. */

import type { Dissector } from "../dissector.ts";
import { checkTransport } from "./transport-checksum.ts";

export const udp: Dissector = {
  key: "udp",
  title: "User Datagram Protocol",
  standard: "RFC 768",
  dissect(walk, packet) {
    packet.protocol = "UDP";
    const sourcePort = walk.uint16("udp.srcport", "Source port", FORMAT);
    const destinationPort = walk.uint16("udp.dstport", "Destination port", FORMAT);
    const length = walk.uint16("udp.length", "Length", FORMAT);
    if (length < 8) throw walk.error(`length ${length} is less than the header's`);
    const isCut = walk.start + length > walk.end;
    if (isCut && !packet.isQuoted) {
      walk.problem(`${length} octets are announced, ${walk.end - walk.start} are there`);
    }
    const payloadEnd = isCut ? walk.end : walk.start + length;
    const sum = walk.uint16("udp.checksum", "Checksum", FORMAT, { hex: true });
    // RFC 768: zero means that the sender made none; RFC 8200 section 8.1 forbids that over IPv6.
    if (isCut) walk.last.note = "not checked";
    else if (sum !== 0) checkTransport(walk, packet, 17, walk.start, payloadEnd);
    else if (packet.network?.family === 6) walk.problem("must not be zero over IPv6 (RFC 8200 section 8.1)");
    else walk.last.note = "none";
    packet.info = `${sourcePort} → ${destinationPort} Len=${length - 8}`;
    walk.title = `User Datagram Protocol, Src Port: ${sourcePort}, Dst Port: ${destinationPort}`;
    const ports = { protocol: "udp", sourcePort, destinationPort } as const;
    packet.transport = { ...ports, payloadStart: walk.at, payloadEnd, tcp: undefined };
    return { by: "port", end: payloadEnd };
  },
};

const FORMAT = "RFC 768, format";
