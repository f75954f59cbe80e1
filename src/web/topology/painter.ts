/** Paints load and packets onto a canvas, in the drawing's own coordinates. */

import { protocolColor } from "../app/protocol-colors.ts";
import type { Dot } from "./flights.ts";
import { type Point, pointOn, visibleLine } from "./geometry.ts";
import type { LinkLoad } from "./traffic-store.ts";

export interface Scene {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Pixels of the device per pixel of the page. */
  readonly density: number;
  /** The viewport of the drawing: shift and zoom. */
  readonly transform: readonly [number, number, number];
  readonly dark: boolean;
  /** The centre of a node's symbol. */
  readonly centreOf: (node: string) => Point | undefined;
  /** The centres of both ends of a link. */
  readonly endsOf: (link: string) => readonly [Point, Point] | undefined;
}

export function clear({ context, width, height, density, transform: [x, y, zoom] }: Scene): void {
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(density * zoom, 0, 0, density * zoom, density * x, density * y);
}

/** The busier, the wider and the warmer; what passes nothing is not drawn. */
export function paintLoads(scene: Scene, loads: ReadonlyMap<string, LinkLoad>): void {
  const { context } = scene;
  context.lineCap = "round";
  for (const [link, both] of loads) {
    const ends = scene.endsOf(link);
    if (ends === undefined) continue;
    both.forEach((load, direction) => {
      if (load === undefined || load.busy < LEAST_BUSY) return;
      const [from, to] = visibleLine(...ends);
      const aside = direction === 0 ? 2 : -2;
      context.strokeStyle = loadColor(load.busy, scene.dark);
      context.lineWidth = 1.5 + 4.5 * Math.sqrt(load.busy);
      context.globalAlpha = 0.7;
      context.beginPath();
      const [start, end] = [pointOn(from, to, 0, aside), pointOn(from, to, 1, aside)];
      context.moveTo(start.x, start.y);
      context.lineTo(end.x, end.y);
      context.stroke();
    });
  }
  context.globalAlpha = 1;
}

export function paintDots(scene: Scene, dots: readonly Dot[]): void {
  const named = scene.transform[2] >= LABEL_ZOOM && dots.length <= MAX_LABELS;
  for (const dot of dots) {
    const ends = scene.endsOf(dot.link);
    if (ends === undefined) continue;
    const [from, to] = dot.direction === 0 ? visibleLine(...ends) : visibleLine(ends[1], ends[0]);
    const at = pointOn(from, to, dot.progress, dot.count > 1 ? 0 : ASIDE);
    if (dot.falling === undefined) paintDot(scene, dot, at, named);
    else paintLoss(scene, dot, at, dot.falling);
  }
}

function paintDot(
  { context, dark, transform: [, , zoom] }: Scene,
  dot: Dot,
  at: Point,
  named: boolean,
): void {
  const scheme = dark ? "dark" : "light";
  // Seen from afar a dot keeps its size on the screen.
  const scale = Math.max(1, 0.6 / zoom);
  const radius = (4.5 + Math.min(6, Math.sqrt(dot.count - 1) * 1.5)) * scale;
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  context.fillStyle = protocolColor(dot.protocol)[scheme];
  context.fill();
  context.lineWidth = 1.5 * scale;
  context.strokeStyle = dark ? "#14171d" : "#ffffff";
  context.stroke();
  if (!named) return;
  context.fillStyle = protocolColor(dot.protocol)[scheme];
  context.font = "600 9px system-ui, sans-serif";
  context.textAlign = "center";
  context.strokeStyle = dark ? "#14171d" : "#ffffff";
  context.lineWidth = 3;
  const text = dot.count > 1 ? `${dot.protocol} ×${dot.count}` : dot.protocol;
  context.strokeText(text, at.x, at.y - radius - 3);
  context.fillText(text, at.x, at.y - radius - 3);
}

/** It falls off the line and fades; a cross stays where it happened. */
function paintLoss(scene: Scene, dot: Dot, at: Point, falling: number): void {
  const { context, dark } = scene;
  context.globalAlpha = 1 - falling;
  paintDot(scene, dot, { x: at.x, y: at.y + FALL_DEPTH * falling * falling }, true);
  context.globalAlpha = 1 - falling * falling;
  context.strokeStyle = dark ? "#f2756b" : "#c92a2a";
  context.lineWidth = 2.2;
  context.beginPath();
  for (const slope of [1, -1]) {
    context.moveTo(at.x - CROSS, at.y - CROSS * slope);
    context.lineTo(at.x + CROSS, at.y + CROSS * slope);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** From the accent over amber to red. */
function loadColor(busy: number, dark: boolean): string {
  const lightness = dark ? 62 : 52;
  return busy < 0.5
    ? `hsl(${222 - 20 * busy} 80% ${lightness}%)`
    : `hsl(${Math.round(44 - 84 * (busy - 0.5))} 88% ${lightness - 4}%)`;
}

/** Below this a link counts as quiet. */
const LEAST_BUSY = 0.002;
const ASIDE = 4;
/** From this zoom on there is room for names of protocols. */
const LABEL_ZOOM = 0.7;
/** More names than this would cover each other. */
const MAX_LABELS = 24;
const FALL_DEPTH = 34;
const CROSS = 5;
