/**
 * What a TCP segment is in the light of those before it: retransmission, duplicate ACK, window update ... The
 * names and rules are those of Wireshark's "TCP analysis", which users know. The capture may have been taken
 * anywhere.
 */

import { TcpFlag, type TcpHeader } from "../sim/wire/tcp.ts";

/** What was seen of one direction of a connection. */
export class TcpDirection {
  /** The initial sequence number, or what stands for it when the SYN was not seen. */
  base: number | undefined;
  /** From the SYN; undefined: no SYN seen. */
  windowScale: number | undefined;
  sawSyn = false;
  /** The sequence number behind the highest octet, and when it was sent. */
  next = 0;
  nextAtNs = 0;
  acknowledgment: number | undefined;
  acknowledgedAtNs = 0;
  /** The packet whose ACK is being repeated, and how often it was. */
  acknowledgedByPacket = 0;
  duplicates = 0;
  window = 0;
  /** What the last segment was. */
  last: "keep-alive" | "zero-window-probe" | undefined;
}

export interface TcpSighting {
  readonly number: number;
  readonly timeNs: number;
  readonly header: TcpHeader;
  /** Of the handshake, undefined when it was not seen. */
  readonly roundTripNs: number | undefined;
}

/** The labels of a segment from `own` to `other`; both are brought up to date. */
export function analyzeSegment(own: TcpDirection, other: TcpDirection, sighting: TcpSighting): string[] {
  const isFirst = own.base === undefined;
  if (isFirst) begin(own, sighting.header);
  const labels = isFirst ? [] : [...labelsOfData(own, other, sighting), ...labelsOfAck(own, other, sighting)];
  remember(own, sighting, labels);
  return labels;
}

/** Whether the segment brings data that were seen before, or out of their order. */
export function isRepetition(labels: readonly string[]): boolean {
  return labels.some((label) => label.endsWith("Retransmission") || label === OUT_OF_ORDER);
}

function begin(own: TcpDirection, header: TcpHeader): void {
  const isSyn = has(header, TcpFlag.synchronize);
  // Without its SYN a stream is shown from 1 on, as if the SYN had come right before.
  own.base = (header.sequence - (isSyn ? 0 : 1)) >>> 0;
  own.next = header.sequence;
}

/** How the segment's place in the sequence compares with what was sent before. */
function labelsOfData(own: TcpDirection, other: TcpDirection, sighting: TcpSighting): string[] {
  const { header } = sighting;
  const ahead = difference(header.sequence, own.next);
  if (header.dataLength === 1 && ahead === 0 && other.window === 0 && other.base !== undefined) {
    return [ZERO_WINDOW_PROBE];
  }
  const labels = fillsWindow(own, other, header) ? ["TCP Window Full"] : [];
  if (ahead > 0 && !has(header, TcpFlag.reset)) labels.push("TCP Previous segment not captured");
  else if (ahead === -1 && header.dataLength <= 1 && !controls(header)) labels.push(KEEP_ALIVE);
  else if (ahead < 0 && header.length > 0) labels.push(kindOfRepetition(own, other, sighting));
  return labels;
}

function fillsWindow(own: TcpDirection, other: TcpDirection, header: TcpHeader): boolean {
  if (header.dataLength === 0 || controls(header)) return false;
  const edge = scaledEdge(other, own);
  return edge !== undefined && difference(header.sequence + header.dataLength, edge) === 0;
}

function kindOfRepetition(own: TcpDirection, other: TcpDirection, sighting: TcpSighting): string {
  const { header, timeNs } = sighting;
  const end = (header.sequence + header.length) >>> 0;
  const acknowledged = other.acknowledgment;
  const isKnown = acknowledged !== undefined && difference(end, acknowledged) <= 0;
  if (isKnown && header.dataLength > 0) return "TCP Spurious Retransmission";
  const patienceNs = Math.max(FAST_NS, sighting.roundTripNs ?? 0);
  const isAskedFor = other.duplicates >= 2 && acknowledged === header.sequence >>> 0;
  if (isAskedFor && timeNs - other.acknowledgedAtNs <= patienceNs) return "TCP Fast Retransmission";
  const reorderNs = sighting.roundTripNs ?? REORDER_NS;
  if (timeNs - own.nextAtNs < reorderNs && difference(end, own.next) !== 0) return OUT_OF_ORDER;
  return "TCP Retransmission";
}

