/** A drawing as SVG 1.1: text stays text, so that it can be searched, and every program can show it. */

import type { Drawing, Point, Shape } from "./figure.ts";

export function toSvg(drawing: Drawing): string {
  const { width, height, title } = drawing;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    `  font-family="Helvetica, Arial, sans-serif" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawing.shapes.map(svgOf),
    "</svg>",
    "",
  ].join("\n");
}

function svgOf(shape: Shape): string {
  if (shape.kind === "dot") {
    return `<circle ${placeOf(shape.at, "cx", "cy")} r="${shape.radius}" fill="${shape.colour}"/>`;
  }
  if (shape.kind === "line") {
    const points = shape.points.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ");
    const stroke = `stroke="${shape.colour}" stroke-width="${shape.width}"`;
    return `<polyline points="${points}" fill="none" ${stroke} stroke-linejoin="round"/>`;
  }
  const { at, size, align, colour, upwards } = shape;
  const turned = upwards === true ? ` transform="rotate(-90 ${round(at.x)} ${round(at.y)})"` : "";
  const style = `font-size="${size}" text-anchor="${align}" fill="${colour}"`;
  return `<text ${placeOf(at, "x", "y")} ${style}${turned}>${escaped(shape.text)}</text>`;
}

function placeOf({ x, y }: Point, xName: string, yName: string): string {
  return `${xName}="${round(x)}" ${yName}="${round(y)}"`;
}

/** A hundredth of a pixel is finer than any eye. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
