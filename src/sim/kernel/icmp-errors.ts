/**
 * The errors of ICMP and ICMPv6 under common names, and how to read one that has arrived: which packet of ours it is
 * about (RFC 792, RFC 1122 section 3.2.2, RFC 4443 section 3).
 */

import { FormatError } from "../../bytes/index.ts";
import * as icmp from "../wire/icmp.ts";
import * as icmpv6 from "../wire/icmpv6.ts";
import { IPV4_HEADER_LENGTH, IPV4_MTU_MIN, ipv4HeaderLength, readUint16 } from "../wire/ipv4.ts";
import { IPV6_HEADER_LENGTH, IPV6_MTU_MIN, walkExtensions } from "../wire/ipv6.ts";
import type { IpPacket } from "./ip-packet.ts";
import type { TransportErrorReport } from "./transport.ts";

export type IcmpErrorKind =
  | TransportErrorReport["kind"]
  | "protocol-unreachable"
  | "reassembly-time-exceeded";

/** Type and code of each error. */
export const ICMP_ERRORS: Record<IcmpErrorKind, readonly [type: number, code: number]> = {
  "network-unreachable": [icmp.ICMP_UNREACHABLE, icmp.ICMP_NETWORK_UNREACHABLE],
  "host-unreachable": [icmp.ICMP_UNREACHABLE, icmp.ICMP_HOST_UNREACHABLE],
  "protocol-unreachable": [icmp.ICMP_UNREACHABLE, icmp.ICMP_PROTOCOL_UNREACHABLE],
  "port-unreachable": [icmp.ICMP_UNREACHABLE, icmp.ICMP_PORT_UNREACHABLE],
  "packet-too-big": [icmp.ICMP_UNREACHABLE, icmp.ICMP_FRAGMENTATION_NEEDED],
  prohibited: [icmp.ICMP_UNREACHABLE, icmp.ICMP_PROHIBITED],
  "time-exceeded": [icmp.ICMP_TIME_EXCEEDED, icmp.ICMP_TTL_EXCEEDED],
  "reassembly-time-exceeded": [icmp.ICMP_TIME_EXCEEDED, icmp.ICMP_REASSEMBLY_EXCEEDED],
};

export const ICMPV6_ERRORS: Record<IcmpErrorKind, readonly [type: number, code: number]> = {
  "network-unreachable": [icmpv6.ICMPV6_UNREACHABLE, icmpv6.ICMPV6_NO_ROUTE],
  "host-unreachable": [icmpv6.ICMPV6_UNREACHABLE, icmpv6.ICMPV6_ADDRESS_UNREACHABLE],
  "protocol-unreachable": [icmpv6.ICMPV6_PARAMETER_PROBLEM, icmpv6.ICMPV6_UNKNOWN_NEXT_HEADER],
  "port-unreachable": [icmpv6.ICMPV6_UNREACHABLE, icmpv6.ICMPV6_PORT_UNREACHABLE],
  "packet-too-big": [icmpv6.ICMPV6_PACKET_TOO_BIG, 0],
  prohibited: [icmpv6.ICMPV6_UNREACHABLE, icmpv6.ICMPV6_PROHIBITED],
  "time-exceeded": [icmpv6.ICMPV6_TIME_EXCEEDED, icmpv6.ICMPV6_HOP_LIMIT_EXCEEDED],
  "reassembly-time-exceeded": [icmpv6.ICMPV6_TIME_EXCEEDED, icmpv6.ICMPV6_REASSEMBLY_EXCEEDED],
};

/** The packet that an error quotes. */
export interface QuotedPacket {
  readonly kind: TransportErrorReport["kind"];
  /** Where its addresses stand in the octets. */
  readonly sourceAt: number;
  readonly destinationAt: number;
  readonly protocol: number;
  readonly transportStart: number;
  readonly transportEnd: number;
  /** With packet-too-big: what fits, never below what every link carries. */
  readonly mtu: number | undefined;
}

