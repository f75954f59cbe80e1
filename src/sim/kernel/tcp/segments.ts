/**
 * Segments, from the header to the hand-over to IP: one function for each kind that is sent. Whether and when is
 * decided elsewhere (`output.ts`, `input.ts`, `timeouts.ts`).
 */

import {
  emitTcpHeader,
  sackBlocksMax,
  TcpFlag,
  TcpHeader,
  tcpHeaderLength,
  tcpPseudoSum,
  writeTcpChecksum,
} from "../../wire/tcp.ts";
import { HEADROOM, type IpLayer, PROTOCOL_TCP, type ReceivedPacket } from "../transport.ts";
import type { TcpConnection } from "./connection.ts";
import { offer } from "./negotiation.ts";
import { startRetransmissionTimer } from "./retransmission.ts";
import { distance, earlier, later } from "./sequence.ts";
import { Timer } from "./timers.ts";

/** A pure ACK. Its number must lie in the peer's window, or the peer will not look at it: a probe was beyond. */
export function sendAcknowledgment(connection: TcpConnection, reason: string | undefined): void {
  const edge = (connection.sendUnacknowledged + connection.sendWindow) | 0;
  emit(connection, earlier(connection.sendHighest, edge), TcpFlag.acknowledgment, 0, reason);
}

/** A SYN, or in SYN-RECEIVED a SYN,ACK; also when it is repeated. */
export function sendSynchronize(connection: TcpConnection, reason: string | undefined): void {
  const answering = connection.state === "SYN-RECEIVED";
  const sequence = connection.initialSendSequence;
  if (connection.sendHighest === sequence) {
    connection.timedSequence = connection.dataStart;
    connection.timedAtNs = connection.ip.schedule.nowNs;
  } else connection.timedAtNs = Number.NaN;
  connection.sendNext = connection.dataStart;
  connection.sendHighest = later(connection.sendHighest, connection.dataStart);
  startRetransmissionTimer(connection);
  const flags = TcpFlag.synchronize | (answering ? TcpFlag.acknowledgment : 0);
  const header = begin(connection, sequence, flags);
  offer(connection, header, answering);
  finish(connection, header, 0, reason);
}

/** Tells the peer that the connection is no more: RFC 9293 section 3.5.2, group 3. */
export function sendReset(connection: TcpConnection, reason: string): void {
  emit(connection, connection.sendNext, TcpFlag.reset | TcpFlag.acknowledgment, 0, reason);
}

/** RFC 9293 section 3.10.7.3: an ACK in a handshake that acknowledges what was never sent. */
export function sendResetAt(connection: TcpConnection, sequence: number, reason: string): void {
  const header = begin(connection, sequence, TcpFlag.reset);
  finish(connection, header, 0, reason);
}

/** RFC 9293 section 3.10.7.1: the answer to a segment that is for nobody. */
export function sendResetFor(ip: IpLayer, packet: ReceivedPacket, segment: TcpHeader, reason: string): void {
  const header = outgoing;
  header.clearOptions();
  header.sourcePort = segment.destinationPort;
  header.destinationPort = segment.sourcePort;
  const acknowledges = (segment.flags & TcpFlag.acknowledgment) !== 0;
  header.sequence = acknowledges ? segment.acknowledgment : 0;
  header.acknowledgment = acknowledges ? 0 : (segment.sequence + segment.length) | 0;
  header.flags = TcpFlag.reset | (acknowledges ? 0 : TcpFlag.acknowledgment);
  header.window = 0;
  const { source: destination, destination: source } = packet;
  const bytes = ip.allocate(tcpHeaderLength(header));
  emitTcpHeader(header, bytes, HEADROOM);
  writeTcpChecksum(bytes, HEADROOM, bytes.length, tcpPseudoSum(source.bytes, destination.bytes));
  ip.send(bytes, { source, destination, protocol: PROTOCOL_TCP, reason, mayFragment: false });
}

/** RFC 9293 section 3.8.4: a number from before the window, which the peer must answer with an ACK. */
export function sendKeepAlive(connection: TcpConnection): void {
  emit(connection, (connection.sendUnacknowledged - 1) | 0, TcpFlag.acknowledgment, 0, "keep-alive");
}

