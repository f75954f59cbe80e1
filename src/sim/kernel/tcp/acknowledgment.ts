/** The ACK field, the window and the SACK blocks of a segment: RFC 9293 section 3.10.7.4, fifth. */

import { TcpFlag, type TcpHeader } from "../../wire/tcp.ts";
import type { TcpConnection } from "./connection.ts";
import { handleDuplicate, handleProgress } from "./recovery.ts";
import { sendAcknowledgment, timestampNow } from "./segments.ts";
import { distance, isAfter, isBefore } from "./sequence.ts";
import { Timer } from "./timers.ts";

/** False: the segment goes no further. Sends nothing new itself but retransmissions; `transmit` follows. */
export function handleAcknowledgment(connection: TcpConnection, segment: TcpHeader): boolean {
  const { acknowledgment } = segment;
  const { sendUnacknowledged } = connection;
  if (isAfter(acknowledgment, connection.sendHighest)) {
    challenge(connection, "challenge ACK: acknowledges what was never sent");
    return false;
  }
  // RFC 5961 section 5.2: so old an ACK was sent by somebody who guesses.
  if (isBefore(acknowledgment, (sendUnacknowledged - connection.sendWindowMax) | 0)) {
    challenge(connection, "challenge ACK: acknowledges what is long gone");
    return false;
  }
  const news = connection.sackOn && updateScoreboard(connection, segment);
  const windowBefore = connection.sendWindow;
  if ((segment.flags & TcpFlag.synchronize) === 0) updateWindow(connection, segment);
  const acknowledged = distance(sendUnacknowledged, acknowledgment);
  if (acknowledged > 0) {
    // RFC 4861 section 7.3.1: forward progress shows that the way to the peer works.
    connection.ip.confirm?.(connection.remote);
    acceptAcknowledgment(connection, segment, acknowledged);
  } else if (acknowledged === 0) {
    // A peer that says "not yet" is alive.
    if (connection.sendWindow === 0 && !connection.abandoned)
      connection.progressAtNs = connection.ip.schedule.nowNs;
    const isDuplicate = connection.sackOn
      ? news
      : segment.length === 0 && connection.sendWindow === windowBefore;
    // RFC 5681 section 2 (and RFC 6675 section 2, where news in the SACK blocks make the duplicate).
    if (isDuplicate && connection.bytesInFlight > 0) handleDuplicate(connection);
  }
  return true;
}

/** Whether our FIN has been sent and acknowledged. */
export function finishIsAcknowledged(connection: TcpConnection): boolean {
  return connection.finishQueued && isAfter(connection.sendUnacknowledged, connection.dataEnd);
}

/** An ACK in answer to something suspicious; RFC 5961 section 7: not too many of them. */
export function challenge(connection: TcpConnection, reason: string): void {
  const now = connection.ip.schedule.nowNs;
  if (now - connection.challengesSinceNs >= CHALLENGE_PERIOD_NS) {
    connection.challengesSinceNs = now;
    connection.challenges = 0;
  }
  if (connection.challenges >= CHALLENGES_MAX) return;
  connection.challenges++;
  sendAcknowledgment(connection, reason);
}

function updateScoreboard(connection: TcpConnection, segment: TcpHeader): boolean {
  if (segment.sackCount === 0 && (connection.scoreboard === undefined || connection.scoreboard.isEmpty))
    return false;
  const { sendUnacknowledged, sendHighest } = connection;
  const from = isAfter(segment.acknowledgment, sendUnacknowledged)
    ? segment.acknowledgment
    : sendUnacknowledged;
  return connection.ensureScoreboard().update(segment, from, sendHighest);
}

/** SND.WND moves only with segments that are not older than the last that moved it. */
function updateWindow(connection: TcpConnection, segment: TcpHeader): void {
  const { sequence, acknowledgment } = segment;
  if (isBefore(acknowledgment, connection.sendUnacknowledged)) return;
  const { sendWindowSequence, sendWindowAcknowledgment } = connection;
  const newer =
    isBefore(sendWindowSequence, sequence) ||
    (sendWindowSequence === sequence && !isAfter(sendWindowAcknowledgment, acknowledgment));
  if (!newer) return;
  connection.sendWindow = segment.window << connection.sendWindowShift;
  connection.sendWindowSequence = sequence;
  connection.sendWindowAcknowledgment = acknowledgment;
  if (connection.sendWindow > connection.sendWindowMax) connection.sendWindowMax = connection.sendWindow;
  if (connection.sendWindow > 0) connection.windowProbes = 0;
}

/** SND.UNA < SEG.ACK =< SND.NXT. */
function acceptAcknowledgment(connection: TcpConnection, segment: TcpHeader, acknowledged: number): void {
  const { acknowledgment } = segment;
  const { congestion, sendBuffer, bytesInFlight } = connection;
  measureRoundTrip(connection, segment);
  connection.sendUnacknowledged = acknowledgment;
  if (isBefore(connection.sendNext, acknowledgment)) connection.sendNext = acknowledgment;
  const data = Math.max(0, Math.min(distance(connection.dataStart, acknowledgment), sendBuffer.length));
  sendBuffer.drop(data);
  connection.dataStart = (connection.dataStart + data) | 0;
  connection.duplicateAcknowledgments = 0;
  connection.timeouts = 0;
  connection.progressAtNs = connection.ip.schedule.nowNs;
  // In slow start the window may be twice what is in use, as each ACK lets two segments go.
  const used =
    congestion.window < congestion.threshold
      ? 2 * bytesInFlight
      : bytesInFlight + connection.maximumSegmentSize;
  handleProgress(connection, acknowledged, used > congestion.window);
  if (acknowledgment === connection.sendHighest) connection.timers.stop(Timer.retransmission);
  // A writer that waits is woken when it can do something substantial.
  const room = connection.sendBlocked && sendBuffer.free >= sendBuffer.capacity / 4;
  if (room || (data > 0 && sendBuffer.length === 0)) {
    connection.sendBlocked = false;
    connection.noteChange();
  }
}

/** RFC 6298 sections 3 and 4; after a retransmission only a timestamp can tell which copy was acknowledged. */
function measureRoundTrip(connection: TcpConnection, segment: TcpHeader): void {
  const { roundTrip, timedAtNs } = connection;
  if (!Number.isNaN(timedAtNs)) {
    if (isBefore(segment.acknowledgment, connection.timedSequence)) return;
    connection.timedAtNs = Number.NaN;
    roundTrip.measure(connection.ip.schedule.nowNs - timedAtNs);
  } else if (roundTrip.backoffs > 0 && connection.timestampsOn && segment.timestampEcho !== 0) {
    const elapsedMs = distance(segment.timestampEcho, timestampNow(connection));
    if (elapsedMs >= 0) roundTrip.measure(elapsedMs * 1e6);
  }
}

/** RFC 5961 section 7's example: 10 in 5 seconds. */
const CHALLENGES_MAX = 10;
const CHALLENGE_PERIOD_NS = 5e9;
