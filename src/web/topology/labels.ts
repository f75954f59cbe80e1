/**
 * Names in a drawing that is seen from afar, as on a map: letters and symbols keep a size that can be read, a name stands
 * where it covers nothing, and where there is no such place, it is left out. Pure.
 */

import type { NodeView } from "../../engine/protocol/index.ts";
import type { Point } from "./geometry.ts";

export type LabelPlace = "below" | "above" | "right" | "left" | "nowhere";

export interface Label {
  /** The host's part of the name, and below it as many of the next as tell it from others. */
  readonly lines: readonly string[];
  readonly place: LabelPlace;
}

/** Sizes on the screen. */
export interface LabelSizes {
  readonly zoom: number;
  readonly lettersPx: number;
  /** From a symbol's centre to its edge. */
  readonly symbolPx: number;
}

export function labelsOf(
  nodes: readonly (Point & Pick<NodeView, "name" | "kind">)[],
  { zoom, lettersPx, symbolPx }: LabelSizes,
): ReadonlyMap<string, Label> {
  const lines = shortNames(nodes.map(({ name }) => name));
  const symbols = nodes.map(({ x, y }) => boxAround({ x: x * zoom, y: y * zoom }, symbolPx, symbolPx));
  const taken = [...symbols];
  const labels = new Map<string, Label>();
  const ranked = [...nodes.keys()].sort((a, b) => RANKS[nodes[a]!.kind] - RANKS[nodes[b]!.kind]);
  for (const i of ranked) {
    const { name, x, y } = nodes[i]!;
    const text = lines.get(name) ?? [name];
    const half = {
      x: (Math.max(...text.map((line) => line.length)) * lettersPx * LETTER_SHARE) / 2,
      y: (text.length * lettersPx * LINE_SHARE) / 2,
    };
    const free = PLACES.find((place) => {
      const box = boxAround(middleOf(place, { x: x * zoom, y: y * zoom }, half, symbolPx), half.x, half.y);
      if (taken.some((other) => other !== symbols[i] && overlap(box, other))) return false;
      taken.push(box);
      return true;
    });
    labels.set(name, { lines: text, place: free ?? "nowhere" });
  }
  return labels;
}

/** As few labels of each name as tell it from all others: "paris", but "a", "root-servers" beside "a", "edu-servers". */
export function shortNames(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const short = new Map<string, readonly string[]>();
  let left = names.map((name) => name.split("."));
  for (let count = 1; left.length > 0; count++) {
    const groups = Map.groupBy(left, (parts) => parts.slice(0, count).join(".").toLowerCase());
    left = [];
    for (const group of groups.values()) {
      const [only] = group;
      if (group.length > 1 && group.some((parts) => parts.length > count)) left.push(...group);
      else if (only !== undefined)
        for (const parts of group) short.set(parts.join("."), linesOf(parts, count));
    }
  }
  return short;
}

function linesOf([first = "", ...rest]: readonly string[], count: number): readonly string[] {
  const more = rest.slice(0, count - 1).join(".");
  return more === "" ? [first] : [first, more];
}

function middleOf(place: LabelPlace, { x, y }: Point, half: Point, symbolPx: number): Point {
  const [away, beside] = [symbolPx + GAP_PX + half.y, symbolPx + GAP_PX + half.x];
  if (place === "below") return { x, y: y + away };
  if (place === "above") return { x, y: y - away };
  return { x: place === "right" ? x + beside : x - beside, y };
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxAround({ x, y }: Point, halfWidth: number, halfHeight: number): Box {
  return { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

const PLACES: readonly LabelPlace[] = ["below", "above", "right", "left"];
/** Who is named first: routers stand in the middle of everything; a switch has no address that anybody asks for. */
const RANKS = { router: 0, host: 1, switch: 2 } as const;
/** Of a letter's size: how wide it is, on the average, and how far apart lines are. */
const LETTER_SHARE = 0.6;
const LINE_SHARE = 1.15;
const GAP_PX = 2;