/** A segment with `length` octets of the send buffer from `sequence` on. */
export function emit(
  connection: TcpConnection,
  sequence: number,
  flags: number,
  length: number,
  reason: string | undefined,
): void {
  const header = begin(connection, sequence, flags);
  if (connection.timestampsOn) header.hasTimestamps = true;
  const { assembler } = connection;
  if (assembler !== undefined && connection.sackOn && !assembler.isEmpty)
    assembler.fillSackBlocks(header, sackBlocksMax(connection.timestampsOn));
  finish(connection, header, length, reason);
}

/** Fills in what all segments of a connection have. */
function begin(connection: TcpConnection, sequence: number, flags: number): TcpHeader {
  const header = outgoing;
  header.clearOptions();
  header.sourcePort = connection.localPort;
  header.destinationPort = connection.remotePort;
  header.sequence = sequence;
  header.acknowledgment = (flags & TcpFlag.acknowledgment) === 0 ? 0 : connection.receiveNext;
  header.flags = flags;
  header.window = windowField(connection, flags);
  return header;
}

/** Makes the packet and gives it to IP. */
function finish(
  connection: TcpConnection,
  header: TcpHeader,
  length: number,
  reason: string | undefined,
): void {
  if (header.hasTimestamps) {
    header.timestampValue = timestampNow(connection);
    header.timestampEcho = connection.recentTimestamp;
  }
  const { ip } = connection;
  const dataAt = HEADROOM + tcpHeaderLength(header);
  const packet = ip.allocate(dataAt - HEADROOM + length);
  const end = dataAt + length;
  emitTcpHeader(header, packet, HEADROOM);
  if (length > 0) {
    const offset = distance(connection.dataStart, header.sequence);
    connection.sendBuffer.copyTo(offset, length, packet, dataAt);
  }
  writeTcpChecksum(packet, HEADROOM, end, connection.pseudoSum);
  if ((header.flags & TcpFlag.acknowledgment) !== 0) noteAcknowledged(connection);
  connection.segmentsSent++;
  if (connection.header.reason !== reason) connection.header = { ...connection.header, reason };
  ip.send(packet, connection.header);
}

/** An ACK is on its way. */
function noteAcknowledged(connection: TcpConnection): void {
  connection.lastAcknowledgmentSent = connection.receiveNext;
  connection.segmentsUnacknowledged = 0;
  if (connection.acknowledgmentDue === "delayed") connection.timers.stop(Timer.delayedAcknowledgment);
  connection.acknowledgmentDue = "no";
}

/**
 * RFC 9293 section 3.8.6.2.2: the right edge never moves back, and forward only by at least a segment or half of
 * the buffer. Rounded up to the scale, so that rounding does not move it back either (RFC 7323 section 2.4).
 */
function windowField(connection: TcpConnection, flags: number): number {
  if ((flags & TcpFlag.reset) !== 0) return 0;
  const buffer = connection.options.receiveBufferBytes;
  if ((flags & TcpFlag.synchronize) !== 0) {
    const window = Math.min(buffer, 0xffff);
    connection.receiveEdge = (connection.receiveNext + window) | 0;
    return window;
  }
  const edge = (connection.receiveNext + freeWindow(connection)) | 0;
  const step = distance(connection.receiveEdge, edge);
  if (step >= Math.min(buffer / 2, connection.maximumSegmentSize)) connection.receiveEdge = edge;
  const shift = connection.receiveWindowShift;
  const field = Math.min((connection.offeredWindow + (1 << shift) - 1) >> shift, 0xffff);
  connection.receiveEdge = (connection.receiveNext + (field << shift)) | 0;
  return field;
}

/** TSval: a clock of milliseconds (RFC 7323 section 5.4). */
export function timestampNow(connection: TcpConnection): number {
  return (Math.floor(connection.ip.schedule.nowNs / 1e6) + connection.timestampOffset) | 0;
}

/** What could be offered now. */
export function freeWindow(connection: TcpConnection): number {
  const free = connection.options.receiveBufferBytes - connection.received.length;
  return Math.max(0, Math.min(free, largestWindow(connection)));
}

/** What the header's field can say. */
export function largestWindow(connection: TcpConnection): number {
  return 0xffff << connection.receiveWindowShift;
}

/** The one header that all segments are made from; `ip.send` never comes back here before it returns. */
const outgoing = new TcpHeader();
