/**
 * What may be sent now: RFC 9293 sections 3.7.4 and 3.8.6, RFC 5681. Read `transmit` first. `recovery.ts` decides
 * what is sent again, `segments.ts` makes the segments.
 */

import { sackBlocksMax, TcpFlag } from "../../wire/tcp.ts";
import type { TcpConnection } from "./connection.ts";
import { transmitBySack } from "./recovery.ts";
import { startRetransmissionTimer } from "./retransmission.ts";
import { emit, freeWindow, largestWindow } from "./segments.ts";
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
  else if (!connection.timers.isRunning(Timer.persist)) {
    connection.progressAtNs = connection.ip.schedule.nowNs;
    connection.timers.start(Timer.persist, connection.roundTrip.timeoutNs);
  }
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

const SENT_AGAIN = "retransmission: sent before, and not acknowledged";
