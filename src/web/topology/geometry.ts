/** Sizes and places in the drawing; a node's place is the centre of its symbol. Pure. */

import type { LinkView } from "../../engine/protocol/index.ts";

/** The box of a node: its symbol above, name and address below. */
export const NODE_WIDTH = 132;
export const NODE_HEIGHT = 78;
/** Where the symbol's centre lies in it. */
export const CENTRE_X = NODE_WIDTH / 2;
export const CENTRE_Y = 22;
/** A link is drawn from this far outside the centre. */
export const SYMBOL_RADIUS = 25;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The part of the line between two symbols that is outside both; the same point twice where they touch. */
export function visibleLine(from: Point, to: Point): readonly [Point, Point] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  if (length <= 2 * SYMBOL_RADIUS) {
    const middle = { x: from.x + dx / 2, y: from.y + dy / 2 };
    return [middle, middle];
  }
  const [ux, uy] = [(dx / length) * SYMBOL_RADIUS, (dy / length) * SYMBOL_RADIUS];
  return [
    { x: from.x + ux, y: from.y + uy },
    { x: to.x - ux, y: to.y - uy },
  ];
}

/** The zoom from which on no name covers another, in bold letters that are so large at every zoom. */
export function namesFitFrom(
  nodes: readonly (Point & { readonly name: string })[],
  lettersPx: number,
): number {
  const widths = nodes.map(({ name }) => name.length * lettersPx * LETTER_SHARE);
  let zoom = 0;
  for (const [i, a] of nodes.entries()) {
    for (const [j, b] of nodes.slice(0, i).entries()) {
      // Beside each other, or one below the other.
      const beside = (widths[i]! + widths[j]!) / 2 / Math.abs(a.x - b.x);
      const below = (lettersPx * LINE_SHARE) / Math.abs(a.y - b.y);
      zoom = Math.max(zoom, Math.min(beside, below));
    }
  }
  return zoom;
}

/** How near the two are that stand nearest: the larger of how far they are apart across and down. */
export function nearestPair(places: readonly Point[]): number {
  let least = Infinity;
  for (const [i, a] of places.entries())
    for (const b of places.slice(0, i))
      least = Math.min(least, Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y)));
  return least;
}

/** On the line, a little to the right of the way that it goes, so that the two directions do not cover each other. */
export function pointOn(from: Point, to: Point, progress: number, aside: number): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  return {
    x: from.x + dx * progress - (dy / length) * aside,
    y: from.y + dy * progress + (dx / length) * aside,
  };
}

/** The nearest of some places, if it is near enough. */
export function nearest<T>(
  things: Iterable<T>,
  placeOf: (thing: T) => Point | undefined,
  at: Point,
  reach: number,
): T | undefined {
  let best: T | undefined;
  let least = reach;
  for (const thing of things) {
    const place = placeOf(thing);
    const away = place === undefined ? Infinity : Math.hypot(place.x - at.x, place.y - at.y);
    if (away > least) continue;
    best = thing;
    least = away;
  }
  return best;
}

/** The point of a line from one place to another that is nearest. */
export function onLine(from: Point, to: Point, at: Point): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy || 1;
  const share = Math.min(1, Math.max(0, ((at.x - from.x) * dx + (at.y - from.y) * dy) / square));
  return { x: from.x + dx * share, y: from.y + dy * share };
}

/** What is wrong with a link, in words. */
export function linkStateText({ state, ends }: LinkView): string {
  const [a, b] = ends;
  switch (state) {
    case "up":
      return "up";
    case "down":
      return "the cable is out";
    case "cut-both":
      return "cut: nothing passes";
    case "cut-forth":
      return `cut from ${a.node} to ${b.node}`;
    case "cut-back":
      return `cut from ${b.node} to ${a.node}`;
  }
}

/** "100 Mbit/s" */
export function formatBandwidth(bps: number): string {
  for (const [unit, size] of BANDWIDTH_UNITS) {
    if (bps >= size) return `${Number((bps / size).toPrecision(3))} ${unit}`;
  }
  return `${bps} bit/s`;
}

const BANDWIDTH_UNITS: readonly (readonly [string, number])[] = [
  ["Gbit/s", 1e9],
  ["Mbit/s", 1e6],
  ["kbit/s", 1e3],
];

/** "2.4 kB" */
export function formatOctets(octets: number): string {
  for (const [unit, size] of [
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
  ] as const) {
    if (octets >= size) return `${Number((octets / size).toPrecision(3))} ${unit}`;
  }
  return `${octets} B`;
}

/** Of a letter's size: how wide it is, on the average, and how far apart lines are. */
const LETTER_SHARE = 0.62;
const LINE_SHARE = 1.3;
