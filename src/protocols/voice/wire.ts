/**
 * RTP packets: RFC 3550 section 5.1. What the header means stands there; this is only its form. Profile RFC 3551,
 * payload type 0: PCMU, 8,000 samples a second, one octet each.
 */

import { FormatError, Reader, Writer } from "../../bytes/index.ts";

export interface RtpPacket {
  readonly marker: boolean;
  /** 0 to 127. */
  readonly payloadType: number;
  /** Modulo 2^16. */
  readonly sequence: number;
  /** In samples, modulo 2^32. */
  readonly timestamp: number;
  /** The synchronization source: who speaks. */
  readonly source: number;
  /** Contributing sources, at most 15. */
  readonly contributing: readonly number[];
  readonly payload: Uint8Array;
}

export function parseRtp(bytes: Uint8Array): RtpPacket {
  const reader = new Reader(bytes);
  const first = reader.uint8("rtp.version");
  if (first >> 6 !== VERSION) throw new FormatError("rtp.version", 0, `is ${first >> 6}, not ${VERSION}`);
  const second = reader.uint8("rtp.p_type");
  const sequence = reader.uint16("rtp.seq");
  const timestamp = reader.uint32("rtp.timestamp");
  const source = reader.uint32("rtp.ssrc");
  const contributing: number[] = [];
  for (let i = 0; i < (first & 0x0f); i++) contributing.push(reader.uint32("rtp.csrc"));
  if ((first & EXTENSION) !== 0) {
    // RFC 3550 section 5.3.1: who does not know the extension skips it.
    reader.uint16("rtp.ext.profile");
    reader.take(4 * reader.uint16("rtp.ext.len"), "rtp.ext");
  }
  const rest = reader.rest();
  const payload = (first & PADDING) === 0 ? rest : unpadded(rest, bytes.length);
  const marker = (second & MARKER) !== 0;
  return { marker, payloadType: second & 0x7f, sequence, timestamp, source, contributing, payload };
}

export function emitRtp(packet: RtpPacket): Uint8Array {
  const { marker, payloadType, sequence, timestamp, source, contributing, payload } = packet;
  if (contributing.length > 15) throw new RangeError("an RTP packet names at most 15 contributing sources");
  const writer = new Writer(HEADER_OCTETS + 4 * contributing.length + payload.length)
    .uint8((VERSION << 6) | contributing.length)
    .uint8((marker ? MARKER : 0) | payloadType)
    .uint16(sequence)
    .uint32(timestamp)
    .uint32(source);
  for (const each of contributing) writer.uint32(each);
  return writer.append(payload).finish();
}

/** "RTP PCMU, seq 7, timestamp 1120, 160 octets" */
export function describe({ payloadType, sequence, timestamp, payload, marker }: RtpPacket): string {
  const type = payloadType === PCMU ? "PCMU" : `type ${payloadType}`;
  return `RTP ${type}, seq ${sequence}, timestamp ${timestamp}, ${payload.length} octets${marker ? ", mark" : ""}`;
}

/** RFC 3550 section 5.1, padding: its last octet says how many octets it has, itself included. */
function unpadded(rest: Uint8Array, end: number): Uint8Array {
  const padding = rest.at(-1) ?? 0;
  if (padding === 0 || padding > rest.length)
    throw new FormatError("rtp.padding", end - 1, `says ${padding} of ${rest.length} octets`);
  return rest.subarray(0, rest.length - padding);
}

const VERSION = 2;
const PADDING = 0x20;
const EXTENSION = 0x10;
const MARKER = 0x80;
const HEADER_OCTETS = 12;
/** RFC 3551 section 4.5.14. */
export const PCMU = 0;
/** RFC 3551 section 4.5.14: of PCMU, samples and octets a second. */
export const CLOCK_RATE = 8000;
