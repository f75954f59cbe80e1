/** The User Datagram Protocol: RFC 768; over IPv6 RFC 8200 section 8.1. */

import { FormatError } from "../../bytes/index.ts";
import { readUint16, transportChecksum, writeUint16 } from "./ipv4.ts";

export interface UdpDatagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Header and payload together. */
  readonly length: number;
  /** 0: the sender made none (IPv4 only). */
  readonly checksum: number;
  readonly payloadStart: number;
  /** Octets behind it belong to nobody. */
  readonly payloadEnd: number;
}

/** Parses the datagram in [start, end). The checksum is not verified: see `transportChecksum`. */
export function parseUdp(bytes: Uint8Array, start = 0, end = bytes.length): UdpDatagram {
  const wrong = checkUdp(bytes, start, end);
  if (wrong !== undefined) throw wrong;
  const length = readUint16(bytes, start + 4);
  return {
    sourcePort: readUint16(bytes, start),
    destinationPort: readUint16(bytes, start + 2),
    length,
    checksum: readUint16(bytes, start + 6),
    payloadStart: start + UDP_HEADER_LENGTH,
    payloadEnd: start + length,
  };
}

/** What keeps the octets from being a UDP datagram, undefined when nothing does. */
export function checkUdp(bytes: Uint8Array, start: number, end: number): FormatError | undefined {
  if (end - start < UDP_HEADER_LENGTH) {
    return new FormatError("udp", start, `needs ${UDP_HEADER_LENGTH} octets, ${end - start} are left`);
  }
  const length = readUint16(bytes, start + 4);
  if (length < UDP_HEADER_LENGTH || length > end - start) {
    return new FormatError("udp.length", start + 4, `is ${length}, ${end - start} octets are there`);
  }
  return undefined;
}

/** Writes the header of the datagram [at, end) whose payload is already in place, checksum included. */
export function emitUdp(
  bytes: Uint8Array,
  at: number,
  end: number,
  header: {
    readonly source: Uint8Array;
    readonly sourcePort: number;
    readonly destination: Uint8Array;
    readonly destinationPort: number;
  },
): void {
  writeUint16(bytes, at, header.sourcePort);
  writeUint16(bytes, at + 2, header.destinationPort);
  writeUint16(bytes, at + 4, end - at);
  writeUint16(bytes, at + 6, 0);
  const sum = transportChecksum(bytes, at, end, header.source, header.destination, UDP);
  // RFC 768: zero means "no checksum", so a computed zero is sent as all ones.
  writeUint16(bytes, at + 6, sum === 0 ? 0xffff : sum);
}

export function describeUdp(datagram: UdpDatagram): string {
  return `UDP ${datagram.sourcePort} to ${datagram.destinationPort}, ${datagram.length - UDP_HEADER_LENGTH} octets`;
}

export const UDP_HEADER_LENGTH = 8;
const UDP = 17;
