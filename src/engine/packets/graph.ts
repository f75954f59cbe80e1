/**
 * Packets and octets over time, a series per filter. Counted in slices by views that tell of every packet, and kept
 * while somebody asks, so that asking again costs what is new. Where there would be too many intervals they get longer.
 */

import type { GraphView } from "../protocol/packets.ts";
import type { PacketBlock } from "./block.ts";
import type { IsOver, Job, PacketStore } from "./store.ts";
import { PacketView, type ViewListener } from "./view.ts";

export interface GraphRequest {
  readonly intervalNs: number;
  readonly filters: readonly string[];
}

/** What is counted so far; throws FilterError. */
export function graphOf(store: PacketStore, request: GraphRequest): GraphView {
  const key = JSON.stringify([request.intervalNs, request.filters]);
  let graphs = known.get(store);
  if (graphs === undefined) known.set(store, (graphs = new Map()));
  const graph = graphs.get(key) ?? new Graph(store, request);
  graphs.delete(key);
  graphs.set(key, graph);
  const [oldest] = graphs.keys();
  if (graphs.size > GRAPHS_MAX) graphs.delete(oldest);
  store.addJob(graph);
  return graph.view();
}

class Graph implements Job {
  readonly #store: PacketStore;
  readonly #series: readonly { readonly counts: Series; readonly view: PacketView }[];

  constructor(store: PacketStore, { intervalNs, filters }: GraphRequest) {
    this.#store = store;
    this.#series = filters.map((filter) => {
      const counts = new Series(intervalNs);
      return { counts, view: new PacketView(store, filter, 0, counts) };
    });
  }

  advance(isOver: IsOver): boolean {
    let isDone = this.#store.analyzedTo >= this.#store.lastNumber;
    for (const { view } of this.#series) isDone = view.advance(isOver) && isDone;
    return isDone;
  }

  view(): GraphView {
    const all = this.#series.map(({ counts }) => counts);
    const intervalNs = Math.max(...all.map((each) => each.intervalNs));
    for (const each of all) while (each.intervalNs < intervalNs) each.halve();
    const used = all.filter((each) => each.first !== undefined);
    const first = Math.min(...used.map((each) => each.first as number));
    const end = Math.max(...used.map((each) => (each.first as number) + each.packets.length));
    const series = this.#series.map(({ counts, view }) => ({
      filter: view.filter.text,
      packets: padded(counts.packets, counts.first, first, end),
      octets: padded(counts.octets, counts.first, first, end),
    }));
    const { total } = this.#series[0]?.view.state ?? { total: 0 };
    const complete = this.#series.every(({ view }) => view.state.scanned === total);
    const startNs = used.length === 0 ? 0 : first * intervalNs;
    return { intervalNs, startNs, series, complete };
  }
}

/** Counts per interval. */
class Series implements ViewListener {
  intervalNs: number;
  /** The number of the first interval since time 0. */
  first: number | undefined;
  packets: number[] = [];
  octets: number[] = [];

  constructor(intervalNs: number) {
    this.intervalNs = intervalNs;
  }

  changed(block: PacketBlock, at: number, by: 1 | -1): void {
    const timeNs = block.timesNs[at];
    let interval = Math.floor(timeNs / this.intervalNs);
    this.first ??= interval;
    // A packet that is looked at again may stand before all others of the series.
    while (interval < this.first && this.first - interval + this.packets.length <= INTERVALS_MAX) {
      this.packets.unshift(0);
      this.octets.unshift(0);
      this.first--;
    }
    while (interval - this.first >= INTERVALS_MAX || interval < this.first) {
      this.halve();
      interval = Math.floor(timeNs / this.intervalNs);
      if (interval < this.first) this.#extendTo(interval);
    }
    const place = interval - this.first;
    while (this.packets.length <= place) {
      this.packets.push(0);
      this.octets.push(0);
    }
    this.packets[place] += by;
    this.octets[place] += by * block.lengthOf(at);
  }

  /** Intervals of twice the length. */
  halve(): void {
    const first = this.first ?? 0;
    this.packets = merged(this.packets, first);
    this.octets = merged(this.octets, first);
    if (this.first !== undefined) this.first = Math.floor(first / 2);
    this.intervalNs *= 2;
  }

  #extendTo(interval: number): void {
    while (this.first !== undefined && interval < this.first && this.packets.length < INTERVALS_MAX) {
      this.packets.unshift(0);
      this.octets.unshift(0);
      this.first--;
    }
  }
}

function merged(counts: readonly number[], first: number): number[] {
  const result: number[] = [];
  for (const [i, count] of counts.entries()) {
    const place = Math.floor((first + i) / 2) - Math.floor(first / 2);
    result[place] = (result[place] ?? 0) + count;
  }
  return result;
}

function padded(counts: readonly number[], own: number | undefined, first: number, end: number): number[] {
  if (!Number.isFinite(first)) return [];
  if (own === undefined) return new Array<number>(end - first).fill(0);
  const before = new Array<number>(own - first).fill(0);
  return [...before, ...counts, ...new Array<number>(end - own - counts.length).fill(0)];
}

const known = new WeakMap<PacketStore, Map<string, Graph>>();
/** A page shows one or two. */
const GRAPHS_MAX = 8;
/** More than a screen has columns. */
const INTERVALS_MAX = 4096;
