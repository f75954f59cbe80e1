/**
 * The header of IPv4: RFC 791 section 3.1. `checkIpv4` is the one place that decides whether octets are a packet;
 * `parseIpv4Packet` is made for reading (dissection, tests), the kernel reads single fields where they stand.
 */

import { checksum, checksumAdd, checksumFinish, FormatError } from "../../bytes/index.ts";
import { formatAddress } from "../../net/index.ts";

export interface Ipv4Packet {
  readonly headerLength: number;
  /** Differentiated services and ECN: the second octet (RFC 2474, RFC 3168). */
  readonly trafficClass: number;
  /** Header and payload together. */
  readonly totalLength: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In octets. */
  readonly fragmentOffset: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly headerChecksum: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** Uninterpreted; RFC 791 section 3.1. */
  readonly options: Uint8Array;
  readonly payloadStart: number;
  /** Octets behind it are padding of the frame. */
  readonly payloadEnd: number;
}

/** Parses the packet that begins at `start`. The header checksum is not verified: see `ipv4ChecksumIsRight`. */
export function parseIpv4Packet(bytes: Uint8Array, start = 0, end = bytes.length): Ipv4Packet {
  const wrong = checkIpv4(bytes, start, end);
  if (wrong !== undefined) throw wrong;
  const headerLength = ipv4HeaderLength(bytes, start);
  const totalLength = readUint16(bytes, start + 2);
  const fragment = readUint16(bytes, start + 6);
  return {
    headerLength,
    trafficClass: bytes[start + 1],
    totalLength,
    identification: readUint16(bytes, start + 4),
    dontFragment: (fragment & DONT_FRAGMENT) !== 0,
    moreFragments: (fragment & MORE_FRAGMENTS) !== 0,
    fragmentOffset: (fragment & FRAGMENT_OFFSET) * 8,
    ttl: bytes[start + 8],
    protocol: bytes[start + 9],
    headerChecksum: readUint16(bytes, start + 10),
    source: bytes.subarray(start + 12, start + 16),
    destination: bytes.subarray(start + 16, start + 20),
    options: bytes.subarray(start + IPV4_HEADER_LENGTH, start + headerLength),
    payloadStart: start + headerLength,
    payloadEnd: start + totalLength,
  };
}

/** What keeps the octets from being an IPv4 packet, undefined when nothing does. */
export function checkIpv4(bytes: Uint8Array, start: number, end: number): FormatError | undefined {
  const length = end - start;
  if (length < IPV4_HEADER_LENGTH) {
    return new FormatError("ipv4", start, `needs ${IPV4_HEADER_LENGTH} octets, ${length} are left`);
  }
  if (bytes[start] >> 4 !== 4) return new FormatError("ipv4.version", start, `is ${bytes[start] >> 4}`);
  const headerLength = ipv4HeaderLength(bytes, start);
  const totalLength = readUint16(bytes, start + 2);
  if (headerLength < IPV4_HEADER_LENGTH || headerLength > totalLength) {
    return new FormatError(
      "ipv4.headerLength",
      start,
      `${headerLength} in a packet of ${totalLength} octets`,
    );
  }
  if (totalLength > length) {
    return new FormatError("ipv4.totalLength", start + 2, `is ${totalLength}, ${length} octets are there`);
  }
  const offset = (readUint16(bytes, start + 6) & FRAGMENT_OFFSET) * 8;
  if (offset + totalLength - headerLength > IPV4_PAYLOAD_MAX) {
    return new FormatError("ipv4.fragmentOffset", start + 6, `${offset}: the whole would be too long`);
  }
  return undefined;
}

