/**
 * Losses and what is sent again: fast retransmit and fast recovery by NewReno (RFC 5681 section 3.2, RFC 6582) or,
 * with SACK, by RFC 6675; limited transmit (RFC 3042); the retransmission timeout (RFC 6298 section 5).
 */

import type { TcpConnection } from "./connection.ts";
import { segmentSize, sendData, sendNextSegment } from "./output.ts";
import { startRetransmissionTimer } from "./retransmission.ts";
import { DUPLICATE_THRESHOLD } from "./scoreboard.ts";
import { distance, earlier, isAfter, isBefore, later } from "./sequence.ts";

/** An ACK that acknowledges nothing new, while something is outstanding; what may be sent then is sent by `transmit`. */
export function handleDuplicate(connection: TcpConnection): void {
  connection.duplicateAcknowledgments++;
  const { maximumSegmentSize, duplicateAcknowledgments: count } = connection;
  if (connection.recovery === "fast") {
    // RFC 5681 section 3.2 (4): one segment has left the network. With SACK, `pipe` says so.
    if (!connection.sackOn) connection.inflation += maximumSegmentSize;
    return;
  }
  // RFC 6582 section 3.2 (2): after a timeout, duplicates may come from our own repetitions.
  if (
    connection.recovery === "timeout" ||
    !isAfter(connection.sendUnacknowledged, connection.recoverSequence)
  )
    return;
  if (count >= DUPLICATE_THRESHOLD) enterFastRecovery(connection, FAST_RETRANSMIT);
  else if (isLostBySack(connection)) enterFastRecovery(connection, SACK_LOSS);
  // RFC 3042 section 2: the first two duplicates let a new segment go each.
  else if (connection.options.limitedTransmit) connection.inflation = count * maximumSegmentSize;
}

/** A new cumulative ACK; `connection.sendUnacknowledged` has been moved, `acknowledged` octets before that. */
export function handleProgress(connection: TcpConnection, acknowledged: number, windowInUse: boolean): void {
  const { congestion, ip, roundTrip } = connection;
  const recovered = !isBefore(connection.sendUnacknowledged, connection.recoverSequence);
  if (connection.recovery === "fast") {
    if (recovered) leaveFastRecovery(connection);
    else handlePartial(connection, acknowledged);
    return;
  }
  if (recovered) connection.recovery = "none";
  connection.inflation = 0;
  startRetransmissionTimer(connection);
  // RFC 7661 section 4: a window that is not used says nothing about the path and must not grow.
  if (windowInUse)
    congestion.handleAck(acknowledged, ip.schedule.nowNs, roundTrip.measured ? roundTrip.smoothedNs : 0);
}

/** RFC 6675 section 5 (C): as long as there is room for a segment in the pipe, NextSeg () says which one goes. */
export function transmitBySack(connection: TcpConnection): void {
  const board = connection.ensureScoreboard();
  const { sendUnacknowledged, sendHighest, maximumSegmentSize } = connection;
  const lostBefore = board.lostBefore(sendUnacknowledged, maximumSegmentSize);
  let pipe = board.pipe(sendUnacknowledged, sendHighest, connection.retransmittedSequence, lostBefore);
  while (connection.congestion.window - pipe >= maximumSegmentSize) {
    const sent = sendBySack(connection, lostBefore);
    if (sent === 0) return;
    pipe += sent;
  }
}

/** RFC 6298 (5.4) to (5.7): the timer has expired. */
export function handleRetransmissionTimeout(connection: TcpConnection): void {
  const { congestion, roundTrip } = connection;
  const reason = `retransmission timeout (RTO ${seconds(roundTrip.timeoutNs)} s)`;
  congestion.handleTimeout(connection.bytesInFlight, connection.timeouts > 0);
  connection.timeouts++;
  roundTrip.backOff();
  connection.timedAtNs = Number.NaN;
  connection.recovery = "timeout";
  connection.recoverSequence = connection.sendHighest;
  connection.inflation = 0;
  connection.duplicateAcknowledgments = 0;
  // RFC 2018 section 8: the peer may have dropped what it had SACKed.
  connection.scoreboard?.clear();
  connection.sendNext = connection.sendUnacknowledged;
  // Not beyond the window, or the peer would cut it; into a closed one a single octet, as a probe.
  const edge = (connection.sendUnacknowledged + Math.max(1, connection.sendWindow)) | 0;
  sendNextSegment(connection, edge, reason);
}

function isLostBySack(connection: TcpConnection): boolean {
  const { scoreboard, sendUnacknowledged, maximumSegmentSize } = connection;
  if (!connection.sackOn || scoreboard === undefined) return false;
  return isAfter(scoreboard.lostBefore(sendUnacknowledged, maximumSegmentSize), sendUnacknowledged);
}

