/** What a router does with a packet for somebody else: RFC 1812 section 5.2.1, RFC 8200 section 3. */

import { DONT_FRAGMENT, decrementTtl, readUint16 } from "../wire/ipv4.ts";
import { fragmentIpv4 } from "./fragmentation.ts";
import type { IpPacket } from "./ip-packet.ts";
import type { IpStack } from "./stack.ts";

export function forward(ip: IpStack, packet: IpPacket): void {
  // RFC 1122 section 3.2.1.3: a host silently discards what is not for it.
  if (!ip.forwards) {
    packet.drop(`${packet.destination.text} is not an address of this host`);
    return;
  }
  // RFC 1812 section 5.3.4: what came as a link-layer broadcast or multicast is not forwarded.
  if (packet.isGroup) return;
  const { frame, headerStart: at } = packet;
  const v4 = packet.destination.family === 4;
  // RFC 1812 section 5.3.1, RFC 4443 section 3.3.
  if (packet.ttl <= 1) {
    packet.drop(v4 ? "TTL has run out" : "hop limit has run out");
    ip.icmp.sendError("time-exceeded", packet);
    return;
  }
  const to = ip.destination(packet.destination);
  const nic = to.interface;
  if (nic === undefined || to.kind !== "unicast") {
    packet.drop(`no route to ${packet.destination.text}`);
    ip.icmp.sendError("network-unreachable", packet);
    return;
  }
  const { mtu } = nic;
  const tooBig = packet.end - at > mtu;
  if (tooBig && (!v4 || (readUint16(packet.bytes, at + 6) & DONT_FRAGMENT) !== 0)) {
    packet.drop(`larger than the MTU of ${mtu} octets of ${nic.name}, and must not be fragmented`);
    ip.icmp.sendError("packet-too-big", packet, mtu);
    return;
  }
  const bytes = frame.writable();
  if (v4) decrementTtl(bytes, at);
  else bytes[at + 7]--;
  if (!tooBig) {
    ip.output(frame, to, nic, "forward");
    return;
  }
  for (const piece of fragmentIpv4(frame, mtu)) ip.output(piece, to, nic, "forward");
}
