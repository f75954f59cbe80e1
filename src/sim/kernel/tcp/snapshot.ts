/** What the console shows of a host's TCP: one row for each listener and connection. */

import type { Endpoint } from "../../../net/index.ts";
import type { TcpConnection } from "./connection.ts";
import type { TcpListener } from "./listener.ts";
import type { TcpState } from "./state.ts";

export interface TcpSocketSnapshot {
  readonly state: TcpState;
  readonly local: Endpoint;
  /** Absent for a listener. */
  readonly remote: Endpoint | undefined;
  /** Octets taken from the application and not acknowledged; for a listener: handshakes under way. */
  readonly sendQueue: number;
  /** Octets received and not read; for a listener: connections that wait for accept. */
  readonly receiveQueue: number;
  /** Absent for a listener. */
  readonly transfer: TcpTransferSnapshot | undefined;
}

export interface TcpTransferSnapshot {
  readonly congestionControl: string;
  /** cwnd and ssthresh in octets (ssthresh is Infinity before the first loss). */
  readonly congestionWindow: number;
  readonly slowStartThreshold: number;
  readonly recovery: "none" | "fast" | "timeout";
  /** Undefined before the first measurement. */
  readonly smoothedRoundTripMs: number | undefined;
  readonly retransmissionTimeoutMs: number;
  readonly bytesInFlight: number;
  /** What the peer offers. */
  readonly sendWindow: number;
  readonly receiveWindow: number;
  readonly maximumSegmentSize: number;
  readonly segmentsSent: number;
  readonly segmentsReceived: number;
  readonly segmentsRetransmitted: number;
}

export function snapshotOf(
  listeners: readonly TcpListener[],
  connections: readonly TcpConnection[],
): TcpSocketSnapshot[] {
  return [...listeners.map(listenerSnapshot), ...connections.map(connectionSnapshot)];
}

function listenerSnapshot(listener: TcpListener): TcpSocketSnapshot {
  return {
    state: "LISTEN",
    local: listener.local,
    remote: undefined,
    sendQueue: listener.handshakingCount,
    receiveQueue: listener.waitingCount,
    transfer: undefined,
  };
}

function connectionSnapshot(connection: TcpConnection): TcpSocketSnapshot {
  const { socket, congestion, roundTrip } = connection;
  return {
    state: connection.state,
    local: socket.local,
    remote: socket.remote,
    sendQueue: connection.unsentBytes,
    receiveQueue: connection.received.length,
    transfer: {
      congestionControl: congestion.name,
      congestionWindow: congestion.window,
      slowStartThreshold: congestion.threshold,
      recovery: connection.recovery,
      smoothedRoundTripMs: roundTrip.measured ? roundTrip.smoothedNs / 1e6 : undefined,
      retransmissionTimeoutMs: roundTrip.timeoutNs / 1e6,
      bytesInFlight: connection.bytesInFlight,
      sendWindow: connection.sendWindow,
      receiveWindow: connection.offeredWindow,
      maximumSegmentSize: connection.maximumSegmentSize,
      segmentsSent: connection.segmentsSent,
      segmentsReceived: connection.segmentsReceived,
      segmentsRetransmitted: connection.segmentsRetransmitted,
    },
  };
}
