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
  readonly #request: GraphRequest;
  readonly #series: readonly { readonly counts: Series; readonly view: PacketView }[];

  constructor(store: PacketStore, request: GraphRequest) {
    this.#store = store;
    this.#request = request;
    this.#series = request.filters.map((filter) => {
      const counts = new Series(request.intervalNs);
      return { counts, view: new PacketView(store, filter, 0, counts) };
    });
  }

  advance(isOver: IsOver): boolean {
    let isDone = this.#store.analyzedTo >= this.#store.lastNumber;
    for (const { view } of this.#series) isDone = view.advance(isOver) && isDone;
    return isDone;
  }

  view(): GraphView {
    const { intervalNs, first, end } = this.#range();
    const series = this.#series.map(({ counts, view }) => ({
      filter: view.filter.text,
      packets: padded(counts.packets, counts.first, first, end),
      octets: padded(counts.octets, counts.first, first, end),
    }));
    const { lastNumber, firstNumber } = this.#store;
    const complete = this.#series.every(({ view }) => view.state.scanned === lastNumber - firstNumber + 1);
    return { intervalNs, startNs: first * intervalNs, series, complete };
  }

  /** The intervals [first, end) of all series together, which get longer until they are few enough. */
  #range(): { intervalNs: number; first: number; end: number } {
    const all = this.#series.map(({ counts }) => counts);
    for (let { intervalNs } = this.#request; ; intervalNs *= 2) {
      for (const each of all) while (each.intervalNs < intervalNs) each.halve();
      if (all.some((each) => each.intervalNs > intervalNs)) continue;
      const used = all.filter(({ first }) => first !== undefined);
      if (used.length === 0) return { intervalNs, first: 0, end: 0 };
      const first = Math.min(...used.map((each) => each.first as number));
      const end = Math.max(...used.map((each) => (each.first as number) + each.packets.length));
      if (end - first <= INTERVALS_MAX) return { intervalNs, first, end };
    }
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
    while (this.#spanWith(timeNs) > INTERVALS_MAX) this.halve();
    const interval = Math.floor(timeNs / this.intervalNs);
    this.first ??= interval;
    if (interval < this.first) {
      // A packet that is looked at again may stand before all others of the series.
      const before = new Array<number>(this.first - interval).fill(0);
      this.packets = [...before, ...this.packets];
      this.octets = [...before, ...this.octets];
      this.first = interval;
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

  /** How many intervals there are when this instant has one. */
  #spanWith(timeNs: number): number {
    const interval = Math.floor(timeNs / this.intervalNs);
    const first = this.first ?? interval;
    return Math.max(first + this.packets.length, interval + 1) - Math.min(first, interval);
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
  if (own === undefined) return new Array<number>(end - first).fill(0);
  const before = new Array<number>(own - first).fill(0);
  return [...before, ...counts, ...new Array<number>(end - own - counts.length).fill(0)];
}

const known = new WeakMap<PacketStore, Map<string, Graph>>();
/** A page shows one or two. */
const GRAPHS_MAX = 8;
/** More than a screen has columns. */
const INTERVALS_MAX = 4096;
