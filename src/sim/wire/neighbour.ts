/** The messages of IPv6 neighbour discovery that resolve addresses: RFC 4861 sections 4.3, 4.4 and 4.6. */

import { FormatError, Reader, Writer } from "../../bytes/index.ts";
import { formatAddress } from "../../net/index.ts";
import { formatMac, readMac, writeMac } from "./ethernet.ts";
import { NEIGHBOUR_ADVERTISEMENT, NEIGHBOUR_SOLICITATION } from "./icmpv6.ts";

export interface NeighbourMessage {
  /** NEIGHBOUR_SOLICITATION or NEIGHBOUR_ADVERTISEMENT. */
  readonly type: number;
  /** The three flags of an advertisement; false in a solicitation. */
  readonly router: boolean;
  readonly solicited: boolean;
  readonly override: boolean;
  /** 16 octets. */
  readonly target: Uint8Array;
  /** The source (solicitation) or target (advertisement) link-layer address option, undefined without one. */
  readonly mac: number | undefined;
}

/** Parses the ICMPv6 message in [start, end), from its type octet on. */
export function parseNeighbour(bytes: Uint8Array, start = 0, end = bytes.length): NeighbourMessage {
  const reader = new Reader(bytes, start, end);
  const type = reader.uint8("nd.type");
  if (type !== NEIGHBOUR_SOLICITATION && type !== NEIGHBOUR_ADVERTISEMENT) {
    throw new FormatError("nd.type", start, `is ${type}, not 135 or 136`);
  }
  // RFC 4861 section 7.1: the code of a valid message is 0.
  const code = reader.uint8("nd.code");
  if (code !== 0) throw new FormatError("nd.code", start + 1, `is ${code}, not 0`);
  reader.uint16("nd.checksum");
  const flags =
    type === NEIGHBOUR_ADVERTISEMENT ? reader.uint32("nd.flags") : reader.uint32("nd.reserved") * 0;
  const target = reader.take(16, "nd.target");
  if (target[0] === 0xff) throw new FormatError("nd.target", start + 8, "is a multicast address");
  const option = type === NEIGHBOUR_SOLICITATION ? SOURCE_LINK_LAYER_ADDRESS : TARGET_LINK_LAYER_ADDRESS;
  return {
    type,
    router: (flags & ROUTER_FLAG) !== 0,
    solicited: (flags & SOLICITED_FLAG) !== 0,
    override: (flags & OVERRIDE_FLAG) !== 0,
    target,
    mac: parseMacOption(reader, option),
  };
}

/** Walks the options (RFC 4861 section 4.6) and returns the link-layer address of the wanted one. */
function parseMacOption(reader: Reader, wanted: number): number | undefined {
  let mac: number | undefined;
  while (reader.left > 0) {
    const at = reader.offset;
    const type = reader.uint8("nd.option.type");
    const length = reader.uint8("nd.option.length") * 8;
    // RFC 4861 section 4.6: a length of zero makes the whole message invalid.
    if (length === 0) throw new FormatError("nd.option.length", at + 1, "is 0");
    const value = reader.take(length - 2, "nd.option.value");
    if (type === wanted) mac = readMac(value, 0);
  }
  return mac;
}

/** The message with its option, as an ICMPv6 message whose checksum is still 0. */
export function emitNeighbour(message: NeighbourMessage): Uint8Array {
  let flags = 0;
  if (message.router) flags |= ROUTER_FLAG;
  if (message.solicited) flags |= SOLICITED_FLAG;
  if (message.override) flags |= OVERRIDE_FLAG;
  const writer = new Writer(NEIGHBOUR_LENGTH_MAX).uint8(message.type).uint8(0).uint16(0);
  writer.uint32(flags >>> 0).append(message.target);
  if (message.mac !== undefined) {
    const solicitation = message.type === NEIGHBOUR_SOLICITATION;
    const mac = new Uint8Array(6);
    writeMac(mac, 0, message.mac);
    writer
      .uint8(solicitation ? SOURCE_LINK_LAYER_ADDRESS : TARGET_LINK_LAYER_ADDRESS)
      .uint8(1)
      .append(mac);
  }
  return writer.finish();
}

export function describeNeighbour(message: NeighbourMessage): string {
  const target = formatAddress(message.target);
  if (message.type === NEIGHBOUR_SOLICITATION) return `Neighbour solicitation: who has ${target}?`;
  const at = message.mac === undefined ? "reachable" : `at ${formatMac(message.mac)}`;
  return `Neighbour advertisement: ${target} is ${at}`;
}

/** RFC 4291 section 2.7.1: ff02::1:ff and the last three octets of the address. */
export function solicitedNodeAddress(address: Uint8Array): Uint8Array {
  const group = new Uint8Array([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 0]);
  group.set(address.subarray(13), 13);
  return group;
}

/** RFC 4861 section 7.1: a hop limit of 255 proves that no router has passed it on. */
export const NEIGHBOUR_HOP_LIMIT = 255;
const SOURCE_LINK_LAYER_ADDRESS = 1;
const TARGET_LINK_LAYER_ADDRESS = 2;
const ROUTER_FLAG = 0x80000000;
const SOLICITED_FLAG = 0x40000000;
const OVERRIDE_FLAG = 0x20000000;
const NEIGHBOUR_LENGTH_MAX = 32;
