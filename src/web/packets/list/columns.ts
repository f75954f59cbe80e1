/** The columns of the packet list: names, widths, order. */

import type { CellColumn } from "../filter/filter-text.ts";

export interface Column {
  readonly id: CellColumn;
  readonly title: string;
  /** In pixels, at first. The last takes what is left. */
  readonly width: number;
  readonly align: "left" | "right";
}

export const COLUMNS: readonly Column[] = [
  { id: "number", title: "No.", width: 68, align: "right" },
  { id: "time", title: "Time", width: 104, align: "right" },
  { id: "source", title: "Source", width: 150, align: "left" },
  { id: "destination", title: "Destination", width: 150, align: "left" },
  { id: "protocol", title: "Protocol", width: 76, align: "left" },
  { id: "length", title: "Length", width: 64, align: "right" },
  { id: "info", title: "Info", width: 260, align: "left" },
];

export type Widths = readonly number[];

export const INITIAL_WIDTHS: Widths = COLUMNS.slice(0, -1).map(({ width }) => width);

export function isWidths(value: unknown): value is Widths {
  return (
    Array.isArray(value) &&
    value.length === INITIAL_WIDTHS.length &&
    value.every((width) => typeof width === "number" && width >= WIDTH_MIN && width <= WIDTH_MAX)
  );
}

export function withWidth(widths: Widths, at: number, width: number): Widths {
  return widths.with(at, Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width))));
}

/** For CSS: `grid-template-columns`. */
export function gridTemplate(widths: Widths): string {
  return `${widths.map((width) => `${width}px`).join(" ")} minmax(${INFO_MIN}px, 1fr)`;
}

export function minimumWidth(widths: Widths): number {
  return widths.reduce((sum, width) => sum + width, 0) + INFO_MIN;
}

export const WIDTH_MIN = 40;
export const WIDTH_MAX = 480;
const INFO_MIN = 160;
