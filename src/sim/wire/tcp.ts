/**
 * The TCP header: RFC 9293 section 3.1, with the options of RFC 9293 (end, no-operation, maximum segment size),
 * RFC 7323 (window scale, timestamps) and RFC 2018 (SACK-permitted, SACK).
 *
 * A `TcpHeader` is filled again and again by the simulator, so it is one flat mutable object; 32-bit fields are
 * signed integers there (use `>>> 0` to show them).
 */

import { checksumAdd, checksumFinish, FormatError } from "../../bytes/index.ts";

/** The control bits of RFC 9293 section 3.1 (RFC 3168 for the last two). */
export const TcpFlag = {
  finish: 0x01,
  synchronize: 0x02,
  reset: 0x04,
  push: 0x08,
  acknowledgment: 0x10,
  urgent: 0x20,
  explicitCongestionEcho: 0x40,
  congestionWindowReduced: 0x80,
} as const;

export class TcpHeader {
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  acknowledgment = 0;
  flags = 0;
  /** As on the wire: not scaled. */
  window = 0;
  checksum = 0;
  urgentPointer = 0;
  /** Parsed: where the segment's data lie in the bytes. */
  dataStart = 0;
  dataEnd = 0;
  /** 0: the option is absent. */
  maximumSegmentSize = 0;
  /** -1: the option is absent. */
  windowScale = -1;
  sackPermitted = false;
  hasTimestamps = false;
  timestampValue = 0;
  timestampEcho = 0;
  /** SACK blocks; block i is [edges[2 i], edges[2 i + 1]). */
  sackCount = 0;
  readonly sackEdges = new Int32Array(2 * SACK_BLOCKS_MAX);

  get dataLength(): number {
    return this.dataEnd - this.dataStart;
  }

  /** SEG.LEN: SYN and FIN count as one octet each (RFC 9293 section 3.4). */
  get length(): number {
    const flags = this.flags;
    return this.dataEnd - this.dataStart + ((flags >> 1) & 1) + (flags & 1);
  }

  clearOptions(): void {
    this.maximumSegmentSize = 0;
    this.windowScale = -1;
    this.sackPermitted = false;
    this.hasTimestamps = false;
    this.timestampValue = 0;
    this.timestampEcho = 0;
    this.sackCount = 0;
  }
}

/** Reads the header of the segment in [start, end) of `bytes`. Throws FormatError; unknown options are skipped. */
export function parseTcpHeader(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
  into: TcpHeader = new TcpHeader(),
): TcpHeader {
  if (end - start < HEADER_LENGTH)
    throw new FormatError("tcp.header", start, `needs ${HEADER_LENGTH} octets, ${end - start} are left`);
  const headerLength = (bytes[start + 12] >> 4) * 4;
  if (headerLength < HEADER_LENGTH || headerLength > end - start)
    throw new FormatError("tcp.dataOffset", start + 12, `${headerLength} octets, of ${end - start}`);
  into.sourcePort = (bytes[start] << 8) | bytes[start + 1];
  into.destinationPort = (bytes[start + 2] << 8) | bytes[start + 3];
  into.sequence = readInt32(bytes, start + 4);
  into.acknowledgment = readInt32(bytes, start + 8);
  into.flags = bytes[start + 13];
  into.window = (bytes[start + 14] << 8) | bytes[start + 15];
  into.checksum = (bytes[start + 16] << 8) | bytes[start + 17];
  into.urgentPointer = (bytes[start + 18] << 8) | bytes[start + 19];
  into.dataStart = start + headerLength;
  into.dataEnd = end;
  into.clearOptions();
  const optionsStart = start + HEADER_LENGTH;
  if (headerLength === HEADER_LENGTH) return into;
  // RFC 7323 appendix A: the layout in which nearly all segments carry their timestamps.
  if (headerLength === HEADER_LENGTH + 12 && readInt32(bytes, optionsStart) === ALIGNED_TIMESTAMPS) {
    into.hasTimestamps = true;
    into.timestampValue = readInt32(bytes, optionsStart + 4);
    into.timestampEcho = readInt32(bytes, optionsStart + 8);
  } else parseOptions(bytes, optionsStart, into.dataStart, into);
  return into;
}

/** Octets that the header takes with its options. */
export function tcpHeaderLength(header: TcpHeader): number {
  const synchronize =
    (header.maximumSegmentSize > 0 ? 4 : 0) +
    (header.windowScale >= 0 ? 4 : 0) +
    (header.sackPermitted ? (header.hasTimestamps ? 0 : 4) : 0);
  return HEADER_LENGTH + synchronize + (header.hasTimestamps ? 12 : 0) + sackOptionLength(header.sackCount);
}

