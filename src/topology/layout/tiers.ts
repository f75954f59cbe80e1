/**
 * The drawing of a small network in tiers, as a person would do it: what is in the middle of the network in a row at the
 * top, what hangs on it below, sites side by side; two sites stand to the left and to the right, for screens are wider
 * than high. Undefined where that would not look like anything: rings of many
 * routers, a hundred sites; then core.ts draws it.
 */

import type { Position } from "../network-file.ts";
import { BOX } from "./boxes.ts";
import type { CoreNode } from "./core.ts";
import type { Reach } from "./star.ts";

export function tierPlaces(nodes: readonly CoreNode[]): Position[] | undefined {
  const middle = middleOf(nodes);
  const hanging = (i: number): number[] => nodes[i].neighbours.filter((next) => !middle.has(next));
  const isTree = middle.size <= 2;
  const row = [...middle].filter((i) => isTree || hanging(i).length > 0);
  const above = [...middle].filter((i) => !row.includes(i));
  if (row.length === 0 || row.length > ROW_MAX || above.length > ABOVE_MAX) return undefined;
  const ordered = inOrder(row, nodes);
  if (ordered === undefined) return undefined;
  const axes = ordered.length === 2 ? SIDEWAYS : DOWNWARDS;
  const blocks = ordered.map((i) => blockOf({ nodes, axes }, i, hanging(i), middle));
  const places = axes === SIDEWAYS ? drawWings(nodes, blocks) : drawTiers(nodes, blocks);
  drawAbove(nodes, above, places);
  const drawn = nodes.map((_, i) => places.get(i) as Position);
  return isWellShaped(drawn, nodes, axes) ? drawn : undefined;
}

/** What is left when ends are taken away again and again: the rings, or the one or two nodes in the middle of a tree. */
function middleOf(nodes: readonly CoreNode[]): ReadonlySet<number> {
  const left = new Set(nodes.keys());
  const degree = (i: number): number => nodes[i].neighbours.filter((next) => left.has(next)).length;
  while (left.size > 2) {
    const ends = [...left].filter((i) => degree(i) <= 1);
    if (ends.length === 0 || ends.length === left.size) break;
    for (const end of ends) left.delete(end);
  }
  return left;
}

/** So that linked ones stand side by side; undefined when that cannot be. */
function inOrder(row: readonly number[], nodes: readonly CoreNode[]): readonly number[] | undefined {
  return permutations(row).find((order) =>
    order.every((i, at) =>
      nodes[i].neighbours.every((next) => !order.includes(next) || Math.abs(order.indexOf(next) - at) === 1),
    ),
  );
}

