/** What can be set about TCP: for a whole host, for a listener's connections, or for one connection. */

export type CongestionControlName = "cubic" | "newreno" | "none";

export interface TcpOptions {
  /** "cubic" (RFC 9438), "newreno" (RFC 5681, 6582), or "none": a fixed window, to see what goes wrong without. */
  readonly congestionControl: CongestionControlName;
  /** RFC 6928: the initial congestion window, in segments (and the fixed one of "none"). */
  readonly initialWindowSegments: number;
  /** RFC 3042: a new segment for each of the first two duplicate ACKs. */
  readonly limitedTransmit: boolean;
  /** RFC 2018. */
  readonly selectiveAcknowledgment: boolean;
  /** RFC 7323 section 3. */
  readonly timestamps: boolean;
  /** RFC 7323 section 2. */
  readonly windowScaling: boolean;
  /** True: small segments are sent at once (no Nagle algorithm, RFC 9293 section 3.7.4). */
  readonly noDelay: boolean;
  /** How long an ACK may wait for company; 0 acknowledges every segment at once. RFC 9293 section 3.8.6.3: below 500. */
  readonly delayedAckMs: number;
  /** Octets that `send` takes before the peer has acknowledged any. */
  readonly sendBufferBytes: number;
  /** Octets that arrive before the application reads any; the largest window that is offered. */
  readonly receiveBufferBytes: number;
  /** An upper bound for segments' data, both ways; undefined: what the MTU allows. */
  readonly maximumSegmentSize: number | undefined;
  /** RFC 6298 (2.1). */
  readonly initialRtoMs: number;
  /** RFC 6298 (2.4): 1000; Linux uses 200. */
  readonly minRtoMs: number;
  /** RFC 6298 (2.5): at least 60000. */
  readonly maxRtoMs: number;
  /** How long a SYN is repeated before `connect` fails. RFC 1122 section 4.2.3.5: at least three minutes. */
  readonly connectTimeoutMs: number;
  /** How long sent data may stay unacknowledged. RFC 9293 section 3.9.1: five minutes. */
  readonly userTimeoutMs: number;
  /** RFC 9293 section 3.8.4; undefined: none are sent, the default that it demands. */
  readonly keepAlive: KeepAliveOptions | undefined;
  /** 2 MSL: how long TIME-WAIT lasts. */
  readonly timeWaitMs: number;
}

export interface KeepAliveOptions {
  readonly idleMs: number;
  readonly intervalMs: number;
  /** Probes without an answer after which the connection is given up. */
  readonly probes: number;
}

export const TCP_DEFAULTS: TcpOptions = {
  congestionControl: "cubic",
  initialWindowSegments: 10,
  limitedTransmit: true,
  selectiveAcknowledgment: true,
  timestamps: true,
  windowScaling: true,
  noDelay: false,
  // As in Linux: short enough that a request in two pieces does not feel slow.
  delayedAckMs: 40,
  // 256 KiB fill 100 Mbit/s over 20 ms; buffers are allocated only while they hold something.
  sendBufferBytes: 256 * 1024,
  receiveBufferBytes: 256 * 1024,
  maximumSegmentSize: undefined,
  initialRtoMs: 1000,
  minRtoMs: 1000,
  maxRtoMs: 60_000,
  connectTimeoutMs: 180_000,
  userTimeoutMs: 300_000,
  keepAlive: undefined,
  // A minute as in Linux; RFC 9293 section 3.4.2 says 4 minutes, for an Internet of slower links.
  timeWaitMs: 60_000,
};

/** The values of RFC 9293 section 3.8.4 (two hours) and, for the rest, of Linux. */
export const KEEP_ALIVE_DEFAULTS: KeepAliveOptions = { idleMs: 7_200_000, intervalMs: 75_000, probes: 9 };
