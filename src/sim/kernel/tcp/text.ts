/**
 * The octets and the FIN of a segment, and the ACK that they call for: RFC 9293 section 3.10.7.4, seventh and
 * eighth; section 3.8.6.3; RFC 5681 section 4.2.
 */

import { TcpFlag, type TcpHeader } from "../../wire/tcp.ts";
import type { TcpConnection } from "./connection.ts";
import { acknowledgeSoon } from "./output.ts";
import { sendAcknowledgment, sendReset } from "./segments.ts";
import { distance } from "./sequence.ts";
import { mayReceive } from "./state.ts";
import { Timer } from "./timers.ts";

/** Seventh and eighth: data and FIN, the first number of which is `sequence`. */
export function handleText(
  connection: TcpConnection,
  sequence: number,
  segment: TcpHeader,
  bytes: Uint8Array,
): void {
  if (!mayReceive(connection.state)) return;
  // What was received before is cut off, and so is what lies beyond the window.
  const skipped = Math.max(0, distance(sequence, connection.receiveNext));
  const from = Math.min(segment.dataStart + skipped, segment.dataEnd);
  const at = (sequence + from - segment.dataStart) | 0;
  const to = Math.max(from, Math.min(segment.dataEnd, from + distance(at, connection.receiveEdge)));
  if (to > from) {
    if (connection.abandoned) {
      // RFC 9293 section 3.6.1: nobody will read this, and the peer should know.
      sendReset(connection, "reset: data arrived after close");
      connection.delete(undefined);
      return;
    }
    acceptText(connection, at, bytes, from, to);
  }
  const finish = (segment.flags & TcpFlag.finish) !== 0 && to === segment.dataEnd;
  if (finish) {
    connection.finishKnown = true;
    connection.finishSequence = (at + to - from) | 0;
  }
  if (connection.finishKnown && connection.receiveNext === connection.finishSequence)
    handleFinish(connection);
  else if (to === from) sendAcknowledgment(connection, finish ? OUT_OF_ORDER : "ACK: the window is closed");
}

/** New octets within the window, the first of which has number `at`. */
function acceptText(
  connection: TcpConnection,
  at: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): void {
  if (at !== connection.receiveNext) {
    connection.ensureAssembler().insert(at, bytes, from, to);
    // RFC 5681 section 4.2: at once, so that the sender learns of the gap.
    sendAcknowledgment(connection, OUT_OF_ORDER);
    return;
  }
  const { received, assembler } = connection;
  // An ACK for two segments is due since the last event of this instant; the sender counts ACKs, so it goes.
  if (connection.acknowledgmentDue === "soon" && connection.segmentsUnacknowledged >= 2)
    sendAcknowledgment(connection, connection.acknowledgmentReason);
  received.append(bytes, from, to);
  connection.receiveNext = (at + to - from) | 0;
  connection.noteChange();
  if (assembler === undefined || assembler.isEmpty) {
    oweAcknowledgment(connection);
    return;
  }
  for (;;) {
    const piece = assembler.take(connection.receiveNext);
    if (piece === undefined) break;
    received.appendOwned(piece);
    connection.receiveNext = (connection.receiveNext + piece.length) | 0;
  }
  // RFC 5681 section 4.2: a segment that fills a gap is acknowledged at once.
  acknowledgeSoon(connection, undefined);
}

/** RFC 9293 section 3.8.6.3: for every second segment at once, for others within the delay. */
function oweAcknowledgment(connection: TcpConnection): void {
  const { delayedAckMs } = connection.options;
  connection.segmentsUnacknowledged++;
  if (delayedAckMs === 0) sendAcknowledgment(connection, undefined);
  else if (connection.segmentsUnacknowledged >= 2) acknowledgeSoon(connection, undefined);
  else if (connection.acknowledgmentDue === "no") {
    connection.acknowledgmentDue = "delayed";
    connection.timers.start(Timer.delayedAcknowledgment, delayedAckMs * 1e6);
  }
}

/** The peer's FIN, in its turn. */
function handleFinish(connection: TcpConnection): void {
  connection.receiveNext = (connection.receiveNext + 1) | 0;
  connection.finishReceived = true;
  connection.noteChange();
  acknowledgeSoon(connection, undefined);
  connection.move("receive FIN");
  if (connection.state !== "TIME-WAIT") return;
  connection.owner.handleTimeWait(connection);
  startTimeWait(connection);
}

/** 2 MSL from now. */
export function startTimeWait(connection: TcpConnection): void {
  connection.timers.stopAll();
  connection.timers.start(Timer.linger, connection.options.timeWaitMs * 1e6);
}

const OUT_OF_ORDER = "duplicate ACK: an earlier segment is missing";
