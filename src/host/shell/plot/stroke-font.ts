/**
 * Letters as strokes, for pictures that are drawn where no font can be counted on. Each glyph is polylines of points
 * "xy" on a grid of 5 by 9: y 2 is the base line, 6 the height of an x, 8 that of an X, 0 the foot of a g.
 */

import type { Point } from "./figure.ts";

export interface StrokedText {
  /** In pixels, the start of the base line at 0, 0; y grows downwards. */
  readonly strokes: readonly (readonly Point[])[];
  readonly width: number;
}

/** `size` is that of a font: the height of an X is 0.68 of it. */
export function strokeText(text: string, size: number): StrokedText {
  const unit = (size * 0.68) / 6;
  const strokes: Point[][] = [];
  let left = 0;
  for (const letter of text) {
    const glyph = letter === " " ? "" : (GLYPHS[letter] ?? MISSING);
    let widest = letter === " " ? 2 : 0;
    for (const stroke of glyph === "" ? [] : glyph.split(" ")) {
      const points: Point[] = [];
      for (let at = 0; at < stroke.length; at += 2) {
        const x = Number(stroke[at]);
        widest = Math.max(widest, x);
        points.push({ x: (left + x) * unit, y: (2 - Number(stroke[at + 1])) * unit });
      }
      strokes.push(points);
    }
    left += widest + SPACING;
  }
  return { strokes, width: Math.max(0, left - SPACING) * unit };
}

const SPACING = 1.5;
const MISSING = "0208484202";
const GLYPHS: Readonly<Record<string, string>> = {
  A: "022842 1535",
  B: "020838474635053544433202",
  C: "4738180703123243",
  D: "02082846442202",
  E: "48080242 0535",
  F: "480802 0535",
  G: "47381807031232434525",
  H: "0802 4842 0545",
  I: "0828 1812 0222",
  J: "4843321203",
  K: "0802 4804 1542",
  L: "080242",
  M: "0208254842",
  N: "02084248",
  O: "183847433212030718",
  P: "02083847463505",
  Q: "183847433212030718 2442",
  R: "02083847463505 2542",
  S: "473818070615354443321203",
  T: "0848 2822",
  U: "080312324348",
  V: "082248",
  W: "0812253248",
  X: "0842 0248",
  Y: "082548 2522",
  Z: "08480242",
  a: "4642 4536160503123243",
  b: "0802 0516364543321203",
  c: "4536160503123243",
  d: "4842 4536160503123243",
  e: "04444536160503123243",
  f: "38281712 0636",
  g: "4641301001 4536160503123243",
  h: "0802 0516364542",
  i: "0602 0808",
  j: "161100 1818",
  k: "0802 3604 1532",
  l: "080312",
  m: "0602 05162522 25364542",
  n: "0602 0516364542",
  o: "163645433212030516",
  p: "0600 0516364543321203",
  q: "4640 4536160503123243",
  r: "0602 041636",
  s: "45361605143443321203",
  t: "18132232 0636",
  u: "0603123243 4642",
  v: "062246",
  w: "0612243246",
  x: "0642 0246",
  y: "0622 461000",
  z: "06460242",
  0: "183847433212030718",
  1: "071812 0222",
  2: "07183847460242",
  3: "07183847463515354443321203",
  4: "32380444",
  5: "480805354443321203",
  6: "38180703123243443505",
  7: "084812",
  8: "15060718384746351504031232434435",
  9: "12324347381807061545",
  ".": "1212",
  ",": "1201",
  ":": "0202 0505",
  ";": "1201 1515",
  "-": "0535",
  "+": "0545 2327",
  "=": "0646 0444",
  "/": "0148",
  "%": "0248 0708181707 3233434232",
  "(": "18060412",
  ")": "08161402",
  "[": "18080212",
  "]": "08181202",
  "<": "470543",
  ">": "074503",
  _: "0242",
  "'": "0807",
};
