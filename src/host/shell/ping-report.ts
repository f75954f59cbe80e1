/** What `ping` makes of its answers: the line of each, and the figures at the end. */

import type { ProbeOutcome } from "../../protocols/echo/index.ts";

/** What became of one request. Only "answered" counts as received: what comes late is lost, and is said to be late. */
export interface PingOutcome extends ProbeOutcome {
  /** An answer to a later request came before this one. */
  readonly overtaken?: boolean;
}

/** Marks answers that were overtaken; one for each run of ping, fed in the order in which they come. */
export class OrderWatch {
  #highest = 0;

  mark(outcome: PingOutcome): PingOutcome {
    if (outcome.kind !== "answered" && outcome.kind !== "late") return outcome;
    if (outcome.sequence < this.#highest) return { ...outcome, overtaken: true };
    this.#highest = outcome.sequence;
    return outcome;
  }
}

export interface PingStatistics {
  readonly transmitted: number;
  readonly received: number;
  readonly duplicates: number;
  /** Answers that came after one to a later request. */
  readonly reordered: number;
  /** Requests of which a router or the host itself said that they cannot be served. */
  readonly errors: number;
  readonly lossPercent: number;
  /** Undefined when nothing was received. */
  readonly roundTripMs: RoundTrips | undefined;
}

export interface RoundTrips {
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  /** Standard deviation, as ping calls it. */
  readonly mdev: number;
  /** The least time that so many percent of the answers did not exceed. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

export function summarize(outcomes: readonly PingOutcome[]): PingStatistics {
  const transmitted = new Set(outcomes.map((outcome) => outcome.sequence)).size;
  const answered = outcomes.filter((outcome) => outcome.kind === "answered");
  const timesMs = answered.flatMap(({ roundTripNs }) =>
    roundTripNs === undefined ? [] : [roundTripNs / 1e6],
  );
  return {
    transmitted,
    received: answered.length,
    duplicates: outcomes.filter((outcome) => outcome.kind === "duplicate").length,
    reordered: answered.filter((outcome) => outcome.overtaken === true).length,
    errors: outcomes.filter(({ kind }) => ERRORS.has(kind)).length,
    lossPercent: transmitted === 0 ? 0 : ((transmitted - answered.length) / transmitted) * 100,
    roundTripMs: timesMs.length === 0 ? undefined : roundTripsOf(timesMs),
  };
}

/** One line, in the manner of ping; `sizeOnWire` is the payload and the header of ICMP or UDP. */
export function formatOutcome(outcome: PingOutcome, sizeOnWire: number): string {
  const { kind, from, sequence, ttl, roundTripNs } = outcome;
  if (kind === "lost") return `lost: no answer to seq=${sequence}`;
  if (kind === "time-exceeded") return `From ${from}: seq=${sequence} time to live exceeded`;
  if (kind === "unreachable" && from === undefined) return `not sent: there is no route for seq=${sequence}`;
  if (kind === "unreachable") return `From ${from}: seq=${sequence} destination unreachable`;
  if (kind === "refused")
    return `From ${from}: seq=${sequence} connection refused (nobody listens on that port)`;
  const hops = ttl === undefined ? "" : ` ttl=${ttl}`;
  const time = `time=${formatMs((roundTripNs ?? 0) / 1e6)} ms`;
  const late = kind === "duplicate" ? " (DUP!)" : kind === "late" ? " (late: counted as lost)" : "";
  const remark = outcome.overtaken === true ? `${late} (overtaken)` : late;
  return `${sizeOnWire} bytes from ${from}: seq=${sequence}${hops} ${time}${remark}`;
}

/** The last lines, in the manner of ping. */
export function formatStatistics(host: string, statistics: PingStatistics, durationMs: number): string {
  const { transmitted, received, duplicates, reordered, errors, lossPercent, roundTripMs } = statistics;
  const counts = [
    `${transmitted} packets transmitted`,
    `${received} received`,
    ...(duplicates === 0 ? [] : [`+${duplicates} duplicates`]),
    ...(reordered === 0 ? [] : [`${reordered} overtaken`]),
    ...(errors === 0 ? [] : [`+${errors} errors`]),
    `${Number(lossPercent.toFixed(1))}% packet loss`,
    `time ${Math.round(durationMs)} ms`,
  ];
  const lines = ["", `--- ${host} ping statistics ---`, counts.join(", ")];
  if (roundTripMs !== undefined) {
    const { min, avg, max, mdev, p50, p90, p99 } = roundTripMs;
    const show = (values: readonly number[]): string => values.map((ms) => ms.toFixed(3)).join("/");
    lines.push(`rtt min/avg/max/mdev = ${show([min, avg, max, mdev])} ms`);
    lines.push(`rtt p50/p90/p99 = ${show([p50, p90, p99])} ms`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

function roundTripsOf(timesMs: readonly number[]): RoundTrips {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const avg = mean(timesMs);
  const mdev = Math.sqrt(mean(timesMs.map((time) => (time - avg) ** 2)));
  const sorted = [...timesMs].sort((a, b) => a - b);
  // The nearest rank: a time that was measured, never one between two.
  const percentile = (percent: number): number => sorted[Math.ceil((percent / 100) * sorted.length) - 1];
  const [p50, p90, p99] = [50, 90, 99].map(percentile);
  return { min: sorted[0], avg, max: sorted[sorted.length - 1], mdev, p50, p90, p99 };
}

/** Three digits that count, as ping shows them: "0.043", "1.25", "20.1", "318". */
function formatMs(ms: number): string {
  return ms < 1 ? ms.toFixed(3) : ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

const ERRORS: ReadonlySet<PingOutcome["kind"]> = new Set(["refused", "time-exceeded", "unreachable"]);
