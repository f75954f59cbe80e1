/** Where instants stand on the time line, and where its ticks are. Pure. */

export interface Range {
  readonly startNs: number;
  readonly endNs: number;
}

/** Everything from the start to what is known, with room on the right that grows by steps, not at every moment. */
export function wholeRange(nowNs: number, horizonNs: number): Range {
  const known = Math.max(nowNs, horizonNs, LEAST_NS);
  return { startNs: 0, endNs: niceAbove(known * 1.02) };
}

export function toShare(timeNs: number, { startNs, endNs }: Range): number {
  return (timeNs - startNs) / (endNs - startNs);
}

/** Never before the start of time. */
export function fromShare(share: number, { startNs, endNs }: Range): number {
  return Math.max(0, Math.round(startNs + share * (endNs - startNs)));
}

/** Larger or smaller around a share that keeps its place; never before the start, never below the least. */
export function zoom(range: Range, factor: number, aroundShare: number, whole: Range): Range {
  const length = range.endNs - range.startNs;
  const wanted = Math.max(LEAST_NS / 1_000, length * factor);
  if (wanted >= whole.endNs - whole.startNs) return whole;
  const centre = range.startNs + length * aroundShare;
  const startNs = Math.max(0, centre - wanted * aroundShare);
  return { startNs, endNs: startNs + wanted };
}

/** Instants of ticks, about `count` of them, at round times. */
export function ticks({ startNs, endNs }: Range, count: number): number[] {
  const step = niceAbove((endNs - startNs) / Math.max(1, count));
  const first = Math.ceil(startNs / step);
  const last = Math.floor(endNs / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => (first + at) * step);
}

/** The smallest of 1, 2, 5 times a power of ten that is not below; from 20 s on as clocks count. */
export function niceAbove(ns: number): number {
  if (ns > 20e9) {
    const known = LONG_STEPS_NS.find((step) => step >= ns);
    return known ?? Math.ceil(ns / 86_400e9) * 86_400e9;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(ns, 1)) + 1e-9);
  return [1, 2, 5, 10].find((it) => it * power >= ns * (1 - 1e-9))! * power;
}

export interface Cluster<T> {
  readonly share: number;
  readonly members: readonly T[];
}

/** Marks that would fall onto each other, together; those outside the range are left out. */
export function cluster<T extends { readonly timeNs: number }>(
  marks: readonly T[],
  range: Range,
  leastShare: number,
): Cluster<T>[] {
  const clusters: { share: number; members: T[] }[] = [];
  for (const mark of marks.toSorted((a, b) => a.timeNs - b.timeNs)) {
    const share = toShare(mark.timeNs, range);
    if (share < 0 || share > 1) continue;
    const last = clusters.at(-1);
    if (last !== undefined && share - last.share < leastShare) last.members.push(mark);
    else clusters.push({ share, members: [mark] });
  }
  return clusters;
}

/** A network that has just begun shows a second. */
const LEAST_NS = 1e9;
const LONG_STEPS_NS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 720, 1_440].map((minutes) => minutes * 60e9);
