/**
 * Segments that leave: which may be sent now (RFC 9293 sections 3.7.4 and 3.8.6, RFC 5681), and how each is made.
 * Read `transmit` first. `recovery.ts` decides what is sent again.
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
import { transmitBySack } from "./recovery.ts";
import { distance, isBefore, later } from "./sequence.ts";
import { maySend } from "./state.ts";
import { Timer } from "./timers.ts";

/** Sends all that the windows and the Nagle algorithm allow now. */
export function transmit(connection: TcpConnection): void {
  if (!maySend(connection.state)) return;
  if (connection.recovery === "fast" && connection.sackOn) transmitBySack(connection);
  else {
    if (connection.sendNext === connection.sendUnacknowledged) restartAfterIdle(connection);
    while (sendNextSegment(connection, sendEdge(connection), undefined) > 0);
  }
  // Nothing is outstanding whose ACK could bring a new window, yet something waits: only asking helps.
  const waiting =
    connection.sendNext === connection.sendUnacknowledged &&
    isBefore(connection.sendNext, connection.dataEnd);
  if (!waiting) connection.timers.stop(Timer.persist);
  else if (!connection.timers.isRunning(Timer.persist))
    connection.timers.start(Timer.persist, connection.roundTrip.timeoutNs);
}

/** How far both windows let us send. What is SACKed has left the network and does not count. */
function sendEdge(connection: TcpConnection): number {
  const { scoreboard, sendUnacknowledged } = connection;
  let congestion = Math.floor(connection.congestion.window + connection.inflation);
  if (connection.recovery === "timeout" && scoreboard !== undefined)
    congestion += scoreboard.octetsBefore(scoreboard.firstUnsacked(connection.sendNext));
  return (sendUnacknowledged + Math.min(congestion, connection.sendWindow)) | 0;
}

/** Sends the segment at `sendNext` if it may go before `edge`; returns the sequence numbers it took, 0: none was sent. */
export function sendNextSegment(connection: TcpConnection, edge: number, reason: string | undefined): number {
  const again = isBefore(connection.sendNext, connection.sendHighest);
  const board = connection.scoreboard;
  // RFC 6675 section 5.1: after a timeout, what the peer reports as received is left out.
  if (again && board !== undefined) connection.sendNext = board.firstUnsacked(connection.sendNext);
  const sequence = connection.sendNext;
  const { dataEnd } = connection;
  const unsent = distance(sequence, dataEnd);
  let length = Math.min(unsent, segmentSize(connection), distance(sequence, edge));
  if (again && board !== undefined)
    length = Math.min(length, distance(sequence, board.nextSacked(sequence, dataEnd)));
  if (unsent > 0 && (length <= 0 || !(again || isWorthSending(connection, length, unsent)))) return 0;
  if (unsent < 0) return 0;
  const finish = connection.finishQueued && length === unsent;
  if (unsent === 0 && !finish) return 0;
  sendData(connection, sequence, length, finish, again ? (reason ?? SENT_AGAIN) : reason);
  const taken = length + (finish ? 1 : 0);
  connection.sendNext = (sequence + taken) | 0;
  return taken;
}

/** Sends [sequence, sequence + length) of the send buffer, perhaps with the FIN; keeps the books and the timer. */
export function sendData(
  connection: TcpConnection,
  sequence: number,
  length: number,
  finish: boolean,
  reason: string | undefined,
): void {
  const end = (sequence + length + (finish ? 1 : 0)) | 0;
  const now = connection.ip.schedule.nowNs;
  if (isBefore(sequence, connection.sendHighest)) {
    connection.segmentsRetransmitted++;
    // RFC 6298 section 3, Karn's algorithm: no measurement from a segment that was sent twice.
    if (isBefore(sequence, connection.timedSequence)) connection.timedAtNs = Number.NaN;
  } else {
    if (Number.isNaN(connection.timedAtNs)) {
      connection.timedSequence = end;
      connection.timedAtNs = now;
    }
    if (connection.sendHighest === connection.sendUnacknowledged) connection.progressAtNs = now;
  }
  connection.sendHighest = later(connection.sendHighest, end);
  connection.lastSentAtNs = now;
  // RFC 6298 (5.1).
  if (!connection.timers.isRunning(Timer.retransmission)) startRetransmissionTimer(connection);
  let flags: number = TcpFlag.acknowledgment;
  if (finish) flags |= TcpFlag.finish;
  if (length > 0 && end === ((connection.dataEnd + (finish ? 1 : 0)) | 0)) flags |= TcpFlag.push;
  emit(connection, sequence, flags, length, reason);
}

