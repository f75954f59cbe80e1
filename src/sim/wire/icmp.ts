/** The Internet Control Message Protocol of IPv4: RFC 792, RFC 1122 section 3.2.2, RFC 1191 section 4 (the MTU). */

import { checksum, FormatError } from "../../bytes/index.ts";
import { readUint16, writeUint16 } from "./ipv4.ts";

export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  /** Octets 4 to 7: identifier and sequence number of an echo; unused, MTU or pointer of an error. */
  readonly rest: number;
  /** An echo's data, or the packet that an error is about, from its IP header on. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/** Parses the message in [start, end). The checksum is not verified. ICMPv6 has the same frame. */
export function parseIcmp(bytes: Uint8Array, start = 0, end = bytes.length): IcmpMessage {
  if (end - start < ICMP_HEADER_LENGTH) {
    throw new FormatError("icmp", start, `needs ${ICMP_HEADER_LENGTH} octets, ${end - start} are left`);
  }
  return {
    type: bytes[start],
    code: bytes[start + 1],
    checksum: readUint16(bytes, start + 2),
    rest: readUint16(bytes, start + 4) * 0x10000 + readUint16(bytes, start + 6),
    bodyStart: start + ICMP_HEADER_LENGTH,
    bodyEnd: end,
  };
}

/** Writes the header of the message [at, end) whose body is already in place; the checksum stays 0. */
export function emitIcmpHeader(
  bytes: Uint8Array,
  at: number,
  header: Pick<IcmpMessage, "type" | "code" | "rest">,
): void {
  bytes[at] = header.type;
  bytes[at + 1] = header.code;
  writeUint16(bytes, at + 2, 0);
  writeUint16(bytes, at + 4, Math.floor(header.rest / 0x10000));
  writeUint16(bytes, at + 6, header.rest & 0xffff);
}

/** Sets the checksum of the message [at, end): RFC 792, over the message alone. */
export function writeIcmpChecksum(bytes: Uint8Array, at: number, end: number): void {
  writeUint16(bytes, at + 2, 0);
  writeUint16(bytes, at + 2, checksum(bytes, at, end));
}

export function describeIcmp(message: IcmpMessage): string {
  const echo = `id ${message.rest >>> 16}, sequence ${message.rest & 0xffff}`;
  if (message.type === ICMP_ECHO_REQUEST) return `Echo request, ${echo}`;
  if (message.type === ICMP_ECHO_REPLY) return `Echo reply, ${echo}`;
  if (message.type === ICMP_UNREACHABLE) {
    const why = UNREACHABLE_NAMES[message.code] ?? `code ${message.code}`;
    const mtu = message.code === ICMP_FRAGMENTATION_NEEDED ? ` (MTU ${message.rest & 0xffff})` : "";
    return `Destination unreachable: ${why}${mtu}`;
  }
  if (message.type === ICMP_TIME_EXCEEDED) {
    return `Time exceeded: ${message.code === ICMP_TTL_EXCEEDED ? "TTL ran out in transit" : "fragment reassembly"}`;
  }
  return `ICMP type ${message.type}, code ${message.code}`;
}

/** RFC 1122 section 3.2.2: which messages are about another packet. */
export function isIcmpError(type: number): boolean {
  return ERROR_TYPES.includes(type);
}

export const ICMP_HEADER_LENGTH = 8;
export const ICMP_ECHO_REPLY = 0;
export const ICMP_UNREACHABLE = 3;
const ICMP_SOURCE_QUENCH = 4;
const ICMP_REDIRECT = 5;
export const ICMP_ECHO_REQUEST = 8;
export const ICMP_TIME_EXCEEDED = 11;
const ICMP_PARAMETER_PROBLEM = 12;

// Codes of ICMP_UNREACHABLE: RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1.
export const ICMP_NETWORK_UNREACHABLE = 0;
export const ICMP_HOST_UNREACHABLE = 1;
export const ICMP_PROTOCOL_UNREACHABLE = 2;
export const ICMP_PORT_UNREACHABLE = 3;
export const ICMP_FRAGMENTATION_NEEDED = 4;
export const ICMP_PROHIBITED = 13;
// Codes of ICMP_TIME_EXCEEDED.
export const ICMP_TTL_EXCEEDED = 0;
export const ICMP_REASSEMBLY_EXCEEDED = 1;

const ERROR_TYPES = [
  ICMP_UNREACHABLE,
  ICMP_SOURCE_QUENCH,
  ICMP_REDIRECT,
  ICMP_TIME_EXCEEDED,
  ICMP_PARAMETER_PROBLEM,
];
const UNREACHABLE_NAMES: Record<number, string> = {
  0: "network unreachable",
  1: "host unreachable",
  2: "protocol unreachable",
  3: "port unreachable",
  4: "fragmentation needed",
  5: "source route failed",
  6: "network unknown",
  7: "host unknown",
  9: "network prohibited",
  10: "host prohibited",
  13: "communication prohibited",
};
