/**
 * A figure as a list of strokes, boxes and words, and how measured series become one: panels one below the other over
 * the same axis, with units, title, grid and legend. What draws it (svg.ts, raster.ts) knows nothing of axes.
 */

import { niceTicks, tickLabels } from "./ticks.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Lengths in pixels, the origin at the top left. */
export type Shape =
  | {
      readonly kind: "line";
      readonly points: readonly Point[];
      readonly colour: string;
      readonly width: number;
    }
  | { readonly kind: "dot"; readonly at: Point; readonly colour: string; readonly radius: number }
  | {
      readonly kind: "text";
      readonly at: Point;
      readonly text: string;
      readonly size: number;
      readonly align: "start" | "middle" | "end";
      readonly colour: string;
      /** Reads from the bottom to the top. */
      readonly upwards?: boolean;
    };

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly shapes: readonly Shape[];
}

export interface Series {
  readonly label: string;
  readonly colour: string;
  /** Undefined values leave a gap. */
  readonly values: readonly (number | undefined)[];
}

export interface Panel {
  /** "throughput in Mbit/s" */
  readonly axis: string;
  readonly series: readonly Series[];
}

export interface Figure {
  readonly title: string;
  /** A second line, smaller: what was measured and how. */
  readonly subtitle: string;
  /** "time in s" */
  readonly axis: string;
  readonly times: readonly number[];
  /** How far the axis reaches at least; the times may be the middles of what they stand for. */
  readonly until: number;
  readonly panels: readonly Panel[];
}

export function drawFigure(figure: Figure): Drawing {
  const height = TOP + figure.panels.length * (PANEL_HEIGHT + GAP) + BOTTOM - GAP;
  const shapes: Shape[] = [
    text({ x: LEFT, y: 30 }, figure.title, 18, "start"),
    text({ x: LEFT, y: 50 }, figure.subtitle, 12, "start", GREY),
  ];
  figure.panels.forEach((panel, i) => {
    const top = TOP + i * (PANEL_HEIGHT + GAP);
    shapes.push(...drawPanel(figure, panel, top, i === figure.panels.length - 1));
  });
  return { width: WIDTH, height, title: figure.title, shapes };
}

function drawPanel(figure: Figure, panel: Panel, top: number, isLast: boolean): Shape[] {
  const bottom = top + PANEL_HEIGHT;
  const right = WIDTH - RIGHT;
  const defined = panel.series.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const xTicks = niceTicks(0, Math.max(...figure.times, figure.until), 10);
  const yTicks = niceTicks(0, Math.max(...defined, 0), 5);
  // Never empty: niceTicks gives two at least.
  const xEnd = Math.max(xTicks[xTicks.length - 1], ...figure.times);
  const yEnd = yTicks[yTicks.length - 1];
  const x = (value: number): number => LEFT + (value / xEnd) * (right - LEFT);
  const y = (value: number): number => bottom - (value / yEnd) * PANEL_HEIGHT;
  const shapes: Shape[] = [];
  tickLabels(yTicks).forEach((label, i) => {
    const at = y(yTicks[i]);
    shapes.push(
      line(
        [
          { x: LEFT, y: at },
          { x: right, y: at },
        ],
        GRID,
        1,
      ),
    );
    shapes.push(text({ x: LEFT - 8, y: at + 4 }, label, 12, "end"));
  });
  tickLabels(xTicks).forEach((label, i) => {
    const at = x(xTicks[i]);
    if (at > right + 1) return;
    shapes.push(
      line(
        [
          { x: at, y: top },
          { x: at, y: bottom },
        ],
        GRID,
        1,
      ),
    );
    if (isLast) shapes.push(text({ x: at, y: bottom + 18 }, label, 12, "middle"));
  });
  shapes.push(
    line(
      [
        { x: LEFT, y: top },
        { x: LEFT, y: bottom },
        { x: right, y: bottom },
      ],
      INK,
      1,
    ),
  );
  shapes.push({ ...text({ x: 22, y: (top + bottom) / 2 }, panel.axis, 12, "middle"), upwards: true });
  if (isLast) shapes.push(text({ x: (LEFT + right) / 2, y: bottom + 40 }, figure.axis, 12, "middle"));
  for (const series of panel.series) shapes.push(...drawSeries(figure.times, series, x, y));
  return [...shapes, ...drawLegend(panel.series, top, right)];
}

function drawSeries(
  times: readonly number[],
  { values, colour }: Series,
  x: (value: number) => number,
  y: (value: number) => number,
): Shape[] {
  const runs: Point[][] = [[]];
  for (const [i, value] of values.entries()) {
    if (value === undefined) runs.push([]);
    else runs[runs.length - 1].push({ x: x(times[i]), y: y(value) });
  }
  const lines = runs.filter((run) => run.length > 1).map((run) => line(run, colour, 2));
  if (values.length > DOTS_MAX) return lines;
  return [...lines, ...runs.flat().map((at): Shape => ({ kind: "dot", at, colour, radius: 3 }))];
}

/** Above the panel, at its right end, from the last to the first. */
function drawLegend(series: readonly Series[], top: number, right: number): Shape[] {
  const shapes: Shape[] = [];
  let end = right;
  for (const { label, colour } of [...series].reverse()) {
    const begin = end - label.length * LETTER_WIDTH;
    const y = top - 10;
    shapes.push(
      line(
        [
          { x: begin - 30, y },
          { x: begin - 8, y },
        ],
        colour,
        2,
      ),
    );
    shapes.push(text({ x: begin, y: y + 4 }, label, 12, "start"));
    end = begin - 50;
  }
  return shapes;
}

function line(points: readonly Point[], colour: string, width: number): Shape {
  return { kind: "line", points, colour, width };
}

function text(
  at: Point,
  words: string,
  size: number,
  align: "start" | "middle" | "end",
  colour = INK,
): Shape & { kind: "text" } {
  return { kind: "text", at, text: words, size, align, colour };
}

const WIDTH = 800;
const LEFT = 78;
const RIGHT = 28;
const TOP = 90;
const BOTTOM = 56;
const PANEL_HEIGHT = 170;
const GAP = 44;
/** A letter of 12 pixels, a little more than the widest sans-serif needs on average. */
const LETTER_WIDTH = 7;
/** With more values than this, dots run into one another. */
const DOTS_MAX = 120;
const INK = "#222222";
const GREY = "#666666";
const GRID = "#dddddd";
