/** ICMPv6: RFC 4443. Its messages have the frame of ICMP (`parseIcmp`); types, codes and checksum differ. */

import { type IcmpMessage, parseIcmp } from "./icmp.ts";
import { transportChecksum, writeUint16 } from "./ipv4.ts";

export type Icmpv6Message = IcmpMessage;

/** Parses the message in [start, end). The checksum is not verified. */
export function parseIcmpv6(bytes: Uint8Array, start = 0, end = bytes.length): Icmpv6Message {
  return parseIcmp(bytes, start, end);
}

/** Sets the checksum of the message [at, end): RFC 4443 section 2.3, with the pseudo-header. */
export function writeIcmpv6Checksum(
  bytes: Uint8Array,
  at: number,
  end: number,
  source: Uint8Array,
  destination: Uint8Array,
): void {
  writeUint16(bytes, at + 2, 0);
  writeUint16(bytes, at + 2, icmpv6Checksum(bytes, at, end, source, destination));
}

/** 0 when the message carries its own right checksum. */
export function icmpv6Checksum(
  bytes: Uint8Array,
  at: number,
  end: number,
  source: Uint8Array,
  destination: Uint8Array,
): number {
  return transportChecksum(bytes, at, end, source, destination, ICMPV6);
}

export function describeIcmpv6(message: Icmpv6Message): string {
  const echo = `id ${message.rest >>> 16}, sequence ${message.rest & 0xffff}`;
  switch (message.type) {
    case ICMPV6_ECHO_REQUEST:
      return `Echo request, ${echo}`;
    case ICMPV6_ECHO_REPLY:
      return `Echo reply, ${echo}`;
    case ICMPV6_UNREACHABLE:
      return `Destination unreachable: ${UNREACHABLE_NAMES[message.code] ?? `code ${message.code}`}`;
    case ICMPV6_PACKET_TOO_BIG:
      return `Packet too big (MTU ${message.rest})`;
    case ICMPV6_TIME_EXCEEDED:
      return `Time exceeded: ${message.code === 0 ? "hop limit ran out in transit" : "fragment reassembly"}`;
    case ICMPV6_PARAMETER_PROBLEM:
      return `Parameter problem: ${PARAMETER_NAMES[message.code] ?? `code ${message.code}`} at octet ${message.rest}`;
    case NEIGHBOUR_SOLICITATION:
      return "Neighbour solicitation";
    case NEIGHBOUR_ADVERTISEMENT:
      return "Neighbour advertisement";
    default:
      return `ICMPv6 type ${message.type}, code ${message.code}`;
  }
}

/** Errors have types below 128, information from 128: RFC 4443 section 2.1. */
export function isIcmpv6Error(type: number): boolean {
  return type < 128;
}

export const ICMPV6_UNREACHABLE = 1;
export const ICMPV6_PACKET_TOO_BIG = 2;
export const ICMPV6_TIME_EXCEEDED = 3;
export const ICMPV6_PARAMETER_PROBLEM = 4;
export const ICMPV6_ECHO_REQUEST = 128;
export const ICMPV6_ECHO_REPLY = 129;
export const NEIGHBOUR_SOLICITATION = 135;
export const NEIGHBOUR_ADVERTISEMENT = 136;

// Codes of ICMPV6_UNREACHABLE: RFC 4443 section 3.1.
export const ICMPV6_NO_ROUTE = 0;
export const ICMPV6_PROHIBITED = 1;
export const ICMPV6_ADDRESS_UNREACHABLE = 3;
export const ICMPV6_PORT_UNREACHABLE = 4;
// Codes of ICMPV6_TIME_EXCEEDED: RFC 4443 section 3.3.
export const ICMPV6_HOP_LIMIT_EXCEEDED = 0;
export const ICMPV6_REASSEMBLY_EXCEEDED = 1;
/** Code of ICMPV6_PARAMETER_PROBLEM: RFC 4443 section 3.4. */
export const ICMPV6_UNKNOWN_NEXT_HEADER = 1;

const ICMPV6 = 58;
const UNREACHABLE_NAMES: Record<number, string> = {
  0: "no route",
  1: "communication prohibited",
  2: "beyond scope of source address",
  3: "address unreachable",
  4: "port unreachable",
  5: "source address failed policy",
  6: "route rejected",
};
const PARAMETER_NAMES: Record<number, string> = {
  0: "erroneous header field",
  1: "unknown next header",
  2: "unknown option",
};
