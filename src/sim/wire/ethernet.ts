/**
 * Ethernet II frames (IEEE 802.3 clause 3, RFC 894, RFC 2464), without preamble and check sequence: as a capture shows them.
 * A MAC address is one number below 2^48, so that equal means equal and a table needs no text.
 */

import { FormatError } from "../../bytes/index.ts";

export interface EthernetFrame {
  readonly destination: number;
  readonly source: number;
  /** What it carries: ETHERTYPE_IPV4 ... */
  readonly etherType: number;
  /** Where its payload begins. */
  readonly payloadStart: number;
}

/** Reads the header at `start`; what follows up to `end` is payload, possibly with padding behind it. */
export function parseEthernet(bytes: Uint8Array, start = 0, end = bytes.length): EthernetFrame {
  if (end - start < ETHERNET_HEADER_LENGTH) {
    throw new FormatError(
      "ethernet",
      start,
      `needs ${ETHERNET_HEADER_LENGTH} octets, ${end - start} are left`,
    );
  }
  const etherType = (bytes[start + 12] << 8) | bytes[start + 13];
  // IEEE 802.3 clause 3.2.6: values below 0x0600 are a length (LLC), which no IP over Ethernet uses.
  if (etherType < ETHERTYPE_MIN) {
    throw new FormatError("ethernet.type", start + 12, `${etherType} is a length, not an EtherType`);
  }
  return {
    destination: readMac(bytes, start),
    source: readMac(bytes, start + 6),
    etherType,
    payloadStart: start + ETHERNET_HEADER_LENGTH,
  };
}

/** Writes the 14 octets of a header at `at`. */
export function emitEthernet(
  bytes: Uint8Array,
  at: number,
  header: Pick<EthernetFrame, "destination" | "source" | "etherType">,
): void {
  writeMac(bytes, at, header.destination);
  writeMac(bytes, at + 6, header.source);
  bytes[at + 12] = header.etherType >> 8;
  bytes[at + 13] = header.etherType;
}

export function describeEthernet(frame: EthernetFrame): string {
  const type = ETHERTYPE_NAMES.get(frame.etherType) ?? `EtherType 0x${frame.etherType.toString(16)}`;
  return `${formatMac(frame.source)} to ${formatMac(frame.destination)}, ${type}`;
}

export function readMac(bytes: Uint8Array, at: number): number {
  const high = (bytes[at] << 8) | bytes[at + 1];
  const low = (bytes[at + 2] << 24) | (bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5];
  return high * 2 ** 32 + (low >>> 0);
}

export function writeMac(bytes: Uint8Array, at: number, mac: number): void {
  const high = Math.floor(mac / 2 ** 32);
  const low = mac >>> 0;
  bytes[at] = high >> 8;
  bytes[at + 1] = high;
  bytes[at + 2] = low >>> 24;
  bytes[at + 3] = low >>> 16;
  bytes[at + 4] = low >>> 8;
  bytes[at + 5] = low;
}

/** "02:00:00:00:00:01" */
export function formatMac(mac: number): string {
  return mac.toString(16).padStart(12, "0").replace(/..\B/g, "$&:");
}

/** The address in "02:00:00:00:00:01" (or with dashes), or undefined when `text` is none. */
export function parseMac(text: string): number | undefined {
  const match = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$/i.exec(text);
  return match === null ? undefined : Number.parseInt(text.replaceAll(match[1], ""), 16);
}

/** Broadcast or multicast: the lowest bit of the first octet (IEEE 802.3 clause 3.2.3). */
export function isGroupMac(mac: number): boolean {
  return (Math.floor(mac / 2 ** 40) & 1) === 1;
}

/** RFC 2464 section 7: 33:33 and the last four octets of the multicast address. */
export function multicastMac(ipv6: Uint8Array): number {
  return 0x3333 * 2 ** 32 + (((ipv6[12] << 24) | (ipv6[13] << 16) | (ipv6[14] << 8) | ipv6[15]) >>> 0);
}

export const ETHERNET_HEADER_LENGTH = 14;
export const MAC_BROADCAST = 0xffffffffffff;
export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_MIN = 0x0600;
const ETHERTYPE_NAMES = new Map([
  [ETHERTYPE_IPV4, "IPv4"],
  [ETHERTYPE_ARP, "ARP"],
  [ETHERTYPE_IPV6, "IPv6"],
]);
