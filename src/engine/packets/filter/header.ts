/** Where things stand in an ordinary frame, read without a dissection; what is not ordinary is said to be so. */

import { type PacketBlock, RowFlag } from "../block.ts";

export function etherTypeOf(block: PacketBlock, at: number): number {
  const start = block.startOf(at);
  if (block.endOf(at) - start < 15) return -1;
  return (block.octetsOf(at)[start + 12] << 8) | block.octetsOf(at)[start + 13];
}

/** Whether the packet is an ordinary one of IPv4: no options, no fragment, no error that quotes another, something in it. */
export function isOrdinaryIpv4(block: PacketBlock, at: number): boolean {
  const start = block.startOf(at);
  const octets = block.octetsOf(at);
  if (octets[start + 14] !== 0x45) return false;
  if (block.endOf(at) - start <= 34 || uint16(octets, start + 16) <= 20) return false;
  if ((uint16(octets, start + 20) & 0x3fff) !== 0) return false;
  return octets[start + 23] !== 1 || !QUOTING.has(octets[start + 34]);
}

export function isOrdinaryIpv6(block: PacketBlock, at: number): boolean {
  const start = block.startOf(at);
  const octets = block.octetsOf(at);
  if (block.endOf(at) - start < 55 || octets[start + 14] >> 4 !== 6) return false;
  if (uint16(octets, start + 18) === 0) return false;
  const next = octets[start + 20];
  // RFC 4443 section 2.1: error messages have the types below 128; a redirect (137) may quote, too.
  return next === 58 ? octets[start + 54] >= 128 && octets[start + 54] !== 137 : ORDINARY.has(next);
}

/** Whether octets stand at their usual places: no fragment, no extension header, nothing that quotes. */
export function isOrdinary(block: PacketBlock, at: number): boolean {
  const type = etherTypeOf(block, at);
  return type === IPV4 ? isOrdinaryIpv4(block, at) : type === IPV6 && isOrdinaryIpv6(block, at);
}

/** Where the header of TCP or UDP stands; NOWHERE, or ANYWHERE when only a dissection can tell. */
export function transportOf(block: PacketBlock, at: number): number {
  const type = etherTypeOf(block, at);
  if (type !== IPV4 && type !== IPV6) return type < 0 ? ANYWHERE : NOWHERE;
  const start = block.startOf(at);
  const isOrdinary = type === IPV4 ? isOrdinaryIpv4(block, at) : isOrdinaryIpv6(block, at);
  if (!isOrdinary) return ANYWHERE;
  const number = block.octetsOf(at)[start + (type === IPV4 ? 23 : 20)];
  if (number !== 6 && number !== 17) return NOWHERE;
  if (block.conversations[at] === 0) return ANYWHERE;
  return type === IPV4 ? start + 34 : start + 54;
}

/** Octets that TCP or UDP carry; -1: unknown or neither. */
export function dataLengthOf(block: PacketBlock, at: number): number {
  const place = transportOf(block, at);
  if (place < 0) return -1;
  const { flags } = block;
  const octets = block.octetsOf(at);
  if ((flags[at] & RowFlag.tcp) === 0) return ((octets[place + 4] << 8) | octets[place + 5]) - 8;
  const start = block.startOf(at);
  const isIpv4 = octets[start + 12] === 0x08;
  const length = isIpv4
    ? (octets[start + 16] << 8) | octets[start + 17]
    : (octets[start + 18] << 8) | octets[start + 19];
  const end = Math.min(start + length + (isIpv4 ? 14 : 54), block.endOf(at));
  return end - place - (octets[place + 12] >> 4) * 4;
}

export function uint16(octets: Uint8Array, at: number): number {
  return (octets[at] << 8) | octets[at + 1];
}

export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;
export const NOWHERE = -1;
export const ANYWHERE = -2;
/** ICMP types that quote a packet: RFC 792. */
const QUOTING = new Set([3, 4, 5, 11, 12]);
/** Next headers that no other follows. */
export const ORDINARY = new Set([6, 17, 58]);