/** What its acknowledgment and its window say; only segments without data, SYN, FIN and RST. */
function labelsOfAck(own: TcpDirection, other: TcpDirection, sighting: TcpSighting): string[] {
  const { header } = sighting;
  if (controls(header) || !has(header, TcpFlag.acknowledgment)) return [];
  const acknowledgment = header.acknowledgment >>> 0;
  if (other.base !== undefined && difference(acknowledgment, other.next) > 0)
    return ["TCP ACKed unseen segment"];
  const labels = header.window === 0 ? ["TCP ZeroWindow"] : [];
  if (header.dataLength > 0 || difference(header.sequence, own.next) !== 0) return labels;
  if (header.window === 0) return other.last === "zero-window-probe" ? [PROBE_ACK, ...labels] : labels;
  if (acknowledgment !== own.acknowledgment) return [];
  if (header.window !== own.window) return ["TCP Window Update"];
  if (other.last === "keep-alive") return ["TCP Keep-Alive ACK"];
  own.duplicates++;
  return [`TCP Dup ACK ${own.acknowledgedByPacket}#${own.duplicates}`];
}

function remember(own: TcpDirection, sighting: TcpSighting, labels: readonly string[]): void {
  const { header, timeNs, number } = sighting;
  if (has(header, TcpFlag.synchronize)) {
    own.sawSyn = true;
    own.windowScale = header.windowScale < 0 ? undefined : header.windowScale;
  }
  const end = (header.sequence + header.length) >>> 0;
  // A probe's octet is sent again when the window opens, so it does not count as sent.
  if (difference(end, own.next) > 0 && !labels.includes(ZERO_WINDOW_PROBE)) {
    own.next = end;
    own.nextAtNs = timeNs;
  }
  if (has(header, TcpFlag.acknowledgment)) {
    const acknowledgment = header.acknowledgment >>> 0;
    if (acknowledgment !== own.acknowledgment) {
      own.acknowledgment = acknowledgment;
      own.acknowledgedByPacket = number;
      own.duplicates = 0;
    }
    own.acknowledgedAtNs = timeNs;
  }
  own.window = header.window;
  const isProbe = labels.includes(ZERO_WINDOW_PROBE);
  own.last = labels.includes(KEEP_ALIVE) ? "keep-alive" : isProbe ? "zero-window-probe" : undefined;
}

/**
 * The sequence number behind the window that `receiver` offers `sender`, undefined when the scale is unknown.
 */
function scaledEdge(receiver: TcpDirection, sender: TcpDirection): number | undefined {
  if (receiver.acknowledgment === undefined || !receiver.sawSyn || !sender.sawSyn) return undefined;
  const isScaled = receiver.windowScale !== undefined && sender.windowScale !== undefined;
  return (
    (receiver.acknowledgment + receiver.window * 2 ** (isScaled ? (receiver.windowScale as number) : 0)) >>> 0
  );
}

function controls(header: TcpHeader): boolean {
  return (header.flags & (TcpFlag.synchronize | TcpFlag.finish | TcpFlag.reset)) !== 0;
}

function has(header: TcpHeader, flag: number): boolean {
  return (header.flags & flag) !== 0;
}

/** a - b of sequence numbers: RFC 9293 section 3.4. */
function difference(a: number, b: number): number {
  return (a - b) | 0;
}

const KEEP_ALIVE = "TCP Keep-Alive";
const ZERO_WINDOW_PROBE = "TCP ZeroWindowProbe";
const PROBE_ACK = "TCP ZeroWindowProbeAck";
const OUT_OF_ORDER = "TCP Out-Of-Order";
/** A retransmission this soon behind the third ACK is an answer to it (in Wireshark too). */
const FAST_NS = 20_000_000;
/** Where no handshake tells the round trip: what reordering takes at most (in Wireshark too). */
const REORDER_NS = 3_000_000;
