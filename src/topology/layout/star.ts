/**
 * A node with its leaves around it: on ellipses, in their order, turned away from the links to the rest of the network.
 * Read with core.ts, which says where the nodes in the middle stand.
 */

import type { Position } from "../network-file.ts";
import { BOX, BOX_HEIGHT, collide } from "./boxes.ts";

/** What a star needs around its middle, to the left and right, and above and below. */
export interface Reach {
  readonly x: number;
  readonly y: number;
}

/** The places of `count` leaves around [0, 0]; `ways` are the directions of other links, clockwise from the top. */
export function starPlaces(count: number, ways: readonly number[]): Position[] {
  const places: Position[] = [];
  for (let ring = 0; places.length < count; ring++)
    places.push(...ringPlaces(count - places.length, ring, ways));
  return places;
}

/** As large as it may become, whatever the directions of its links. */
export function reachOf(count: number, wayCount: number): Reach {
  if (count === 0) return { x: BOX.width / 2, y: BOX_HEIGHT / 2 };
  const ways = Array.from({ length: wayCount }, (_, i) => (2 * Math.PI * i) / wayCount);
  const places = starPlaces(count, ways);
  const scale = Math.max(...places.map(([x, y]) => Math.hypot(x / RADIUS.x, y / RADIUS.y)));
  return { x: scale * RADIUS.x + BOX.width / 2, y: scale * RADIUS.y + BOX_HEIGHT / 2 };
}

function ringPlaces(count: number, ring: number, ways: readonly number[]): Position[] {
  for (let wanted = Math.min(count, capacityOf(ring, ways.length)); wanted > 1; wanted--) {
    const angles = anglesFor(wanted, ring, ways);
    for (const stretch of STRETCHES) {
      const { x, y } = radiiOf(ring, wanted + (ring === 0 ? ways.length : 0));
      const places = angles.map((angle) => onEllipse({ x: x * stretch, y: y * stretch }, angle));
      if (!places.some((place, i) => places.some((other, j) => j < i && collide(place, other))))
        return places;
    }
  }
  return [onEllipse(radiiOf(ring, 1 + ways.length), anglesFor(1, ring, ways)[0])];
}

/** How many may stand on a ring: links to the rest leave gaps in the first one. */
function capacityOf(ring: number, wayCount: number): number {
  return ring === 0 ? Math.max(3, FIRST_RING_MAX - wayCount) : Math.floor(FIRST_RING_MAX * (ring + 1) * 0.95);
}

/** Few stand near, many further out. */
function radiiOf(ring: number, slots: number): Reach {
  const grown = ring === 0 ? Math.max(0, slots - ROOMY_SLOTS) / (FIRST_RING_MAX - ROOMY_SLOTS) : 1;
  const spread = Math.min(1, grown);
  return {
    x: RADIUS.x + spread * (FULL_RADIUS.x - RADIUS.x) + ring * RING_GAP.x,
    y: RADIUS.y + spread * (FULL_RADIUS.y - RADIUS.y) + ring * RING_GAP.y,
  };
}

/** Evenly in the gaps that the other links leave; without any the first stands at the top. */
function anglesFor(count: number, ring: number, ways: readonly number[]): number[] {
  if (ways.length === 0 || ring > 0) {
    const turn = count <= 2 ? Math.PI / 2 : ring % 2 === 1 ? Math.PI / count : 0;
    return Array.from({ length: count }, (_, i) => turn + (2 * Math.PI * i) / count);
  }
  const sorted = [...ways].sort((a, b) => a - b);
  const gaps = sorted.map((from, i) => {
    const to = sorted[i + 1] ?? sorted[0] + 2 * Math.PI;
    return { from, size: to - from, taken: 0 };
  });
  // One after the other into the gap where it is loosest.
  for (let i = 0; i < count; i++) {
    const loosest = gaps.reduce((best, gap) => (roomIn(gap) > roomIn(best) + EPSILON ? gap : best));
    loosest.taken++;
  }
  return gaps.flatMap(({ from, size, taken }) =>
    Array.from({ length: taken }, (_, i) => from + (size * (i + 1)) / (taken + 1)),
  );
}

function roomIn({ size, taken }: { size: number; taken: number }): number {
  return size / (taken + 2);
}

function onEllipse({ x, y }: Reach, angle: number): Position {
  return [x * Math.sin(angle), -y * Math.cos(angle)];
}

/** Links and leaves on the first ring at most; with so few it is narrow. */
const FIRST_RING_MAX = 9;
const ROOMY_SLOTS = 5;
const RADIUS: Reach = { x: 178, y: 122 };
const FULL_RADIUS: Reach = { x: 250, y: 165 };
/** Diagonally, too, one box beside the other: their width and height times the root of 2. */
const RING_GAP: Reach = { x: BOX.width * Math.SQRT2, y: BOX_HEIGHT * Math.SQRT2 };
/** Tried one after the other, until nothing touches. */
const STRETCHES = [1, 1.1, 1.2, 1.3, 1.4];
const EPSILON = 1e-9;
