/** What happens when a timer of a connection expires. The timers themselves are in `timers.ts`. */

import type { TcpConnection } from "./connection.ts";
import { sendWindowProbe } from "./output.ts";
import { handleRetransmissionTimeout } from "./recovery.ts";
import { sendAcknowledgment, sendKeepAlive, sendReset, sendSynchronize } from "./segments.ts";
import { Timer, type TimerName } from "./timers.ts";

export function handleTimeout(connection: TcpConnection, timer: TimerName): void {
  switch (timer) {
    case Timer.retransmission:
      retransmit(connection);
      break;
    case Timer.persist:
      probeWindow(connection);
      break;
    case Timer.delayedAcknowledgment:
      if (connection.acknowledgmentDue === "delayed") sendAcknowledgment(connection, "delayed ACK");
      break;
    case Timer.keepAlive:
      keepAlive(connection);
      break;
    case Timer.linger:
      connection.delete(undefined, false, connection.state === "TIME-WAIT" ? "2MSL timeout" : "delete");
      break;
  }
  connection.tellUser();
}

function retransmit(connection: TcpConnection): void {
  const { options, state } = connection;
  const opening = state === "SYN-SENT" || state === "SYN-RECEIVED";
  const limitMs = opening ? options.connectTimeoutMs : options.userTimeoutMs;
  if (connection.ip.schedule.nowNs - connection.progressAtNs >= limitMs * 1e6) {
    giveUp(connection, opening ? "did not answer" : "did not acknowledge", limitMs);
    return;
  }
  if (!opening) {
    handleRetransmissionTimeout(connection);
    return;
  }
  const { roundTrip } = connection;
  const reason = `retransmission timeout (RTO ${Math.round(roundTrip.timeoutNs / 1e6) / 1000} s)`;
  roundTrip.backOff();
  connection.timeouts++;
  connection.congestion.handleSynLoss();
  connection.segmentsRetransmitted++;
  sendSynchronize(connection, reason);
}

/** RFC 9293 section 3.8.6.1: again and again, with exponentially growing intervals, as long as the peer answers. */
function probeWindow(connection: TcpConnection): void {
  const { options, roundTrip, ip } = connection;
  const silentNs = ip.schedule.nowNs - connection.progressAtNs;
  if (silentNs >= options.userTimeoutMs * 1e6) {
    // A closed connection has nobody who could give up, so it does not wait for ever even if the peer answers.
    if (connection.abandoned) sendReset(connection, "reset: closed, and the window stays shut");
    giveUp(connection, "did not open its window or answer", options.userTimeoutMs);
    return;
  }
  sendWindowProbe(connection);
  connection.windowProbes++;
  if (connection.timers.isRunning(Timer.retransmission)) return;
  const intervalNs = Math.min(
    roundTrip.timeoutNs * 2 ** Math.min(connection.windowProbes, 16),
    options.maxRtoMs * 1e6,
  );
  connection.timers.start(Timer.persist, intervalNs);
}

/** RFC 9293 section 3.8.4. */
function keepAlive(connection: TcpConnection): void {
  const settings = connection.options.keepAlive;
  if (settings === undefined) return;
  const now = connection.ip.schedule.nowNs;
  const idleLeftNs = connection.lastReceivedAtNs + settings.idleMs * 1e6 - now;
  if (idleLeftNs > 0) connection.keepAliveProbes = 0;
  // While something is outstanding, the retransmission timer finds out.
  const busy =
    connection.timers.isRunning(Timer.retransmission) || connection.timers.isRunning(Timer.persist);
  if (idleLeftNs > 0 || busy) {
    connection.timers.start(Timer.keepAlive, idleLeftNs > 0 ? idleLeftNs : settings.intervalMs * 1e6);
    return;
  }
  if (connection.keepAliveProbes >= settings.probes) {
    sendReset(connection, "reset: no answer to keep-alives");
    giveUp(connection, "did not answer keep-alives", settings.idleMs + settings.probes * settings.intervalMs);
    return;
  }
  connection.keepAliveProbes++;
  sendKeepAlive(connection);
  connection.timers.start(Timer.keepAlive, settings.intervalMs * 1e6);
}

function giveUp(connection: TcpConnection, what: string, limitMs: number): void {
  const hint = connection.softError === undefined ? "" : ` (the network said: ${connection.softError})`;
  const code = connection.softError === undefined || connection.wasEstablished ? "timed-out" : "unreachable";
  connection.fail(code, `${what} for ${limitMs / 1000} s${hint}`);
}
