/** Nodes take room: their symbol, and name and address below it. Positions are those of the symbol's centre. */

import type { Position } from "../network-file.ts";

/** What a node needs around its centre, with the gap that is left between two. */
export const BOX = { width: 152, above: 34, below: 66 } as const;
export const BOX_HEIGHT = BOX.above + BOX.below;

/** Whether two nodes at these places would touch. */
export function collide([ax, ay]: Position, [bx, by]: Position): boolean {
  return Math.abs(ax - bx) < BOX.width && Math.abs(ay - by) < BOX_HEIGHT;
}

/** Places that are taken; asks only those nearby. */
export class TakenPlaces {
  readonly #cells = new Map<string, Position[]>();

  take(place: Position): void {
    const key = cellOf(place, 0, 0);
    const cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, [place]);
    else cell.push(place);
  }

  isFree(place: Position): boolean {
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        if (this.#cells.get(cellOf(place, dx, dy))?.some((other) => collide(place, other))) return false;
      }
    }
    return true;
  }

  /** The free place that is nearest to `wanted`, or nearly so: looked for in growing rings. */
  nearest(wanted: Position): Position {
    if (this.isFree(wanted)) return wanted;
    for (let ring = 1; ; ring++) {
      const steps = 8 * ring;
      for (let i = 0; i < steps; i++) {
        const angle = (2 * Math.PI * i) / steps;
        const place: Position = [
          wanted[0] + Math.round(ring * 0.5 * BOX.width * Math.sin(angle)),
          wanted[1] + Math.round(ring * 0.5 * BOX_HEIGHT * Math.cos(angle)),
        ];
        if (this.isFree(place)) return place;
      }
    }
  }
}

function cellOf([x, y]: Position, dx: number, dy: number): string {
  return `${Math.floor(x / BOX.width) + dx} ${Math.floor(y / BOX_HEIGHT) + dy}`;
}