/** RTO from now, but not beyond the user timeout. */
export function startRetransmissionTimer(connection: TcpConnection): void {
  const { options, wasEstablished, progressAtNs, ip, roundTrip } = connection;
  const limitMs = wasEstablished ? options.userTimeoutMs : options.connectTimeoutMs;
  const left = Math.max(0, progressAtNs + limitMs * 1e6 - ip.schedule.nowNs);
  connection.timers.start(Timer.retransmission, Math.min(roundTrip.timeoutNs, left));
}

/** A pure ACK. */
export function sendAcknowledgment(connection: TcpConnection, reason: string | undefined): void {
  emit(connection, connection.sendHighest, TcpFlag.acknowledgment, 0, reason);
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

/** RFC 9293 section 3.8.6.1: an octet beyond the window, or what fits into a silly one, to hear of the window again. */
export function sendWindowProbe(connection: TcpConnection): void {
  const unsent = distance(connection.sendNext, connection.dataEnd);
  const fitting = Math.min(connection.sendWindow, unsent, segmentSize(connection));
  if (fitting > 0) {
    sendData(connection, connection.sendNext, fitting, false, "sent in part: the window stays small");
    connection.sendNext = (connection.sendNext + fitting) | 0;
    return;
  }
  connection.sendHighest = later(connection.sendHighest, (connection.sendNext + 1) | 0);
  // It may be acknowledged late or never, so it measures nothing.
  connection.timedAtNs = Number.NaN;
  emit(connection, connection.sendNext, TcpFlag.acknowledgment, 1, "zero-window probe");
}

/** RFC 9293 section 3.8.4: a number from before the window, which the peer must answer with an ACK. */
export function sendKeepAlive(connection: TcpConnection): void {
  emit(connection, (connection.sendUnacknowledged - 1) | 0, TcpFlag.acknowledgment, 0, "keep-alive");
}

/** The user has read: RFC 9293 section 3.8.6.2.2, the window is opened by steps that are worth a segment. */
export function noteRead(connection: TcpConnection): void {
  if (connection.finishReceived || connection.acknowledgmentDue === "soon" || connection.state === "CLOSED")
    return;
  const buffer = Math.min(connection.options.receiveBufferBytes, largestWindow(connection));
  const offered = connection.offeredWindow;
  const opened = freeWindow(connection) - offered;
  const nearlyClosed = opened >= 2 * connection.maximumSegmentSize && offered <= buffer / 4;
  if (opened >= buffer / 2 || nearlyClosed) acknowledgeSoon(connection, "window update");
}

/** An ACK is due, and goes at the end of this instant, together with what the user sends or reads until then. */
export function acknowledgeSoon(connection: TcpConnection, reason: string | undefined): void {
  connection.acknowledgmentReason = reason;
  if (connection.acknowledgmentDue === "soon") return;
  connection.acknowledgmentDue = "soon";
  connection.owner.acknowledgeSoon(connection);
}

/** The most data that a segment holds now: SACK blocks take some of its room. */
export function segmentSize(connection: TcpConnection): number {
  const { assembler, maximumSegmentSize } = connection;
  if (assembler === undefined || assembler.isEmpty || !connection.sackOn) return maximumSegmentSize;
  return maximumSegmentSize - 4 - 8 * sackBlocksMax(connection.timestampsOn);
}

/** RFC 1323's TSval: a clock of milliseconds (RFC 7323 section 5.4). */
export function timestampNow(connection: TcpConnection): number {
  return (Math.floor(connection.ip.schedule.nowNs / 1e6) + connection.timestampOffset) | 0;
}

/** RFC 9293 section 3.8.6.2.1: the sender's avoidance of silly windows, with the Nagle algorithm (section 3.7.4). */
function isWorthSending(connection: TcpConnection, length: number, unsent: number): boolean {
  if (length >= segmentSize(connection)) return true;
  const idle = connection.sendNext === connection.sendUnacknowledged || connection.options.noDelay;
  // A FIN is going with it, so nothing will come to fill the segment up.
  if (length === unsent) return idle || connection.finishQueued;
  return idle && length >= connection.sendWindowMax / 2;
}

/** RFC 5681 section 4.1: what was learnt about the path is old when nothing was sent for an RTO. */
function restartAfterIdle(connection: TcpConnection): void {
  const idleNs = connection.ip.schedule.nowNs - connection.lastSentAtNs;
  if (idleNs > connection.roundTrip.timeoutNs && connection.lastSentAtNs >= 0)
    connection.congestion.handleIdle();
}

function emit(
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

/** What could be offered now. */
function freeWindow(connection: TcpConnection): number {
  const free = connection.options.receiveBufferBytes - connection.received.length;
  return Math.max(0, Math.min(free, largestWindow(connection)));
}

/** What the header's field can say. */
function largestWindow(connection: TcpConnection): number {
  return 0xffff << connection.receiveWindowShift;
}

/** The one header that all segments are made from; `ip.send` never comes back here before it returns. */
const outgoing = new TcpHeader();
const SENT_AGAIN = "retransmission: sent before, and not acknowledged";
