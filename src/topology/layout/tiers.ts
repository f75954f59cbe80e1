/**
 * The drawing of a small network in tiers, as a person would do it: what is in the middle of the network in a row at the
 * top, what hangs on it below, sites side by side. Undefined where that would not look like anything: rings of many
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
  const places = drawTiers(
    nodes,
    ordered.map((i) => blockOf(nodes, i, hanging(i), middle)),
  );
  drawAbove(nodes, above, places);
  const drawn = nodes.map((_, i) => places.get(i) as Position);
  return isWellShaped(drawn, nodes) ? drawn : undefined;
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

/** A node with all that hangs on it: how wide it is, and what stands in it. */
interface Block {
  readonly left: number;
  readonly right: number;
  /** Places relative to the node; their second number is the tier. */
  readonly members: readonly { readonly i: number; readonly x: number; readonly tier: number }[];
}

function blockOf(
  nodes: readonly CoreNode[],
  i: number,
  children: readonly number[],
  before: ReadonlySet<number>,
): Block {
  const { reach } = nodes[i];
  const seen = new Set([...before, i]);
  const blocks = children.map((child) => {
    const next = nodes[child].neighbours.filter((each) => !seen.has(each));
    return blockOf(nodes, child, next, seen);
  });
  const row = sideBySide(blocks);
  return {
    left: Math.max(reach.x, ...row.map(([at, x]) => blocks[at].left - x)),
    right: Math.max(reach.x, ...row.map(([at, x]) => blocks[at].right + x)),
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
  const members = sideBySide(blocks).flatMap(([at, x]) =>
    blocks[at].members.map((member) => ({ ...member, x: member.x + x })),
  );
  const halves: number[] = [];
  for (const { i, tier } of members) halves[tier] = Math.max(halves[tier] ?? 0, nodes[i].reach.y);
  const lines = [0];
  for (let tier = 1; tier < halves.length; tier++)
    lines[tier] = lines[tier - 1] + halves[tier - 1] + GAP.y + halves[tier];
  return new Map(members.map(({ i, x, tier }) => [i, [x, lines[tier]]]));
}

/** Where the nodes of blocks in a row stand, around 0: index and place. */
function sideBySide(blocks: readonly Block[]): [number, number][] {
  let right = 0;
  const row = blocks.map(({ left, right: width }, i): [number, number] => {
    const x = i === 0 ? 0 : right + GAP.x + left;
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
function isWellShaped(places: readonly Position[], nodes: readonly CoreNode[]): boolean {
  const extent = (axis: 0 | 1, reach: (node: CoreNode) => number): number => {
    const ends = places.map((place, i) => [place[axis] - reach(nodes[i]), place[axis] + reach(nodes[i])]);
    return Math.max(...ends.map(([, end]) => end)) - Math.min(...ends.map(([start]) => start));
  };
  const shape = extent(0, ({ reach }) => reach.x) / extent(1, ({ reach }) => reach.y);
  return shape < WIDEST && shape > NARROWEST;
}

/** More in a row would be linked across each other. */
const ROW_MAX = 5;
const ABOVE_MAX = 3;
const GAP: Reach = { x: 0.1 * BOX.width, y: 14 };
const WIDEST = 2.8;
const NARROWEST = 0.4;
