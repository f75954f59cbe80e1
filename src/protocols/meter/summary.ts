/** From what each side counted to the figures of a test. */

import type { Parameters, StreamResult } from "./messages.ts";
import type { Stream } from "./streams.ts";

/** What one side tells the other at the end. */
export function resultsOf(
  streams: readonly Stream[],
  parameters: Parameters,
  seconds: number,
  isSender: boolean,
): StreamResult[] {
  const isUdp = parameters.protocol === "udp";
  const counts = isUdp && !isSender;
  return streams.map((stream) => ({
    id: stream.id,
    octets: isSender ? stream.handed : stream.counted,
    packets: isUdp ? stream.countedPackets : 0,
    lost: counts ? stream.receipts.lost : 0,
    jitterMs: counts ? stream.receipts.jitterNs / 1e6 : 0,
    seconds,
    reordered: counts ? stream.receipts.reordered : undefined,
    duplicates: counts ? stream.receipts.duplicates : undefined,
  }));
}

/**
 * How long a side has measured. The words that begin and end a test may be late, behind full queues: for a receiver
 * the agreed time counts from the first arrival, and longer if something came after it.
 */
export function secondsOf(
  streams: readonly Stream[],
  { durationMs, omitMs }: Parameters,
  isSender: boolean,
  beganNs: number,
  nowNs: number,
): number {
  if (isSender) return Math.max(0, nowNs - beganNs - omitMs * 1e6) / 1e9;
  const firstNs = Math.min(...streams.map((stream) => stream.firstAtNs ?? nowNs));
  const fromNs = Math.max(beganNs, firstNs) + omitMs * 1e6;
  const lastNs = Math.max(fromNs + durationMs * 1e6, ...streams.map((stream) => stream.lastAtNs));
  return Math.max(0, Math.min(nowNs, lastNs) - fromNs) / 1e9;
}

/** All streams of one side together. */
export interface Totals {
  readonly octets: number;
  readonly seconds: number;
  readonly bitsPerSecond: number;
}

export interface DatagramTotals {
  readonly packets: number;
  readonly lost: number;
  readonly lossPercent: number;
  readonly jitterMs: number;
  /** Undefined when the receiver does not count them (iperf3). */
  readonly reordered: number | undefined;
  readonly duplicates: number | undefined;
}

export function totalsOf(results: readonly StreamResult[]): Totals {
  const octets = sum(results.map((result) => result.octets));
  const seconds = Math.max(0, ...results.map((result) => result.seconds));
  return { octets, seconds, bitsPerSecond: seconds === 0 ? 0 : (octets * 8) / seconds };
}

/** `received` is the receiver's side: who sends cannot know. */
export function datagramTotalsOf(received: readonly StreamResult[]): DatagramTotals {
  const packets = sum(received.map((result) => result.packets));
  const lost = sum(received.map((result) => result.lost));
  const own = (values: (number | undefined)[]): number | undefined =>
    values.every((value) => value !== undefined) ? sum(values) : undefined;
  return {
    packets,
    lost,
    lossPercent: packets === 0 ? 0 : (100 * lost) / packets,
    jitterMs: received.length === 0 ? 0 : sum(received.map((each) => each.jitterMs)) / received.length,
    reordered: own(received.map((result) => result.reordered)),
    duplicates: own(received.map((result) => result.duplicates)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
