/** Ethernet II frames (RFC 894; IEEE 802.3 clause 3). */

import type { Dissector } from "../dissector.ts";

export const ethernet: Dissector = {
  key: "eth",
  title: "Ethernet II",
  standard: "IEEE 802.3",
  dissect(walk, packet) {
    packet.destination = walk.mac("eth.dst", "Destination", "3.2.4");
    packet.source = walk.mac("eth.src", "Source", "3.2.5");
    packet.protocol = "Ethernet";
    const number = walk.uint16("eth.type", "Type", "RFC 894", { hex: true, note: (type) => TYPES.get(type) });
    walk.title = `Ethernet II, Src: ${packet.source}, Dst: ${packet.destination}`;
    packet.info = TYPES.get(number) ?? `Type ${walk.last.value}`;
    return { by: "ethertype", number };
  },
};

const TYPES = new Map([
  [0x0800, "IPv4"],
  [0x0806, "ARP"],
  [0x86dd, "IPv6"],
]);
