/**
 * The drawing in the shape of its pane: where a network that is broad would be tiny in a narrow pane, it is drawn higher, and
 * the other way round. What stands left, right, above or below somebody stays there; in the file nothing changes. Pure.
 */

import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./geometry.ts";

/** How much broader and higher than in the file. */
export type Shape = Point;

export const AS_IN_FILE: Shape = { x: 1, y: 1 };

export function shapeFor(
  nodes: readonly Point[],
  room: { readonly width: number; readonly height: number },
): Shape {
  if (nodes.length < 2 || room.width <= 0 || room.height <= 0) return AS_IN_FILE;
  const extent = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const x = room.width / (extent(nodes.map((node) => node.x)) + NODE_WIDTH);
  const y = room.height / (extent(nodes.map((node) => node.y)) + NODE_HEIGHT);
  if (Math.min(x, y) >= READABLE) return AS_IN_FILE;
  // In steps, so that a pane whose edge is drawn does not shape it anew all the time.
  const more = (ratio: number): number => Math.min(MOST, Math.max(1, Math.floor(ratio * 4) / 4));
  return { x: more(x / y), y: more(y / x) };
}

/** From the file into the drawing, and back. */
export function shaped({ x, y }: Point, shape: Shape): Point {
  return { x: x * shape.x, y: y * shape.y };
}

export function unshaped({ x, y }: Point, shape: Shape): Point {
  return { x: x / shape.x, y: y / shape.y };
}

/** At such a zoom everything can be read as it is. */
const READABLE = 0.86;
const MOST = 2.5;
