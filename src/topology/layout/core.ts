/**
 * Where the middles stand: the nodes that are more than leaves, so far apart that their stars have room. Distances in
 * the drawing are made like distances in the network (stress majorization, Gansner et al. 2004), beginning with what
 * the distances alone say (classical scaling), its longer side across. Nothing is random.
 */

import type { Position } from "../network-file.ts";
import type { Reach } from "./star.ts";

export interface CoreNode {
  readonly reach: Reach;
  /** Indices of the nodes that it is linked with. */
  readonly neighbours: readonly number[];
}

/** The places of connected nodes, their stars without overlap, around [0, 0]. */
export function corePlaces(nodes: readonly CoreNode[]): Position[] {
  if (nodes.length === 1) return [[0, 0]];
  const distances = bent(allDistances(nodes), nodes);
  const places = majorize(scaled(distances), distances);
  for (const place of places) place[0] *= WIDE;
  return separated(places, nodes);
}

/** Between all pairs, the length of a link being the room that its two stars need (Dijkstra). */
function allDistances(nodes: readonly CoreNode[]): number[][] {
  const radius = nodes.map(({ reach }) => (reach.x / WIDE + reach.y) / 2);
  return nodes.map((_, source) => {
    const distance = nodes.map(() => Number.POSITIVE_INFINITY);
    const open = new Set([source]);
    distance[source] = 0;
    while (open.size > 0) {
      let nearest = -1;
      for (const at of open) if (nearest === -1 || distance[at] < distance[nearest]) nearest = at;
      open.delete(nearest);
      for (const next of nodes[nearest].neighbours) {
        const length = distance[nearest] + radius[nearest] + radius[next] + LINK_LENGTH;
        if (length >= distance[next]) continue;
        distance[next] = length;
        open.add(next);
      }
    }
    return distance;
  });
}

/** What is far apart comes nearer: a chain bends, and a drawing is not a ribbon. Links keep their length. */
function bent(distances: number[][], nodes: readonly CoreNode[]): number[][] {
  const links = nodes.flatMap(({ neighbours }, i) => neighbours.map((j) => distances[i][j]));
  const unit = links.reduce((sum, length) => sum + length, 0) / links.length;
  return distances.map((row, i) =>
    row.map((d, j) => (nodes[i].neighbours.includes(j) ? d : Math.min(d, unit * (d / unit) ** BEND))),
  );
}

/** Classical scaling: the two main axes of the double-centred squares, by power iteration. */
function scaled(distances: readonly (readonly number[])[]): [number, number][] {
  const n = distances.length;
  const squares = distances.map((row) => row.map((d) => (d * d) / 2));
  const means = squares.map((row) => row.reduce((sum, value) => sum + value, 0) / n);
  const mean = means.reduce((sum, value) => sum + value, 0) / n;
  const matrix = squares.map((row, i) => row.map((value, j) => means[i] + means[j] - mean - value));
  const first = mainAxis(matrix, undefined);
  const second = mainAxis(matrix, first);
  return first.map((x, i) => [x, second[i]]);
}

function mainAxis(matrix: readonly (readonly number[])[], other: readonly number[] | undefined): number[] {
  // Any start that is not across the axis will do; this one puts what is first in the file to the left.
  let axis = matrix.map((_, i) => i - matrix.length + Math.sin(i + 1));
  let length = 1;
  for (let round = 0; round < AXIS_ROUNDS; round++) {
    if (other !== undefined) axis = without(axis, other);
    const next = matrix.map((row) => row.reduce((sum, value, j) => sum + value * axis[j], 0));
    length = Math.hypot(...next);
    if (length < 1) return matrix.map((_, i) => (i % 2 === 0 ? 1 : -1));
    axis = next.map((value) => value / length);
  }
  return axis.map((value) => value * Math.sqrt(length));
}

function without(axis: readonly number[], other: readonly number[]): number[] {
  const square = other.reduce((sum, value) => sum + value * value, 0) || 1;
  const share = axis.reduce((sum, value, i) => sum + value * other[i], 0) / square;
  return axis.map((value, i) => value - share * other[i]);
}

/** Each node in turn goes where its distances to all others are best kept, near ones counting most. */
function majorize(places: [number, number][], distances: readonly (readonly number[])[]): [number, number][] {
  const rounds = Math.max(ROUNDS_MIN, Math.min(ROUNDS_MAX, Math.floor(WORK_MAX / places.length ** 2)));
  for (let round = 0; round < rounds; round++) {
    for (const [i, place] of places.entries()) {
      let [x, y, weights] = [0, 0, 0];
      for (const [j, other] of places.entries()) {
        if (i === j) continue;
        const wanted = distances[i][j];
        const weight = 1 / (wanted * wanted);
        const [dx, dy] = [place[0] - other[0], place[1] - other[1]];
        const stretch = wanted / (Math.hypot(dx, dy) || 1);
        x += weight * (other[0] + dx * stretch);
        y += weight * (other[1] + dy * stretch);
        weights += weight;
      }
      place[0] = x / weights;
      place[1] = y / weights;
    }
  }
  return places;
}

/** Pushes stars that overlap apart, and draws all larger when that does not end. */
function separated(places: [number, number][], nodes: readonly CoreNode[]): Position[] {
  for (let scale = 1; ; scale *= 1.05) {
    for (const place of places) {
      place[0] *= scale;
      place[1] *= scale;
    }
    for (let round = 0; round < PUSHES; round++) if (!pushApart(places, nodes)) return places;
  }
}

/** Whether anything had to move. */
function pushApart(places: [number, number][], nodes: readonly CoreNode[]): boolean {
  let moved = false;
  for (let i = 1; i < places.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [places[i], places[j]];
      const [ra, rb] = [nodes[i].reach, nodes[j].reach];
      const overX = ra.x + rb.x + 1 - Math.abs(a[0] - b[0]);
      const overY = ra.y + rb.y + 1 - Math.abs(a[1] - b[1]);
      if (overX <= 0 || overY <= 0) continue;
      moved = true;
      const axis = overX < overY * WIDE ? 0 : 1;
      const push = ((axis === 0 ? overX : overY) / 2 + 0.5) * (a[axis] < b[axis] ? -1 : 1);
      a[axis] += push;
      b[axis] -= push;
    }
  }
  return moved;
}

/** Stars are wider than high, and so are screens. */
const WIDE = 1.45;
/** 1: nothing bends. */
const BEND = 0.7;
/** What a link has between two stars. */
const LINK_LENGTH = 70;
const AXIS_ROUNDS = 100;
const ROUNDS_MIN = 5;
const ROUNDS_MAX = 200;
/** Pairs of nodes that are looked at, in all: some 100 ms. */
const WORK_MAX = 8e6;
const PUSHES = 50;
