/**
 * Congestion control: how much may be in the network at once. One interface, several answers; the loss recovery
 * (`../recovery.ts`) is the same for all. Windows are in octets.
 */

import type { TcpOptions } from "../options.ts";
import { Cubic } from "./cubic.ts";
import { NewReno } from "./newreno.ts";
import { FixedWindow } from "./none.ts";

export interface CongestionControl {
  readonly name: string;
  /** cwnd. Never below one segment. */
  readonly window: number;
  /** ssthresh; Infinity before the first loss (RFC 5681 section 3.1: arbitrarily high). */
  readonly threshold: number;
  /** New data were acknowledged, outside fast recovery, while the window was in use. */
  handleAck(acknowledged: number, nowNs: number, roundTripNs: number): void;
  /** A loss was seen by duplicate ACKs; `inFlight` is RFC 5681's FlightSize. */
  handleLoss(inFlight: number): void;
  /** Fast recovery without SACK is over: everything sent before it is acknowledged; `inFlight` was sent during it. */
  handleRecovered(inFlight: number): void;
  /** The retransmission timer has expired; `again`: for a segment that was already retransmitted by it. */
  handleTimeout(inFlight: number, again: boolean): void;
  /** Nothing was sent for longer than a retransmission timeout. */
  handleIdle(): void;
  /** The handshake is complete, or the path MTU has changed. */
  setSegmentSize(maximumSegmentSize: number): void;
  /** The SYN was lost: begin with one segment. */
  handleSynLoss(): void;
}

export function createCongestionControl(options: TcpOptions, maximumSegmentSize: number): CongestionControl {
  const segments = options.initialWindowSegments;
  switch (options.congestionControl) {
    case "cubic":
      return new Cubic(maximumSegmentSize, segments);
    case "newreno":
      return new NewReno(maximumSegmentSize, segments);
    case "none":
      return new FixedWindow(maximumSegmentSize, segments);
  }
}