/** Writes the 20 octets of a header without options, checksum included. */
export function emitIpv4(
  bytes: Uint8Array,
  at: number,
  header: Pick<Ipv4Packet, "totalLength" | "identification" | "ttl" | "protocol" | "source" | "destination"> &
    Partial<Pick<Ipv4Packet, "trafficClass" | "dontFragment" | "moreFragments" | "fragmentOffset">>,
): void {
  bytes[at] = 0x45;
  bytes[at + 1] = header.trafficClass ?? 0;
  writeUint16(bytes, at + 2, header.totalLength);
  writeUint16(bytes, at + 4, header.identification);
  let fragment = (header.fragmentOffset ?? 0) >> 3;
  if (header.dontFragment) fragment |= DONT_FRAGMENT;
  if (header.moreFragments) fragment |= MORE_FRAGMENTS;
  writeUint16(bytes, at + 6, fragment);
  bytes[at + 8] = header.ttl;
  bytes[at + 9] = header.protocol;
  for (let i = 0; i < 4; i++) bytes[at + 12 + i] = header.source[i];
  for (let i = 0; i < 4; i++) bytes[at + 16 + i] = header.destination[i];
  writeIpv4Checksum(bytes, at);
}

export function describeIpv4(packet: Ipv4Packet): string {
  const from = formatAddress(packet.source);
  const to = formatAddress(packet.destination);
  const part =
    packet.moreFragments || packet.fragmentOffset > 0
      ? `, fragment ${packet.identification} at ${packet.fragmentOffset}${packet.moreFragments ? "" : " (last)"}`
      : "";
  return `${from} to ${to}, protocol ${packet.protocol}, ${packet.totalLength} octets, TTL ${packet.ttl}${part}`;
}

/** The checksum over the header stands for its octets; RFC 791 section 3.1. */
export function ipv4ChecksumIsRight(bytes: Uint8Array, start: number): boolean {
  return checksum(bytes, start, start + ipv4HeaderLength(bytes, start)) === 0;
}

/** Sets the checksum of the header at `at`. */
export function writeIpv4Checksum(bytes: Uint8Array, at: number): void {
  writeUint16(bytes, at + 10, 0);
  writeUint16(bytes, at + 10, checksum(bytes, at, at + ipv4HeaderLength(bytes, at)));
}

/** One less to live, with the checksum following by RFC 1624 section 3: HC' = ~(~HC + ~m + m'). */
export function decrementTtl(bytes: Uint8Array, at: number): void {
  bytes[at + 8]--;
  // m and m' are the word of TTL and protocol; m' = m - 0x0100.
  const sum = (~readUint16(bytes, at + 10) & 0xffff) + (0xffff - 0x0100);
  writeUint16(bytes, at + 10, ~((sum & 0xffff) + (sum >> 16)));
}

/** The sum over the pseudo-header that UDP and TCP checksums begin with: RFC 768, RFC 9293 section 3.1; RFC 8200 section 8.1. */
export function pseudoHeaderSum(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): number {
  return checksumAdd(checksumAdd(protocol + (length >>> 16) + (length & 0xffff), source), destination);
}

/** The checksum of a transport packet [start, end) between two addresses; 0 when its own checksum is in it and right. */
export function transportChecksum(
  bytes: Uint8Array,
  start: number,
  end: number,
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
): number {
  return checksumFinish(
    checksumAdd(pseudoHeaderSum(source, destination, protocol, end - start), bytes, start, end),
  );
}

export function ipv4HeaderLength(bytes: Uint8Array, start: number): number {
  return (bytes[start] & 0x0f) * 4;
}

export function readUint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

export function writeUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

export const IPV4_HEADER_LENGTH = 20;
/** RFC 791 section 3.1: the total length has 16 bits. */
export const IPV4_TOTAL_MAX = 65_535;
/** RFC 791 section 3.2: every link carries 68 octets without fragmenting. */
export const IPV4_MTU_MIN = 68;
export const DONT_FRAGMENT = 0x4000;
export const MORE_FRAGMENTS = 0x2000;
export const FRAGMENT_OFFSET = 0x1fff;
const IPV4_PAYLOAD_MAX = IPV4_TOTAL_MAX - IPV4_HEADER_LENGTH;