function enterFastRecovery(connection: TcpConnection, reason: string): void {
  const { congestion, maximumSegmentSize } = connection;
  connection.recovery = "fast";
  connection.recoverSequence = connection.sendHighest;
  connection.partialAcknowledgments = 0;
  // RFC 5681 section 3.2 (2): without what limited transmit has sent beyond the window.
  congestion.handleLoss(Math.min(connection.bytesInFlight, congestion.window));
  // RFC 5681 section 3.2 (3): the three segments that caused the duplicates have left the network.
  connection.inflation = connection.sackOn ? 0 : DUPLICATE_THRESHOLD * maximumSegmentSize;
  connection.rescued = false;
  // RFC 6675 section 5 (4.3). What is sent again gets a whole timeout, or a steady round trip would never fit into it.
  connection.retransmittedSequence = retransmit(connection, connection.sendUnacknowledged, reason);
  startRetransmissionTimer(connection);
}

/** RFC 6582 section 3.2 (3): some but not all is acknowledged, so the next segment is lost as well. */
function handlePartial(connection: TcpConnection, acknowledged: number): void {
  const { maximumSegmentSize, sackOn } = connection;
  connection.partialAcknowledgments++;
  // Without SACK the timer is restarted for the first only, so that many losses end in slow start.
  if (sackOn || connection.partialAcknowledgments === 1) startRetransmissionTimer(connection);
  if (sackOn) return;
  // Deflated by what has left the network, plus the segment that the ACK shows to have arrived.
  const deflated =
    connection.inflation - acknowledged + (acknowledged >= maximumSegmentSize ? maximumSegmentSize : 0);
  connection.inflation = Math.max(deflated, maximumSegmentSize - connection.congestion.window);
  retransmit(connection, connection.sendUnacknowledged, PARTIAL_ACKNOWLEDGMENT);
}

function leaveFastRecovery(connection: TcpConnection): void {
  // With SACK the pipe has kept up with the window, and no burst is due (RFC 6675 section 5, A).
  if (!connection.sackOn) connection.congestion.handleRecovered(connection.bytesInFlight);
  // Nothing was repeated in vain, so duplicates from here on mean a new loss.
  connection.recoverSequence = (connection.sendUnacknowledged - 1) | 0;
  connection.recovery = "none";
  connection.inflation = 0;
  startRetransmissionTimer(connection);
}

/** NextSeg () of RFC 6675 section 4, and sending it; the octets that it put into the pipe, 0: there is none. */
function sendBySack(connection: TcpConnection, lostBefore: number): number {
  const board = connection.ensureScoreboard();
  const { sendUnacknowledged } = connection;
  const hole = board.firstUnsacked(later(sendUnacknowledged, connection.retransmittedSequence));
  // Rule 1: the first hole that is lost and not repeated yet.
  if (isBefore(hole, lostBefore)) return retransmitHole(connection, hole, SACK_HOLE);
  // Rule 2: new data.
  const edge = (sendUnacknowledged + connection.sendWindow) | 0;
  const sent = sendNextSegment(connection, edge, undefined);
  if (sent > 0) return sent;
  // Rule 3: a hole that is perhaps only late.
  if (isBefore(hole, board.highestSacked(sendUnacknowledged)))
    return retransmitHole(connection, hole, SACK_HOLE_NOT_LOST);
  // Rule 4: once, the very last segment, whose loss no later one can report.
  const last = later(
    board.highestSacked(sendUnacknowledged),
    (connection.sendHighest - segmentSize(connection)) | 0,
  );
  if (connection.rescued || !isBefore(last, connection.sendHighest) || isBefore(last, hole)) return 0;
  connection.rescued = true;
  return distance(last, retransmit(connection, last, SACK_RESCUE));
}

function retransmitHole(connection: TcpConnection, hole: number, reason: string): number {
  const end = retransmit(connection, hole, reason);
  connection.retransmittedSequence = end;
  return distance(hole, end);
}

/** Sends the segment at `sequence` again, up to what is SACKed; returns where it ends. */
function retransmit(connection: TcpConnection, sequence: number, reason: string): number {
  const { dataEnd, sendHighest, scoreboard } = connection;
  const sentEnd = earlier(dataEnd, sendHighest);
  const limit = scoreboard === undefined ? sentEnd : scoreboard.nextSacked(sequence, sentEnd);
  const length = Math.min(distance(sequence, earlier(limit, sentEnd)), segmentSize(connection));
  const end = (sequence + length) | 0;
  const finish = end === dataEnd && isAfter(sendHighest, dataEnd);
  sendData(connection, sequence, length, finish, reason);
  return finish ? (end + 1) | 0 : end;
}

function seconds(ns: number): string {
  return String(Math.round(ns / 1e6) / 1000);
}

const FAST_RETRANSMIT = "fast retransmit: 3 duplicate ACKs";
const SACK_LOSS = "fast retransmit: SACK reports more than 2 segments behind it";
const PARTIAL_ACKNOWLEDGMENT = "retransmission: a partial ACK shows the next loss";
const SACK_HOLE = "retransmission: a hole in the SACK blocks";
const SACK_HOLE_NOT_LOST = "retransmission: a hole in the SACK blocks, perhaps only late";
const SACK_RESCUE = "retransmission: the last segment, to be sure (rescue)";
