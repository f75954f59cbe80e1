/** What the two ends agree on in their SYNs: segment size, window scale, SACK, timestamps. */

import type { TcpHeader } from "../../wire/tcp.ts";
import type { TcpConnection } from "./connection.ts";
import type { TcpOptions } from "./options.ts";

/** Puts our offer into a SYN, or into a SYN,ACK what we take of the peer's. */
export function offer(connection: TcpConnection, syn: TcpHeader, answering: boolean): void {
  const { options } = connection;
  syn.maximumSegmentSize = receivableSegmentSize(connection);
  // RFC 7323 sections 2.2 and 3.2, RFC 2018 section 2: a SYN,ACK has an option only if the SYN had it.
  if (answering ? connection.receiveWindowShift > 0 || connection.sendWindowShift > 0 : options.windowScaling)
    syn.windowScale = connection.receiveWindowShift;
  syn.sackPermitted = answering ? connection.sackOn : options.selectiveAcknowledgment;
  syn.hasTimestamps = answering ? connection.timestampsOn : options.timestamps;
}

/** Takes in the peer's SYN or SYN,ACK. */
export function negotiate(connection: TcpConnection, syn: TcpHeader): void {
  const { options } = connection;
  connection.initialReceiveSequence = syn.sequence;
  connection.receiveNext = (syn.sequence + 1) | 0;
  connection.receiveEdge = connection.receiveNext;
  // RFC 9293 section 3.7.1: without the option, what every host can receive.
  if (syn.maximumSegmentSize > 0) connection.peerMaximumSegmentSize = syn.maximumSegmentSize;
  if (options.windowScaling && syn.windowScale >= 0) connection.sendWindowShift = syn.windowScale;
  else connection.receiveWindowShift = 0;
  connection.sackOn = options.selectiveAcknowledgment && syn.sackPermitted;
  connection.timestampsOn = options.timestamps && syn.hasTimestamps;
  if (connection.timestampsOn) {
    connection.recentTimestamp = syn.timestampValue;
    connection.recentTimestampAtNs = connection.ip.schedule.nowNs;
  }
  // RFC 7323 section 2.2: the window of a SYN is never scaled.
  connection.sendWindow = syn.window;
  connection.sendWindowMax = syn.window;
  connection.sendWindowSequence = syn.sequence;
  connection.sendWindowAcknowledgment = syn.acknowledgment;
  updateSegmentSize(connection);
}

/** The handshake has ended, or the path MTU has changed. */
export function updateSegmentSize(connection: TcpConnection): void {
  connection.maximumSegmentSize = segmentSizeFor(connection);
  connection.congestion.setSegmentSize(connection.maximumSegmentSize);
}

/** RFC 9293 section 3.7.1: Eff.snd.MSS, with the options that every segment carries deducted (RFC 6691). */
export function segmentSizeFor(connection: TcpConnection): number {
  const { peerMaximumSegmentSize, timestampsOn } = connection;
  const size = Math.min(peerMaximumSegmentSize, receivableSegmentSize(connection));
  return Math.max(SEGMENT_SIZE_MIN, size - (timestampsOn ? TIMESTAMPS_LENGTH : 0));
}

/** RFC 7323 section 2.3: the smallest shift that lets the window reach the whole receive buffer. */
export function receiveWindowShift(options: TcpOptions): number {
  if (!options.windowScaling) return 0;
  let shift = 0;
  while (shift < WINDOW_SHIFT_MAX && options.receiveBufferBytes >> shift > 0xffff) shift++;
  return shift;
}

/** RFC 6691 section 2: the MTU less the fixed headers. */
function receivableSegmentSize(connection: TcpConnection): number {
  const { remote, options } = connection;
  const size = connection.ip.mtuTo(remote) - (remote.family === 4 ? IPV4_AND_TCP : IPV6_AND_TCP);
  return Math.max(SEGMENT_SIZE_MIN, Math.min(size, options.maximumSegmentSize ?? size, 0xffff));
}

const IPV4_AND_TCP = 40;
const IPV6_AND_TCP = 60;
const TIMESTAMPS_LENGTH = 12;
const WINDOW_SHIFT_MAX = 14;
/** Smaller ones (forged MTUs, silly options) would only make floods of tiny segments; Linux has the same bound. */
const SEGMENT_SIZE_MIN = 48;