/** How many SACK blocks have room beside the other options of an ordinary segment. */
export function sackBlocksMax(hasTimestamps: boolean): number {
  return hasTimestamps ? SACK_BLOCKS_MAX - 1 : SACK_BLOCKS_MAX;
}

/** Writes the header at `start`, with a checksum of 0; `writeTcpChecksum` completes it when the data are there. */
export function emitTcpHeader(header: TcpHeader, bytes: Uint8Array, start: number): void {
  const headerLength = tcpHeaderLength(header);
  bytes[start] = header.sourcePort >> 8;
  bytes[start + 1] = header.sourcePort;
  bytes[start + 2] = header.destinationPort >> 8;
  bytes[start + 3] = header.destinationPort;
  writeInt32(bytes, start + 4, header.sequence);
  writeInt32(bytes, start + 8, header.acknowledgment);
  bytes[start + 12] = headerLength << 2;
  bytes[start + 13] = header.flags;
  bytes[start + 14] = header.window >> 8;
  bytes[start + 15] = header.window;
  bytes[start + 16] = 0;
  bytes[start + 17] = 0;
  bytes[start + 18] = header.urgentPointer >> 8;
  bytes[start + 19] = header.urgentPointer;
  if (headerLength > HEADER_LENGTH) emitOptions(header, bytes, start + HEADER_LENGTH);
}

/** The sum over the pseudo-header without its length, the same for all segments between two addresses (4 or 16 octets). */
export function tcpPseudoSum(source: Uint8Array, destination: Uint8Array): number {
  return checksumAdd(checksumAdd(PROTOCOL, source), destination);
}

/** RFC 9293 section 3.1: the checksum of pseudo-header, header and data; 0 when a segment's own one is right. */
export function tcpChecksum(bytes: Uint8Array, start: number, end: number, pseudoSum: number): number {
  return checksumFinish(checksumAdd(pseudoSum + (end - start), bytes, start, end));
}

/** Puts the checksum of the complete segment in [start, end) into its header, where 0 stands so far. */
export function writeTcpChecksum(bytes: Uint8Array, start: number, end: number, pseudoSum: number): void {
  const value = tcpChecksum(bytes, start, end, pseudoSum);
  bytes[start + 16] = value >> 8;
  bytes[start + 17] = value;
}

/** One line, as a packet list shows it: "49152 → 80 [SYN, ACK] Seq=1 Ack=1 Win=65535 Len=0 MSS=1460". */
export function describeTcp(header: TcpHeader): string {
  const parts = [
    `${header.sourcePort} → ${header.destinationPort} [${tcpFlagNames(header.flags).join(", ")}]`,
    `Seq=${header.sequence >>> 0}`,
  ];
  if ((header.flags & TcpFlag.acknowledgment) !== 0) parts.push(`Ack=${header.acknowledgment >>> 0}`);
  parts.push(`Win=${header.window}`, `Len=${header.dataLength}`);
  if (header.maximumSegmentSize > 0) parts.push(`MSS=${header.maximumSegmentSize}`);
  if (header.windowScale >= 0) parts.push(`WS=${header.windowScale}`);
  if (header.sackPermitted) parts.push("SACK_PERM");
  for (let i = 0; i < header.sackCount; i++)
    parts.push(`SACK=${header.sackEdges[2 * i] >>> 0}-${header.sackEdges[2 * i + 1] >>> 0}`);
  if (header.hasTimestamps)
    parts.push(`TSval=${header.timestampValue >>> 0} TSecr=${header.timestampEcho >>> 0}`);
  return parts.join(" ");
}

/** "SYN", "ACK" ... in the order in which they are usually said. */
function tcpFlagNames(flags: number): string[] {
  return FLAG_NAMES.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name);
}

function parseOptions(bytes: Uint8Array, start: number, end: number, into: TcpHeader): void {
  let at = start;
  while (at < end) {
    const kind = bytes[at];
    if (kind === OPTION_END) return;
    if (kind === OPTION_NO_OPERATION) {
      at++;
      continue;
    }
    // RFC 9293 section 3.1 (MUST-7): a length that cannot be is met with an error, not with a crash or a loop.
    const length = at + 1 < end ? bytes[at + 1] : 0;
    if (length < 2 || length > end - at)
      throw new FormatError("tcp.option.length", at + 1, `${length}, where ${end - at} octets are left`);
    parseOption(kind, bytes, at, length, into);
    at += length;
  }
}

