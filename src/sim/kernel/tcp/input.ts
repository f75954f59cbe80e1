/**
 * Segments that arrive: RFC 9293 section 3.10.7, in its order, with PAWS (RFC 7323) and the cautions of RFC 5961.
 * Read `handleSegment` first; each step is a function below it. The fifth step is in `acknowledgment.ts`, the
 * seventh and eighth in `text.ts`.
 */

import { TcpFlag, type TcpHeader } from "../../wire/tcp.ts";
import { challenge, finishIsAcknowledged, handleAcknowledgment } from "./acknowledgment.ts";
import type { TcpConnection } from "./connection.ts";
import { negotiate } from "./negotiation.ts";
import { transmit } from "./output.ts";
import { sendAcknowledgment, sendResetAt, sendSynchronize } from "./segments.ts";
import { isAfter, isBefore } from "./sequence.ts";
import { handleText, startTimeWait } from "./text.ts";
import { FIN_WAIT_2_NS, Timer } from "./timers.ts";

/** Takes in one segment; `bytes` holds its data, which are copied. The user is told afterwards, by the caller. */
export function handleSegment(connection: TcpConnection, segment: TcpHeader, bytes: Uint8Array): void {
  connection.segmentsReceived++;
  if (connection.state === "SYN-SENT") {
    handleInSynSent(connection, segment, bytes);
    return;
  }
  // RFC 7323 section 3.2: once agreed, a segment without timestamps is dropped silently.
  if (connection.timestampsOn && !segment.hasTimestamps && (segment.flags & TcpFlag.reset) === 0) return;
  // First: check the sequence number (RFC 7323 section 5.3: and the timestamp before it).
  if (!hasFreshTimestamp(connection, segment) || !isAcceptable(connection, segment)) {
    handleUnacceptable(connection, segment);
    return;
  }
  const { flags } = segment;
  // Second: check the RST bit. (Third: security, which nobody has.)
  if ((flags & TcpFlag.reset) !== 0) {
    handleReset(connection, segment);
    return;
  }
  // Fourth: check the SYN bit. RFC 5961 section 4.2: never more than a challenge.
  if ((flags & TcpFlag.synchronize) !== 0) {
    challenge(connection, "challenge ACK: a SYN within the window");
    return;
  }
  // Fifth: check the ACK field.
  if ((flags & TcpFlag.acknowledgment) === 0) return;
  noteTimestamp(connection, segment);
  connection.lastReceivedAtNs = connection.ip.schedule.nowNs;
  if (connection.state === "SYN-RECEIVED" && !completeHandshake(connection, segment)) return;
  if (!handleAcknowledgment(connection, segment)) return;
  if (finishIsAcknowledged(connection)) handleFinishAcknowledged(connection);
  // Sixth: the URG bit. RFC 9293 section 3.8.5 lets it mean nothing; its octets are octets.
  // Seventh: the segment text. Eighth: the FIN bit.
  if (segment.length > 0) handleText(connection, segment.sequence, segment, bytes);
  transmit(connection);
}

/** RFC 9293 section 3.10.7.3. */
function handleInSynSent(connection: TcpConnection, segment: TcpHeader, bytes: Uint8Array): void {
  const { flags, acknowledgment } = segment;
  const acknowledges = (flags & TcpFlag.acknowledgment) !== 0;
  const good =
    isAfter(acknowledgment, connection.initialSendSequence) &&
    !isAfter(acknowledgment, connection.sendHighest);
  if (acknowledges && !good) {
    if ((flags & TcpFlag.reset) === 0)
      sendResetAt(connection, acknowledgment, "reset: acknowledges what was never sent");
    return;
  }
  if ((flags & TcpFlag.reset) !== 0) {
    if (acknowledges) connection.fail("refused", "refused the connection");
    return;
  }
  if ((flags & TcpFlag.synchronize) === 0) return;
  connection.lastReceivedAtNs = connection.ip.schedule.nowNs;
  negotiate(connection, segment);
  if (!acknowledges) {
    // Simultaneous open.
    connection.move("receive SYN");
    sendSynchronize(connection, undefined);
    return;
  }
  handleAcknowledgment(connection, segment);
  connection.establish("receive SYN,ACK");
  if (segment.length > 1) handleText(connection, connection.receiveNext, segment, bytes);
  // The ACK that completes the handshake, unless it goes along with data.
  const before = connection.segmentsSent;
  transmit(connection);
  if (connection.segmentsSent === before) sendAcknowledgment(connection, undefined);
}

