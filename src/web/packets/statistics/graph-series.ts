/** The input/output graph: what is asked of the engine, and the answer as columns for uPlot. */

import type { GraphView } from "../../../engine/protocol/index.ts";

export type GraphMeasure = "packets" | "bits";

export interface GraphSeries {
  readonly id: number;
  readonly filter: string;
}

export const INTERVALS: readonly { readonly value: string; readonly label: string }[] = [
  { value: "1000000", label: "1 ms" },
  { value: "10000000", label: "10 ms" },
  { value: "100000000", label: "100 ms" },
  { value: "1000000000", label: "1 s" },
  { value: "10000000000", label: "10 s" },
  { value: "60000000000", label: "1 min" },
  { value: "600000000000", label: "10 min" },
];

/** Readable against the page, and apart from each other also for those who see few colours. */
export const SERIES_COLORS: readonly { readonly light: string; readonly dark: string }[] = [
  { light: "#4470ee", dark: "#8fb0ff" },
  { light: "#c92a2a", dark: "#ff8f87" },
  { light: "#178a4c", dark: "#5fd093" },
  { light: "#b06a00", dark: "#f0b659" },
  { light: "#7b3fa8", dark: "#cfa0f0" },
  { light: "#0f7490", dark: "#5fc9e2" },
];

/** An interval that gives some 200 points. */
export function intervalFor(spanNs: number): string {
  return (
    INTERVALS.find(({ value }) => spanNs / Number(value) <= POINTS)?.value ??
    (INTERVALS.at(-1)?.value as string)
  );
}

/**
 * Of the packets that are drawn, when a graph of them with the interval `now` is here: a finer one at once, a longer one
 * only where there are far too many points, for an interval that changes under one's eyes is no help.
 */
export function betterInterval(now: string, graph: GraphView): string {
  const spanNs = lengthOf(graph) * graph.intervalNs;
  const wanted = spanNs === 0 ? now : intervalFor(spanNs);
  return Number(wanted) < Number(now) || spanNs > Number(now) * POINTS_MAX ? wanted : now;
}

/**
 * Times in seconds, then `count` columns, one per series, in packets or bits per second. Each value holds from its time
 * to the next; the last time ends the graph. A series that the answer does not know yet, as it was just added, is nowhere.
 */
export function graphColumns(graph: GraphView, measure: GraphMeasure, count: number): (number | null)[][] {
  const { intervalNs, startNs, series } = graph;
  const length = lengthOf(graph);
  const perSecond = 1e9 / intervalNs;
  const times = Array.from({ length: length && length + 1 }, (_, at) => (startNs + at * intervalNs) / 1e9);
  const columns = Array.from({ length: count }, (_, at) => {
    const one = series[at];
    if (one === undefined) return times.map(() => null);
    const [counts, unit] = measure === "packets" ? [one.packets, 1] : [one.octets, 8];
    return times.map((_, at) => (counts[at] ?? 0) * unit * perSecond);
  });
  return [times, ...columns];
}

function lengthOf({ series }: GraphView): number {
  return Math.max(0, ...series.map(({ packets }) => packets.length));
}

/** "1.2 M" */
export function rateText(value: number): string {
  const units = ["", " k", " M", " G", " T"];
  let at = 0;
  let rest = Math.abs(value);
  while (rest >= 1000 && at < units.length - 1) {
    rest /= 1000;
    at++;
  }
  return `${Number((value / 1000 ** at).toPrecision(3))}${units[at]}`;
}

/** The first row at or after an instant, found by halving; `timeAt` asks for the time of a row. */
export async function rowAtTime(
  rows: number,
  timeNs: number,
  timeAt: (index: number) => Promise<number | undefined>,
): Promise<number | undefined> {
  let [low, high] = [0, rows];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await timeAt(middle);
    if (found === undefined) return undefined;
    if (found < timeNs) low = middle + 1;
    else high = middle;
  }
  return rows === 0 ? undefined : Math.min(low, rows - 1);
}

const POINTS = 240;
/** Where the automatic interval becomes longer. */
const POINTS_MAX = 1_000;
