/** A drawing as pixels: every stroke with soft edges, by its distance from each pixel's middle. */

import type { Drawing, Point, Shape } from "./figure.ts";
import { strokeText } from "./stroke-font.ts";

/** Rows of red, green and blue, from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** `scale` pixels for each of the drawing's. */
export function rasterize(drawing: Drawing, scale: number): Pixels {
  const canvas = new Canvas(drawing.width * scale, drawing.height * scale);
  for (const shape of drawing.shapes) drawShape(canvas, shape, scale);
  return canvas;
}

function drawShape(canvas: Canvas, shape: Shape, scale: number): void {
  const colour = parseColour(shape.colour);
  const scaled = ({ x, y }: Point): Point => ({ x: x * scale, y: y * scale });
  if (shape.kind === "dot") {
    canvas.stroke([scaled(shape.at), scaled(shape.at)], 2 * shape.radius * scale, colour);
  } else if (shape.kind === "line") {
    canvas.stroke(shape.points.map(scaled), shape.width * scale, colour);
  } else {
    const { strokes, width } = strokeText(shape.text, shape.size);
    const shift = shape.align === "start" ? 0 : shape.align === "middle" ? -width / 2 : -width;
    for (const stroke of strokes) {
      const placed = stroke.map(({ x, y }) => turned({ x: x + shift, y }, shape.upwards === true));
      const points = placed.map(({ x, y }) => scaled({ x: x + shape.at.x, y: y + shape.at.y }));
      canvas.stroke(points, (shape.size / TEXT_STROKES) * scale, colour);
    }
  }
}

class Canvas implements Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.rgb = new Uint8Array(3 * width * height).fill(255);
  }

  /** Round ends and joints; a point alone is a dot. */
  stroke(points: readonly Point[], width: number, colour: readonly number[]): void {
    if (points.length === 1) this.#segment(points[0], points[0], width / 2, colour);
    for (let i = 1; i < points.length; i++) this.#segment(points[i - 1], points[i], width / 2, colour);
  }

  #segment(a: Point, b: Point, radius: number, colour: readonly number[]): void {
    const reach = radius + 1;
    const top = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach));
    const bottom = Math.min(this.height - 1, Math.ceil(Math.max(a.y, b.y) + reach));
    const left = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach));
    const right = Math.min(this.width - 1, Math.ceil(Math.max(a.x, b.x) + reach));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const cover = radius + 0.5 - distance({ x: x + 0.5, y: y + 0.5 }, a, b);
        if (cover > 0) this.#blend(x, y, Math.min(1, cover), colour);
      }
    }
  }

  #blend(x: number, y: number, cover: number, colour: readonly number[]): void {
    const at = 3 * (y * this.width + x);
    for (let i = 0; i < 3; i++) this.rgb[at + i] += (colour[i] - this.rgb[at + i]) * cover;
  }
}

function distance(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / squared;
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - part * dx, point.y - a.y - part * dy);
}

/** A quarter to the left, so that it reads from the bottom to the top. */
function turned({ x, y }: Point, upwards: boolean): Point {
  return upwards ? { x: y, y: -x } : { x, y };
}

/** "#rrggbb" */
function parseColour(text: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
}

/** The strokes of a letter are this part of its size wide, as those of a normal sans-serif. */
const TEXT_STROKES = 11;
