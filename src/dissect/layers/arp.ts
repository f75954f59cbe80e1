/** Address Resolution Protocol for IPv4 over Ethernet: RFC 826; probes and announcements: RFC 5227. */

import type { Dissector } from "../dissector.ts";

export const arp: Dissector = {
  key: "arp",
  title: "Address Resolution Protocol",
  standard: "RFC 826",
  dissect(walk, packet) {
    packet.protocol = "ARP";
    const hardware = walk.uint16("arp.hw.type", "Hardware type", FORMAT, {
      note: (type) => (type === 1 ? "Ethernet" : undefined),
    });
    const protocol = walk.uint16("arp.proto.type", "Protocol type", FORMAT, {
      hex: true,
      note: (type) => (type === 0x0800 ? "IPv4" : undefined),
    });
    const hardwareSize = walk.uint8("arp.hw.size", "Hardware size", FORMAT);
    const protocolSize = walk.uint8("arp.proto.size", "Protocol size", FORMAT);
    const opcode = walk.uint16("arp.opcode", "Opcode", FORMAT, { note: (code) => OPCODES.get(code) });
    if (hardware !== 1 || protocol !== 0x0800 || hardwareSize !== 6 || protocolSize !== 4) {
      packet.info = `ARP for hardware type ${hardware}, protocol type ${protocol}`;
      return undefined;
    }
    const senderMac = walk.mac("arp.src.hw_mac", "Sender MAC address", FORMAT);
    const sender = walk.address(4, "arp.src.proto_ipv4", "Sender IP address", FORMAT);
    walk.mac("arp.dst.hw_mac", "Target MAC address", FORMAT);
    const target = walk.address(4, "arp.dst.proto_ipv4", "Target IP address", FORMAT);
    packet.info = describe(opcode, senderMac, sender, target);
    walk.title = `Address Resolution Protocol (${OPCODES.get(opcode) ?? `opcode ${opcode}`})`;
    // What is left of the smallest Ethernet frame is padding.
    return { end: walk.at };
  },
};

function describe(opcode: number, senderMac: string, sender: string, target: string): string {
  if (opcode === 1 && sender === target) return `ARP Announcement for ${sender}`;
  if (opcode === 1 && sender === "0.0.0.0") return `Who has ${target}? (ARP Probe)`;
  if (opcode === 1) return `Who has ${target}? Tell ${sender}`;
  if (opcode === 2) return `${sender} is at ${senderMac}`;
  return `opcode ${opcode}`;
}

const FORMAT = "RFC 826, packet format";
const OPCODES = new Map([
  [1, "request"],
  [2, "reply"],
]);
