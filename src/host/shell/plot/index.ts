/** Figures that a report can use: axes with units, title, grid and legend; as SVG and as PNG, in pure code. */
export { bar } from "./bar.ts";
export * from "./figure.ts";
export { toPng } from "./png.ts";
export { rasterize } from "./raster.ts";

export { toSvg } from "./svg.ts";