/** Reads an ICMP error; undefined when it is not one that concerns a transport, or quotes too little. */
export function readIcmpError(packet: IpPacket): QuotedPacket | undefined {
  const { bytes, start, end } = packet;
  const message = icmp.parseIcmp(bytes, start, end);
  const kind = kindOf(message.type, message.code);
  const at = message.bodyStart;
  if (kind === undefined || end - at < IPV4_HEADER_LENGTH || bytes[at] >> 4 !== 4) return undefined;
  const transportStart = at + ipv4HeaderLength(bytes, at);
  // RFC 792: at least the first 64 bits of the data.
  if (transportStart < at + IPV4_HEADER_LENGTH || end - transportStart < QUOTE_MIN) return undefined;
  const tooBig = kind === "packet-too-big";
  return {
    kind,
    sourceAt: at + 12,
    destinationAt: at + 16,
    protocol: bytes[at + 9],
    transportStart,
    transportEnd: end,
    mtu: tooBig ? nextHopMtu(message.rest & 0xffff, readUint16(bytes, at + 2)) : undefined,
  };
}

/** Reads an ICMPv6 error, as `readIcmpError`. */
export function readIcmpv6Error(packet: IpPacket): QuotedPacket | undefined {
  const { bytes, start, end } = packet;
  const message = icmpv6.parseIcmpv6(bytes, start, end);
  const kind = kindOfV6(message.type, message.code);
  const at = message.bodyStart;
  if (kind === undefined || end - at < IPV6_HEADER_LENGTH || bytes[at] >> 4 !== 6) return undefined;
  try {
    const upper = walkExtensions(bytes, at, end);
    if (end - upper.start < QUOTE_MIN) return undefined;
    return {
      kind,
      sourceAt: at + 8,
      destinationAt: at + 24,
      protocol: upper.protocol,
      transportStart: upper.start,
      transportEnd: end,
      // RFC 8201 section 4: a packet too big that claims less than the IPv6 minimum must not lower it further.
      mtu: kind === "packet-too-big" ? Math.max(message.rest, IPV6_MTU_MIN) : undefined,
    };
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** RFC 1191 section 5: a router that does not say what fits leaves us to guess by the table of section 7. */
function nextHopMtu(told: number, quotedLength: number): number {
  if (told > 0) return Math.max(told, IPV4_MTU_MIN);
  return PLATEAUS.find((plateau) => plateau < quotedLength) ?? IPV4_MTU_MIN;
}

function kindOf(type: number, code: number): TransportErrorReport["kind"] | undefined {
  if (type === icmp.ICMP_TIME_EXCEEDED) return "time-exceeded";
  if (type !== icmp.ICMP_UNREACHABLE) return undefined;
  return UNREACHABLE_KINDS[code];
}

function kindOfV6(type: number, code: number): TransportErrorReport["kind"] | undefined {
  if (type === icmpv6.ICMPV6_TIME_EXCEEDED) return "time-exceeded";
  if (type === icmpv6.ICMPV6_PACKET_TOO_BIG) return "packet-too-big";
  // RFC 4443 section 3.4: an unknown next header is what ICMP calls protocol unreachable.
  if (type === icmpv6.ICMPV6_PARAMETER_PROBLEM) return code === 1 ? "port-unreachable" : undefined;
  if (type !== icmpv6.ICMPV6_UNREACHABLE) return undefined;
  return UNREACHABLE_KINDS_V6[code];
}

const UNREACHABLE_KINDS: Record<number, TransportErrorReport["kind"]> = {
  0: "network-unreachable",
  1: "host-unreachable",
  // RFC 1122 section 4.2.3.9: to a transport, "nobody speaks this protocol" is as hard as "nobody has this port".
  2: "port-unreachable",
  3: "port-unreachable",
  4: "packet-too-big",
  5: "network-unreachable",
  6: "network-unreachable",
  7: "host-unreachable",
  8: "host-unreachable",
  9: "prohibited",
  10: "prohibited",
  11: "network-unreachable",
  12: "host-unreachable",
  13: "prohibited",
};
const UNREACHABLE_KINDS_V6: Record<number, TransportErrorReport["kind"]> = {
  0: "network-unreachable",
  1: "prohibited",
  2: "host-unreachable",
  3: "host-unreachable",
  4: "port-unreachable",
  5: "prohibited",
  6: "prohibited",
};
/** RFC 1191 section 7, table 7-1. */
const PLATEAUS = [32_000, 17_914, 8166, 4352, 2002, 1492, 1006, 508, 296, IPV4_MTU_MIN];
const QUOTE_MIN = 8;
