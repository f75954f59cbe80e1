/** Which part of its IP packet a frame carries: fragments share the number of their packet. */

import { FormatError } from "../../bytes/index.ts";
import {
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  parseEthernet,
  parseIpv4Packet,
  parseIpv6Packet,
} from "../wire/index.ts";

/** The octets [start, end) of the packet's payload. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** The part in `frame`; what is no fragment, or cannot be read, is the whole packet. */
export function partOf(frame: Uint8Array): Part {
  try {
    const { etherType, payloadStart } = parseEthernet(frame);
    if (etherType === ETHERTYPE_IPV4) {
      const packet = parseIpv4Packet(frame, payloadStart);
      const isFragment = packet.moreFragments || packet.fragmentOffset > 0;
      return isFragment ? part(packet.fragmentOffset, packet) : WHOLE;
    }
    if (etherType !== ETHERTYPE_IPV6) return WHOLE;
    const packet = parseIpv6Packet(frame, payloadStart);
    return packet.fragment === undefined ? WHOLE : part(packet.fragment.offset, packet);
  } catch (error) {
    if (error instanceof FormatError) return WHOLE;
    throw error;
  }
}

export function overlaps(a: Part, b: Part): boolean {
  return a.start < b.end && b.start < a.end;
}

function part(start: number, packet: { readonly payloadStart: number; readonly payloadEnd: number }): Part {
  return { start, end: start + packet.payloadEnd - packet.payloadStart };
}

const WHOLE: Part = { start: 0, end: Number.POSITIVE_INFINITY };