function parseOption(kind: number, bytes: Uint8Array, at: number, length: number, into: TcpHeader): void {
  const expected = OPTION_LENGTHS.get(kind);
  if (expected !== undefined && expected !== length)
    throw new FormatError("tcp.option.length", at + 1, `${length} for option ${kind}, not ${expected}`);
  switch (kind) {
    case OPTION_MAXIMUM_SEGMENT_SIZE:
      into.maximumSegmentSize = (bytes[at + 2] << 8) | bytes[at + 3];
      break;
    case OPTION_WINDOW_SCALE:
      // RFC 7323 section 2.3: more than 14 is taken for 14.
      into.windowScale = Math.min(bytes[at + 2], WINDOW_SCALE_MAX);
      break;
    case OPTION_SACK_PERMITTED:
      into.sackPermitted = true;
      break;
    case OPTION_TIMESTAMPS:
      into.hasTimestamps = true;
      into.timestampValue = readInt32(bytes, at + 2);
      into.timestampEcho = readInt32(bytes, at + 6);
      break;
    case OPTION_SACK:
      if (length < 10 || length > 2 + 8 * SACK_BLOCKS_MAX || (length - 2) % 8 !== 0)
        throw new FormatError(
          "tcp.option.length",
          at + 1,
          `${length} for SACK, which takes 8 for each block`,
        );
      into.sackCount = (length - 2) / 8;
      for (let i = 0; i < 2 * into.sackCount; i++) into.sackEdges[i] = readInt32(bytes, at + 2 + 4 * i);
      break;
  }
}

function emitOptions(header: TcpHeader, bytes: Uint8Array, start: number): void {
  let at = start;
  if (header.maximumSegmentSize > 0) {
    writeInt32(bytes, at, (OPTION_MAXIMUM_SEGMENT_SIZE << 24) | (4 << 16) | header.maximumSegmentSize);
    at += 4;
  }
  if (header.windowScale >= 0) {
    writeInt32(bytes, at, (1 << 24) | (OPTION_WINDOW_SCALE << 16) | (3 << 8) | header.windowScale);
    at += 4;
  }
  if (header.hasTimestamps) {
    writeInt32(bytes, at, header.sackPermitted ? SACK_PERMITTED_AND_TIMESTAMPS : ALIGNED_TIMESTAMPS);
    writeInt32(bytes, at + 4, header.timestampValue);
    writeInt32(bytes, at + 8, header.timestampEcho);
    at += 12;
  } else if (header.sackPermitted) {
    writeInt32(bytes, at, (1 << 24) | (1 << 16) | (OPTION_SACK_PERMITTED << 8) | 2);
    at += 4;
  }
  if (header.sackCount > 0) {
    writeInt32(bytes, at, (1 << 24) | (1 << 16) | (OPTION_SACK << 8) | (2 + 8 * header.sackCount));
    at += 4;
    for (let i = 0; i < 2 * header.sackCount; i++, at += 4) writeInt32(bytes, at, header.sackEdges[i]);
  }
}

function sackOptionLength(count: number): number {
  return count === 0 ? 0 : 4 + 8 * count;
}

function readInt32(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

function writeInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

const HEADER_LENGTH = 20;
const PROTOCOL = 6;
/** RFC 2018 section 3: 40 octets of options hold 4 blocks, 3 beside timestamps. */
const SACK_BLOCKS_MAX = 4;
const WINDOW_SCALE_MAX = 14;

const OPTION_END = 0;
const OPTION_NO_OPERATION = 1;
const OPTION_MAXIMUM_SEGMENT_SIZE = 2;
const OPTION_WINDOW_SCALE = 3;
const OPTION_SACK_PERMITTED = 4;
const OPTION_SACK = 5;
const OPTION_TIMESTAMPS = 8;
const OPTION_LENGTHS: ReadonlyMap<number, number> = new Map([
  [OPTION_MAXIMUM_SEGMENT_SIZE, 4],
  [OPTION_WINDOW_SCALE, 3],
  [OPTION_SACK_PERMITTED, 2],
  [OPTION_TIMESTAMPS, 10],
]);
/** No-operation twice, then timestamps with their length: RFC 7323 appendix A. */
const ALIGNED_TIMESTAMPS = (1 << 24) | (1 << 16) | (OPTION_TIMESTAMPS << 8) | 10;
/** In a SYN, SACK-permitted takes the place of the two no-operations. */
const SACK_PERMITTED_AND_TIMESTAMPS =
  (OPTION_SACK_PERMITTED << 24) | (2 << 16) | (OPTION_TIMESTAMPS << 8) | 10;

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [TcpFlag.congestionWindowReduced, "CWR"],
  [TcpFlag.explicitCongestionEcho, "ECE"],
  [TcpFlag.urgent, "URG"],
  [TcpFlag.finish, "FIN"],
  [TcpFlag.synchronize, "SYN"],
  [TcpFlag.reset, "RST"],
  [TcpFlag.push, "PSH"],
  [TcpFlag.acknowledgment, "ACK"],
];
