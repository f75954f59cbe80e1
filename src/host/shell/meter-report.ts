/** What `meter` shows: a row for every interval, the figures at the end, and the figure for a report. */

import type {
  Interval,
  LatencySummary,
  PartialMeterReport,
  RoundTripReport,
  Totals,
} from "../../protocols/meter/index.ts";
import type { MeterPlan } from "./meter-options.ts";
import { bar, type Figure } from "./plot/index.ts";

/** The row of each interval, as a table or as CSV. */
export class RowPrinter {
  readonly #plan: MeterPlan;
  readonly #print: (text: string) => void;
  readonly #lineMax: number;
  #greatest = 0;

  /** A small plot stands beside the rows of a table, where lines of `lineMax` characters have room for it. */
  constructor(plan: MeterPlan, lineMax: number, print: (text: string) => void) {
    this.#plan = plan;
    this.#lineMax = lineMax;
    this.#print = print;
  }

  printHeading(): void {
    const columns = ["t (s)", "kB/s", "Mbit/s", "delay (ms)", ...(this.#plan.roundTrips ? ["trips/s"] : [])];
    this.#print(this.#plan.csv ? CSV_HEADING : rowOf(columns));
  }

  printRow(interval: Interval): void {
    this.#print(this.#plan.csv ? csvRowOf(interval) : this.#tableRowOf(interval));
  }

  #tableRowOf({ startSeconds, endSeconds, bitsPerSecond, delayMs, roundTrips }: Interval): string {
    const cells = [
      endSeconds.toFixed(2),
      (bitsPerSecond / 8000).toFixed(1),
      (bitsPerSecond / 1e6).toFixed(2),
      delayMs?.toFixed(3) ?? "-",
    ];
    if (this.#plan.roundTrips) cells.push((roundTrips / (endSeconds - startSeconds)).toFixed(0));
    this.#greatest = Math.max(this.#greatest, bitsPerSecond);
    const part = this.#greatest === 0 ? 0 : bitsPerSecond / this.#greatest;
    const room = Math.min(BAR_CELLS, this.#lineMax - cells.length * WIDTH - BAR_GAP.length);
    return rowOf(cells, room < BAR_CELLS_MIN ? "" : BAR_GAP + bar(part, room));
  }
}

/** One line that says what is measured. */
export function describePlan({ protocol, parallel, size, rateBps, reverse, roundTrips }: MeterPlan): string {
  const transport = protocol.toUpperCase();
  if (roundTrips) return `${transport} round trips of ${size} octets`;
  const streams = `${parallel} ${transport} ${parallel === 1 ? "stream" : "streams"}`;
  const rate = rateBps === 0 ? "as fast as it goes" : `at ${formatRate(rateBps)} each`;
  const pieces = protocol === "udp" ? "datagrams" : "writes";
  return `${streams}, ${pieces} of ${size} octets ${rate}, ${reverse ? "the server sends" : "we send"}`;
}

export function formatReport({
  interrupted,
  sent,
  received,
  datagrams,
  latency,
}: PartialMeterReport): string {
  const lines: string[][] = [];
  if (interrupted) lines.push([INTERRUPTED, "before its end; what the other side counted is not known"]);
  if (sent !== undefined) lines.push(["sent", formatTotals(sent)]);
  if (received !== undefined) lines.push(["received", formatTotals(received)]);
  if (datagrams !== undefined) {
    const { packets, lost, lossPercent, jitterMs, reordered, duplicates } = datagrams;
    lines.push(
      ["datagrams", `${packets}, ${lost} lost (${Number(lossPercent.toFixed(2))} %)`],
      ["order", `${reordered ?? "?"} overtaken, ${duplicates ?? "?"} doubled`],
      ["jitter", `${jitterMs.toFixed(3)} ms`],
    );
  }
  if (latency !== undefined) lines.push(["delay", formatLatency(latency)]);
  return formatLines(lines);
}

export function formatRoundTrips({
  interrupted,
  requests,
  lost,
  perSecond,
  seconds,
  latency,
}: RoundTripReport): string {
  const percent = requests === 0 ? 0 : (100 * lost) / requests;
  const lines: string[][] = [];
  if (interrupted) lines.push([INTERRUPTED, "before its end"]);
  lines.push(
    ["requests", `${requests} in ${seconds.toFixed(3)} s, ${lost} lost (${Number(percent.toFixed(2))} %)`],
    ["answers", `${perSecond.toFixed(0)} per second`],
  );
  if (latency !== undefined) lines.push(["delay", formatLatency(latency)]);
  return formatLines(lines);
}

/** Throughput and delay over time, one above the other. */
export function figureOf(plan: MeterPlan, intervals: readonly Interval[], summary: string): Figure {
  const times = intervals.map(({ startSeconds, endSeconds }) => (startSeconds + endSeconds) / 2);
  const rates = intervals.map(({ bitsPerSecond }) => bitsPerSecond);
  const { unit, factor } = unitOf(Math.max(0, ...rates));
  const endSeconds = intervals.at(-1)?.endSeconds ?? 0;
  const direction = plan.roundTrips ? "requests answered" : plan.reverse ? "received" : "sent";
  return {
    title: `${plan.roundTrips ? "Round trips to" : "Throughput and delay,"} ${plan.host}`,
    subtitle: `${describePlan(plan)}; ${summary}`,
    axis: "time in s",
    times,
    // The last row ends a little later than was asked for, which is no reason for one tick more.
    until: plan.durationMs > 0 ? Math.min(endSeconds, plan.durationMs / 1000) : endSeconds,
    panels: [
      {
        axis: `throughput in ${unit}`,
        series: [{ label: direction, colour: BLUE, values: rates.map((rate) => rate / factor) }],
      },
      {
        axis: "delay in ms",
        series: [
          { label: "mean round trip", colour: ORANGE, values: intervals.map(({ delayMs }) => delayMs) },
        ],
      },
    ],
  };
}

function formatRate(bitsPerSecond: number): string {
  const { unit, factor } = unitOf(bitsPerSecond);
  return `${Number((bitsPerSecond / factor).toPrecision(4))} ${unit}`;
}

/** For the figure's second line. */
export function summaryOf({ interrupted, sent, received, datagrams }: PartialMeterReport): string {
  const parts: string[] = [];
  if (received !== undefined) parts.push(`${formatRate(received.bitsPerSecond)} received`);
  else if (sent !== undefined) parts.push(`${formatRate(sent.bitsPerSecond)} sent`);
  if (datagrams !== undefined) parts.push(`${Number(datagrams.lossPercent.toFixed(2))} % lost`);
  return [...parts, ...(interrupted ? [INTERRUPTED] : [])].join(", ");
}

export function summaryOfRoundTrips({ interrupted, perSecond }: RoundTripReport): string {
  return `${perSecond.toFixed(0)} per second${interrupted ? `, ${INTERRUPTED}` : ""}`;
}

function formatTotals({ octets, seconds, bitsPerSecond }: Totals): string {
  return `${octets} octets in ${seconds.toFixed(3)} s: ${formatRate(bitsPerSecond)}`;
}

function unitOf(bitsPerSecond: number): { unit: string; factor: number } {
  if (bitsPerSecond >= 1e9) return { unit: "Gbit/s", factor: 1e9 };
  if (bitsPerSecond >= 1e6) return { unit: "Mbit/s", factor: 1e6 };
  return bitsPerSecond >= 1e3 ? { unit: "kbit/s", factor: 1e3 } : { unit: "bit/s", factor: 1 };
}

function formatLatency({ count, minMs, meanMs, maxMs, p50Ms, p90Ms, p99Ms }: LatencySummary): string {
  const show = (values: readonly number[]): string => values.map((value) => value.toFixed(3)).join("/");
  const middle = `p50/p90/p99 = ${show([p50Ms, p90Ms, p99Ms])} ms`;
  return `min/mean/max = ${show([minMs, meanMs, maxMs])} ms, ${middle}, of ${count} round trips`;
}

function rowOf(cells: readonly string[], end = ""): string {
  return `${cells.map((cell) => cell.padStart(WIDTH)).join("")}${end}\n`;
}

function csvRowOf({ endSeconds, bitsPerSecond, delayMs, roundTrips }: Interval): string {
  const numbers = [endSeconds, bitsPerSecond / 8000, delayMs].map((value) => value?.toFixed(3) ?? "");
  return `${[...numbers, roundTrips].join(",")}\n`;
}

function formatLines(lines: readonly (readonly string[])[]): string {
  return lines.map(([name, text]) => `${name.padEnd(10)} ${text}\n`).join("");
}

const CSV_HEADING = "t_s,throughput_kB_per_s,average_delay_ms,round_trips\n";
const INTERRUPTED = "interrupted";
const WIDTH = 12;
const BAR_GAP = "  ";
const BAR_CELLS = 24;
/** A shorter one tells nothing. */
const BAR_CELLS_MIN = 4;
/** Two colours that the colour-blind can tell apart, too (of Okabe and Ito's). */
const BLUE = "#0072b2";
const ORANGE = "#d55e00";
