/**
 * The drawing of a network: a place for each node that has none in its file. Routers and switches in the middle, hosts
 * around what they are plugged into, nothing on top of another; the same file gives the same drawing. Read next:
 * tiers.ts and core.ts (the middles), star.ts (what stands around one).
 */

import type { NetworkFile, Position } from "../network-file.ts";
import { BOX, TakenPlaces } from "./boxes.ts";
import { corePlaces } from "./core.ts";
import { reachOf, starPlaces } from "./star.ts";
import { tierPlaces } from "./tiers.ts";

/**
 * The place of every node by name: its own (`at`), else the one in `known`, where it stood before the network was
 * changed, else a new one.
 */
export function layoutNetwork(
  file: NetworkFile,
  known: ReadonlyMap<string, Position> = new Map(),
): ReadonlyMap<string, Position> {
  const graph = graphOf(file);
  const fixed = new Map<string, Position>();
  for (const { name, at } of [...file.hosts, ...file.switches]) {
    const place = at ?? known.get(name);
    if (place !== undefined) fixed.set(name, place);
  }
  if (fixed.size === graph.size) return fixed;
  const drawn = drawGraph(graph);
  if (fixed.size === 0) return drawn;
  return fitted(graph, drawn, fixed, known.size > 0);
}

/** Each node's neighbours, in the order of the file. */
type Graph = ReadonlyMap<string, ReadonlySet<string>>;

function graphOf({ hosts, switches, links }: NetworkFile): Graph {
  const graph = new Map([...switches, ...hosts].map(({ name }) => [name, new Set<string>()]));
  for (const { ends } of links) {
    graph.get(ends[0].node)?.add(ends[1].node);
    graph.get(ends[1].node)?.add(ends[0].node);
  }
  return graph;
}

/** All parts of a network that hang together, side by side, the largest first. */
function drawGraph(graph: Graph): ReadonlyMap<string, Position> {
  const parts = componentsOf(graph).map((names) => drawComponent(graph, names));
  const sized = parts.map((places) => ({ places, bounds: boundsOf([...places.values()]) }));
  sized.sort((a, b) => b.bounds.width * b.bounds.height - a.bounds.width * a.bounds.height);
  const area = sized.reduce((sum, { bounds }) => sum + bounds.width * bounds.height, 0);
  const rowWidth = Math.max(sized[0]?.bounds.width ?? 0, Math.sqrt(area * ASPECT));
  const all = new Map<string, Position>();
  let [left, top, rowHeight] = [0, 0, 0];
  for (const { places, bounds } of sized) {
    if (left > 0 && left + bounds.width > rowWidth) {
      top += rowHeight;
      [left, rowHeight] = [0, 0];
    }
    for (const [name, [x, y]] of places)
      all.set(name, [Math.round(x - bounds.left + left), Math.round(y - bounds.top + top)]);
    left += bounds.width;
    rowHeight = Math.max(rowHeight, bounds.height);
  }
  return new Map([...graph.keys()].map((name) => [name, all.get(name) as Position]));
}

function componentsOf(graph: Graph): string[][] {
  const seen = new Set<string>();
  return [...graph.keys()].flatMap((start) => {
    if (seen.has(start)) return [];
    const component = new Set([start]);
    for (const at of component) for (const next of graph.get(at) ?? []) component.add(next);
    for (const name of component) seen.add(name);
    return [[...component]];
  });
}

/** Middles first, then around each its leaves. */
function drawComponent(graph: Graph, names: readonly string[]): Map<string, Position> {
  const degree = (name: string): number => graph.get(name)?.size ?? 0;
  // Of two nodes alone one is the middle.
  const middles = names.filter((name) => degree(name) !== 1);
  if (middles.length === 0) middles.push(names[0]);
  const index = new Map(middles.map((name, i) => [name, i]));
  const ways = (name: string): string[] => [...(graph.get(name) ?? [])].filter((next) => index.has(next));
  const leaves = (name: string): string[] => [...(graph.get(name) ?? [])].filter((next) => !index.has(next));
  const nodes = middles.map((name) => ({
    reach: reachOf(leaves(name).length, ways(name).length),
    neighbours: ways(name).map((next) => index.get(next) as number),
  }));
  const places = tierPlaces(nodes) ?? corePlaces(nodes);
  const drawn = new Map<string, Position>(middles.map((name, i) => [name, places[i]]));
  const taken = new TakenPlaces();
  for (const place of places) taken.take(place);
  for (const [i, name] of middles.entries()) {
    const [x, y] = places[i];
    const directions = ways(name).map((next) => {
      const [nextX, nextY] = places[index.get(next) as number];
      return Math.atan2(nextX - x, y - nextY);
    });
    const around = starPlaces(leaves(name).length, directions);
    for (const [j, leaf] of leaves(name).entries()) {
      // Two stars may touch where one is larger than was reckoned.
      const place = taken.nearest([x + around[j][0], y + around[j][1]]);
      taken.take(place);
      drawn.set(leaf, place);
    }
  }
  return drawn;
}

/** Around the nodes that have a place: in the drawing as it would be, or (`beside`) beside what they are linked with. */
function fitted(
  graph: Graph,
  drawn: ReadonlyMap<string, Position>,
  fixed: ReadonlyMap<string, Position>,
  beside: boolean,
): ReadonlyMap<string, Position> {
  const taken = new TakenPlaces();
  for (const place of fixed.values()) taken.take(place);
  const placed = new Map(fixed);
  const shift = meanShift(drawn, fixed);
  for (const [name, neighbours] of graph) {
    if (placed.has(name)) continue;
    const [x, y] = drawn.get(name) as Position;
    const friend = beside ? [...neighbours].find((next) => placed.has(next)) : undefined;
    const wanted = friend === undefined ? ([x + shift[0], y + shift[1]] as const) : placed.get(friend);
    const place = taken.nearest(wanted as Position);
    taken.take(place);
    placed.set(name, place);
  }
  return new Map([...graph.keys()].map((name) => [name, placed.get(name) as Position]));
}

function meanShift(drawn: ReadonlyMap<string, Position>, fixed: ReadonlyMap<string, Position>): Position {
  let [x, y] = [0, 0];
  for (const [name, place] of fixed) {
    const [fromX, fromY] = drawn.get(name) as Position;
    x += place[0] - fromX;
    y += place[1] - fromY;
  }
  return [Math.round(x / fixed.size), Math.round(y / fixed.size)];
}

function boundsOf(places: readonly Position[]): { left: number; top: number; width: number; height: number } {
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  const [left, top] = [Math.min(...xs) - BOX.width / 2, Math.min(...ys) - BOX.above];
  const width = Math.max(...xs) + BOX.width / 2 - left;
  return { left, top, width: Math.ceil(width), height: Math.ceil(Math.max(...ys) + BOX.below - top) };
}

/** Of a screen. */
const ASPECT = 16 / 9;
