/** The bodies and options of neighbour discovery: RFC 4861 section 4. */

import type { Walk } from "../walk.ts";

/** Walks what follows the checksum; returns what the line of the packet list adds to the type. */
export function dissectNeighborDiscovery(walk: Walk, type: number): string {
  const info = BODIES.get(type)?.(walk) ?? "";
  return info + dissectOptions(walk, type);
}

const BODIES = new Map<number, (walk: Walk) => string>([
  [
    133,
    (walk) => {
      walk.octets(4, "icmpv6.rs.reserved", "Reserved", "RFC 4861 section 4.1");
      return "";
    },
  ],
  [134, dissectRouterAdvertisement],
  [
    135,
    (walk) => {
      walk.octets(4, "icmpv6.nd.ns.reserved", "Reserved", "RFC 4861 section 4.3");
      const target = walk.address(
        16,
        "icmpv6.nd.ns.target_address",
        "Target address",
        "RFC 4861 section 4.3",
      );
      return ` for ${target}`;
    },
  ],
  [136, dissectNeighborAdvertisement],
  [
    137,
    (walk) => {
      walk.octets(4, "icmpv6.rd.reserved", "Reserved", "RFC 4861 section 4.5");
      const target = walk.address(
        16,
        "icmpv6.rd.na.target_address",
        "Target address",
        "RFC 4861 section 4.5",
      );
      const section = "RFC 4861 section 4.5";
      const destination = walk.address(
        16,
        "icmpv6.nd.rd.destination_address",
        "Destination address",
        section,
      );
      return ` of ${destination} to ${target}`;
    },
  ],
]);

function dissectRouterAdvertisement(walk: Walk): string {
  const section = "RFC 4861 section 4.2";
  walk.uint8("icmpv6.nd.ra.cur_hop_limit", "Current hop limit", section);
  walk.bits(1, section, [
    ["icmpv6.nd.ra.flag.m", "Managed address configuration", 1],
    ["icmpv6.nd.ra.flag.o", "Other configuration", 1],
    ["icmpv6.nd.ra.flag.rsv", "Reserved", 6],
  ]);
  walk.uint16("icmpv6.nd.ra.router_lifetime", "Router lifetime (s)", section);
  walk.uint32("icmpv6.nd.ra.reachable_time", "Reachable time (ms)", section);
  walk.uint32("icmpv6.nd.ra.retrans_timer", "Retransmission timer (ms)", section);
  return "";
}

function dissectNeighborAdvertisement(walk: Walk): string {
  const section = "RFC 4861 section 4.4";
  const [router, solicited, override] = walk.bits(4, section, [
    ["icmpv6.nd.na.flag.r", "Router", 1],
    ["icmpv6.nd.na.flag.s", "Solicited", 1],
    ["icmpv6.nd.na.flag.o", "Override", 1],
    ["icmpv6.nd.na.flag.rsv", "Reserved", 29],
  ]);
  const target = walk.address(16, "icmpv6.nd.na.target_address", "Target address", section);
  const names = [router && "rtr", solicited && "sol", override && "ovr"].filter(Boolean);
  return ` ${target}${names.length === 0 ? "" : ` (${names.join(", ")})`}`;
}

/** RFC 4861 section 4.6: type, length in units of eight octets. */
function dissectOptions(walk: Walk, messageType: number): string {
  let info = "";
  while (walk.left > 0) {
    const type = walk.peek(walk.at, 1);
    const length = walk.peek(walk.at + 1, 1) * 8;
    const section = SECTIONS.get(type) ?? "RFC 4861 section 4.6";
    // RFC 4861 section 4.6: nodes must discard a packet with an option of length zero.
    if (length === 0 || length > walk.left) throw walk.error(`option ${type} has length ${length}`);
    const end = walk.at + length;
    walk.group("icmpv6.opt", OPTIONS.get(type) ?? "Option", section, () => {
      walk.uint8("icmpv6.opt.type", "Type", section);
      walk.uint8("icmpv6.opt.length", "Length", section, { note: () => `${length} octets` });
      const value = dissectOption(walk, type, section);
      if ((type === 1 || type === 2) && value !== "")
        info = messageType === 136 ? ` is at ${value}` : ` from ${value}`;
      if (walk.at < end) walk.octets(end - walk.at, "icmpv6.opt.data", "Data", section);
      return value === "" ? `${length} octets` : value;
    });
  }
  return info;
}

/** Walks the value of an option as far as it is known; "": not at all. */
function dissectOption(walk: Walk, type: number, section: string): string {
  if (type === 1 || type === 2) return walk.mac("icmpv6.opt.linkaddr", "Link-layer address", section);
  if (type === 5) {
    walk.uint16("icmpv6.opt.reserved", "Reserved", section);
    return String(walk.uint32("icmpv6.opt.mtu", "MTU", section));
  }
  return "";
}

const OPTIONS = new Map([
  [1, "Source link-layer address"],
  [2, "Target link-layer address"],
  [3, "Prefix information"],
  [4, "Redirected header"],
  [5, "MTU"],
]);

const SECTIONS = new Map([
  [1, "RFC 4861 section 4.6.1"],
  [2, "RFC 4861 section 4.6.1"],
  [3, "RFC 4861 section 4.6.2"],
  [4, "RFC 4861 section 4.6.3"],
  [5, "RFC 4861 section 4.6.4"],
]);
