/**
 * The header of IPv6 and its extension headers: RFC 8200 sections 3 and 4. Of the extension headers the fragment
 * header is understood; hop-by-hop and destination options and routing headers are stepped over.
 */

import { FormatError } from "../../bytes/index.ts";
import { formatAddress } from "../../net/index.ts";
import { readUint16, writeUint16 } from "./ipv4.ts";

export interface Ipv6Packet {
  readonly trafficClass: number;
  readonly flowLabel: number;
  /** Everything behind the 40 octets of the header. */
  readonly payloadLength: number;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly fragment: FragmentHeader | undefined;
  /** What the payload is, behind all extension headers that were stepped over. */
  readonly protocol: number;
  readonly payloadStart: number;
  readonly payloadEnd: number;
}

/** RFC 8200 section 4.5. */
export interface FragmentHeader {
  readonly nextHeader: number;
  /** In octets. */
  readonly offset: number;
  readonly moreFragments: boolean;
  readonly identification: number;
  /** Where the header begins. */
  readonly start: number;
}

export function parseIpv6Packet(bytes: Uint8Array, start = 0, end = bytes.length): Ipv6Packet {
  const wrong = checkIpv6(bytes, start, end);
  if (wrong !== undefined) throw wrong;
  const payloadLength = readUint16(bytes, start + 4);
  const payloadEnd = start + IPV6_HEADER_LENGTH + payloadLength;
  const upper = walkExtensions(bytes, start, payloadEnd);
  return {
    trafficClass: ((bytes[start] & 0x0f) << 4) | (bytes[start + 1] >> 4),
    flowLabel: ((bytes[start + 1] & 0x0f) << 16) | readUint16(bytes, start + 2),
    payloadLength,
    nextHeader: bytes[start + 6],
    hopLimit: bytes[start + 7],
    source: bytes.subarray(start + 8, start + 24),
    destination: bytes.subarray(start + 24, start + 40),
    fragment: upper.fragment,
    protocol: upper.protocol,
    payloadStart: upper.start,
    payloadEnd,
  };
}

/** What keeps the octets from being an IPv6 packet, undefined when nothing does. Extension headers are not looked at. */
export function checkIpv6(bytes: Uint8Array, start: number, end: number): FormatError | undefined {
  const length = end - start;
  if (length < IPV6_HEADER_LENGTH) {
    return new FormatError("ipv6", start, `needs ${IPV6_HEADER_LENGTH} octets, ${length} are left`);
  }
  if (bytes[start] >> 4 !== 6) return new FormatError("ipv6.version", start, `is ${bytes[start] >> 4}`);
  const payloadLength = readUint16(bytes, start + 4);
  if (payloadLength > length - IPV6_HEADER_LENGTH) {
    const there = length - IPV6_HEADER_LENGTH;
    return new FormatError("ipv6.payloadLength", start + 4, `is ${payloadLength}, ${there} octets are there`);
  }
  return undefined;
}

/** The payload of a packet behind its extension headers. A fragment's payload is a piece of the whole. */
export interface UpperLayer {
  readonly protocol: number;
  readonly start: number;
  readonly fragment: FragmentHeader | undefined;
  /** Where the field stands that names `protocol`. */
  readonly nextHeaderAt: number;
}

/** Steps over the extension headers of the packet at `start`; throws FormatError when they do not fit. */
export function walkExtensions(bytes: Uint8Array, start: number, end: number): UpperLayer {
  let nextHeaderAt = start + 6;
  let at = start + IPV6_HEADER_LENGTH;
  for (let count = 0; count < EXTENSIONS_MAX; count++) {
    const protocol = bytes[nextHeaderAt];
    if (protocol === FRAGMENT) {
      const fragment = parseFragmentHeader(bytes, at, end);
      return {
        protocol: fragment.nextHeader,
        start: at + FRAGMENT_HEADER_LENGTH,
        fragment,
        nextHeaderAt: at,
      };
    }
    if (protocol !== HOP_BY_HOP && protocol !== ROUTING && protocol !== DESTINATION_OPTIONS) {
      return { protocol, start: at, fragment: undefined, nextHeaderAt };
    }
    // RFC 8200 section 4.3: the length is in units of 8 octets beyond the first 8.
    const length = at + 1 < end ? (bytes[at + 1] + 1) * 8 : 8;
    if (length > end - at) {
      throw new FormatError("ipv6.extension", at, `needs ${length} octets, ${end - at} are left`);
    }
    nextHeaderAt = at;
    at += length;
  }
  throw new FormatError("ipv6.extension", at, `more than ${EXTENSIONS_MAX} extension headers`);
}

function parseFragmentHeader(bytes: Uint8Array, at: number, end: number): FragmentHeader {
  if (end - at < FRAGMENT_HEADER_LENGTH) {
    throw new FormatError(
      "ipv6.fragment",
      at,
      `needs ${FRAGMENT_HEADER_LENGTH} octets, ${end - at} are left`,
    );
  }
  const field = readUint16(bytes, at + 2);
  return {
    nextHeader: bytes[at],
    offset: field & 0xfff8,
    moreFragments: (field & 1) === 1,
    identification: readUint16(bytes, at + 4) * 0x10000 + readUint16(bytes, at + 6),
    start: at,
  };
}

/** Writes the 40 octets of a header; flow label 0. */
export function emitIpv6(
  bytes: Uint8Array,
  at: number,
  header: Pick<Ipv6Packet, "payloadLength" | "nextHeader" | "hopLimit" | "source" | "destination">,
): void {
  bytes[at] = 0x60;
  bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0;
  writeUint16(bytes, at + 4, header.payloadLength);
  bytes[at + 6] = header.nextHeader;
  bytes[at + 7] = header.hopLimit;
  for (let i = 0; i < 16; i++) bytes[at + 8 + i] = header.source[i];
  for (let i = 0; i < 16; i++) bytes[at + 24 + i] = header.destination[i];
}

/** Writes the 8 octets of a fragment header. */
export function emitFragmentHeader(
  bytes: Uint8Array,
  at: number,
  header: Omit<FragmentHeader, "start">,
): void {
  bytes[at] = header.nextHeader;
  bytes[at + 1] = 0;
  writeUint16(bytes, at + 2, header.offset | (header.moreFragments ? 1 : 0));
  writeUint16(bytes, at + 4, Math.floor(header.identification / 0x10000));
  writeUint16(bytes, at + 6, header.identification & 0xffff);
}

export function describeIpv6(packet: Ipv6Packet): string {
  const from = formatAddress(packet.source);
  const to = formatAddress(packet.destination);
  const { fragment } = packet;
  const part =
    fragment === undefined
      ? ""
      : `, fragment ${fragment.identification} at ${fragment.offset}${fragment.moreFragments ? "" : " (last)"}`;
  const length = IPV6_HEADER_LENGTH + packet.payloadLength;
  return `${from} to ${to}, protocol ${packet.protocol}, ${length} octets, hop limit ${packet.hopLimit}${part}`;
}

export const IPV6_HEADER_LENGTH = 40;
export const FRAGMENT_HEADER_LENGTH = 8;
/** RFC 8200 section 5: every link carries 1280 octets without fragmenting. */
export const IPV6_MTU_MIN = 1280;
/** RFC 8200 section 3: without the jumbo option the length has 16 bits. */
export const IPV6_PAYLOAD_MAX = 65_535;
export const HOP_BY_HOP = 0;
export const ROUTING = 43;
export const FRAGMENT = 44;
export const DESTINATION_OPTIONS = 60;
/** RFC 8200 section 4.1 knows seven in their order; more are an attempt to keep us busy. */
const EXTENSIONS_MAX = 8;