function permutations(list: readonly number[]): number[][] {
  if (list.length <= 1) return [[...list]];
  return list.flatMap((first) =>
    permutations(list.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  );
}

/** Where the tiers lead, and what lies across them. */
interface Axes {
  across(reach: Reach): number;
  readonly gapAcross: number;
  readonly widest: number;
}

interface Drawing {
  readonly nodes: readonly CoreNode[];
  readonly axes: Axes;
}

/** A node with all that hangs on it: how wide it is across the tiers, and what stands in it. */
interface Block {
  readonly left: number;
  readonly right: number;
  /** Places relative to the node; their second number is the tier. */
  readonly members: readonly { readonly i: number; readonly x: number; readonly tier: number }[];
}

function blockOf(
  drawing: Drawing,
  i: number,
  children: readonly number[],
  before: ReadonlySet<number>,
): Block {
  const { nodes, axes } = drawing;
  const reach = axes.across(nodes[i].reach);
  const seen = new Set([...before, i]);
  const blocks = children.map((child) => {
    const next = nodes[child].neighbours.filter((each) => !seen.has(each));
    return blockOf(drawing, child, next, seen);
  });
  const row = sideBySide(blocks, axes.gapAcross);
  return {
    left: Math.max(reach, ...row.map(([at, x]) => blocks[at].left - x)),
    right: Math.max(reach, ...row.map(([at, x]) => blocks[at].right + x)),
    members: [
      { i, x: 0, tier: 0 },
      ...row.flatMap(([at, dx]) =>
        blocks[at].members.map((member) => ({ i: member.i, x: member.x + dx, tier: member.tier + 1 })),
      ),
    ],
  };
}

/** Nodes of one tier stand on one line, as far below the tier above as the largest star needs. */
function drawTiers(nodes: readonly CoreNode[], blocks: readonly Block[]): Map<number, Position> {
  const members = sideBySide(blocks, GAP.x).flatMap(([at, x]) =>
    blocks[at].members.map((member) => ({ ...member, x: member.x + x })),
  );
  const halves: number[] = [];
  for (const { i, tier } of members) halves[tier] = Math.max(halves[tier] ?? 0, nodes[i].reach.y);
  const lines = [0];
  for (let tier = 1; tier < halves.length; tier++)
    lines[tier] = lines[tier - 1] + halves[tier - 1] + GAP.y + halves[tier];
  return new Map(members.map(({ i, x, tier }) => [i, [x, lines[tier]]]));
}

/** Two sites: one grows to the left, the other to the right, their middles on one line. */
function drawWings(nodes: readonly CoreNode[], blocks: readonly Block[]): Map<number, Position> {
  const halves: number[] = [];
  for (const { members } of blocks)
    for (const { i, tier } of members) halves[tier] = Math.max(halves[tier] ?? 0, nodes[i].reach.x);
  const apart = (a: number, b: number): number => Math.max(BOX.width + GAP.wing, WING_SHARE * (a + b));
  const columns = [apart(halves[0], halves[0]) / 2];
  for (let tier = 1; tier < halves.length; tier++)
    columns[tier] = columns[tier - 1] + apart(halves[tier - 1], halves[tier]);
  return new Map(
    blocks.flatMap(({ members }, at) =>
      members.map(({ i, x, tier }) => [i, [at === 0 ? -columns[tier] : columns[tier], x]] as const),
    ),
  );
}

/** Where the nodes of blocks in a row stand, around 0: index and place. */
function sideBySide(blocks: readonly Block[], gap: number): [number, number][] {
  let right = 0;
  const row = blocks.map(({ left, right: width }, i): [number, number] => {
    const x = i === 0 ? 0 : right + gap + left;
    right = x + width;
    return [i, x];
  });
  const centre = ((row[0]?.[1] ?? 0) + (row.at(-1)?.[1] ?? 0)) / 2;
  return row.map(([i, x]) => [i, x - centre]);
}

/** Nodes of a ring on which nothing hangs: over the middle of their neighbours. */
function drawAbove(
  nodes: readonly CoreNode[],
  above: readonly number[],
  places: Map<number, Position>,
): void {
  const ups = [...places].map(([i, [, y]]) => nodes[i].reach.y - y);
  const wanted = above.map((i) => {
    const xs = nodes[i].neighbours.flatMap((next) => places.get(next)?.[0] ?? []);
    return { i, x: xs.reduce((sum, x) => sum + x, 0) / (xs.length || 1) };
  });
  wanted.sort((a, b) => a.x - b.x);
  let right = Number.NEGATIVE_INFINITY;
  for (const { i, x } of wanted) {
    const { reach } = nodes[i];
    const place = Math.max(x, right + GAP.x + reach.x);
    right = place + reach.x;
    places.set(i, [place, -Math.max(...ups) - GAP.y - reach.y]);
  }
}

/** Neither a ribbon nor a tower. */
function isWellShaped(places: readonly Position[], nodes: readonly CoreNode[], axes: Axes): boolean {
  const extent = (axis: 0 | 1, reach: (node: CoreNode) => number): number => {
    const ends = places.map((place, i) => [place[axis] - reach(nodes[i]), place[axis] + reach(nodes[i])]);
    return Math.max(...ends.map(([, end]) => end)) - Math.min(...ends.map(([start]) => start));
  };
  const shape = extent(0, ({ reach }) => reach.x) / extent(1, ({ reach }) => reach.y);
  return shape < axes.widest && shape > NARROWEST;
}

/** More in a row would be linked across each other. */
const ROW_MAX = 5;
const ABOVE_MAX = 3;
const GAP = { x: 0.1 * BOX.width, y: 14, wing: 10 };
/** A star stands clear of the link that leads to it, so two may be nearer than their reaches say. */
const WING_SHARE = 0.7;
const NARROWEST = 0.4;
const DOWNWARDS: Axes = { across: ({ x }) => x, gapAcross: GAP.x, widest: 2.8 };
/** Over a list of packets there is room for a broad drawing. */
const SIDEWAYS: Axes = { across: ({ y }) => y, gapAcross: GAP.y, widest: 5 };