/** RFC 9293 section 3.10.7.4, first: some of the segment lies in the window. */
function isAcceptable(connection: TcpConnection, segment: TcpHeader): boolean {
  const { receiveNext, receiveEdge } = connection;
  const { sequence, length } = segment;
  // At the very edge too: there a peer stands that has filled the window, and its ACKs count.
  if (length === 0) return !isBefore(sequence, receiveNext) && !isAfter(sequence, receiveEdge);
  // A window of zero still lets ACK and RST through.
  if (receiveEdge === receiveNext) return sequence === receiveNext;
  return isBefore(sequence, receiveEdge) && isAfter((sequence + length) | 0, receiveNext);
}

function handleUnacceptable(connection: TcpConnection, segment: TcpHeader): void {
  const { flags } = segment;
  if ((flags & TcpFlag.reset) !== 0) return;
  const synchronizes = (flags & TcpFlag.synchronize) !== 0;
  if (
    connection.state === "SYN-RECEIVED" &&
    synchronizes &&
    segment.sequence === connection.initialReceiveSequence
  ) {
    // The peer repeats its SYN, so our answer was lost; or, in a simultaneous open, it answers our own SYN.
    if ((flags & TcpFlag.acknowledgment) === 0)
      sendSynchronize(connection, "retransmission: the SYN came again");
    else if (completeHandshake(connection, segment)) {
      handleAcknowledgment(connection, segment);
      transmit(connection);
    }
    return;
  }
  // RFC 9293 section 3.10.7.4: the retransmitted FIN restarts the 2 MSL timeout.
  if (connection.state === "TIME-WAIT" && (flags & TcpFlag.finish) !== 0) startTimeWait(connection);
  if (segment.dataLength > 0 || (flags & TcpFlag.finish) !== 0)
    sendAcknowledgment(connection, "ACK: received before, or outside the window");
  else
    challenge(
      connection,
      synchronizes ? "challenge ACK: a SYN in an open connection" : "ACK: outside the window",
    );
}

/** RFC 9293 section 3.10.7.4, second, with RFC 5961 section 3.2: only the exact number resets. */
function handleReset(connection: TcpConnection, segment: TcpHeader): void {
  if (segment.sequence !== connection.receiveNext) {
    challenge(connection, "challenge ACK: a reset within the window, but not at its beginning");
    return;
  }
  switch (connection.state) {
    case "SYN-RECEIVED":
      // A passive open returns to LISTEN, silently: the listener has never left it.
      if (connection.listener === undefined) connection.fail("refused", "refused the connection");
      else connection.delete(undefined, true);
      break;
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT":
      connection.delete(undefined);
      break;
    default:
      connection.fail("reset", "reset the connection");
  }
}

/** The ACK of our SYN; false: the segment goes no further. */
function completeHandshake(connection: TcpConnection, segment: TcpHeader): boolean {
  const { acknowledgment } = segment;
  if (
    !isAfter(acknowledgment, connection.sendUnacknowledged) ||
    isAfter(acknowledgment, connection.sendHighest)
  ) {
    sendResetAt(connection, acknowledgment, "reset: acknowledges what was never sent");
    return false;
  }
  // A full backlog: silence, and our SYN,ACK comes again when its timer expires.
  if (connection.listener?.hasRoomForConnection === false) return false;
  connection.establish("receive ACK of SYN");
  return true;
}

function handleFinishAcknowledged(connection: TcpConnection): void {
  switch (connection.state) {
    case "FIN-WAIT-1":
      connection.move("receive ACK of FIN");
      if (connection.abandoned) connection.timers.start(Timer.linger, FIN_WAIT_2_NS);
      break;
    case "CLOSING":
      connection.move("receive ACK of FIN");
      connection.owner.handleTimeWait(connection);
      startTimeWait(connection);
      break;
    case "LAST-ACK":
      connection.delete(undefined, false, "receive ACK of FIN");
      break;
  }
}

/** RFC 7323 section 5.3 (R1): PAWS. A timestamp from before the last one belongs to an old duplicate. */
function hasFreshTimestamp(connection: TcpConnection, segment: TcpHeader): boolean {
  if (!connection.timestampsOn || (segment.flags & TcpFlag.reset) !== 0) return true;
  if (!isBefore(segment.timestampValue, connection.recentTimestamp)) return true;
  // RFC 7323 section 5.5: after 24 days of silence the clock may have wrapped round.
  return connection.ip.schedule.nowNs - connection.recentTimestampAtNs > TIMESTAMP_LIFE_NS;
}

/** RFC 7323 section 4.3 (2): remembers the timestamp to echo. */
function noteTimestamp(connection: TcpConnection, segment: TcpHeader): void {
  if (!connection.timestampsOn || isAfter(segment.sequence, connection.lastAcknowledgmentSent)) return;
  connection.recentTimestamp = segment.timestampValue;
  connection.recentTimestampAtNs = connection.ip.schedule.nowNs;
}

const TIMESTAMP_LIFE_NS = 24 * 86_400e9;
