/** A picture in the characters of any terminal with colours: each cell is two pixels, "▀" in one colour on another. */

import type { Picture } from "./png-decoder.ts";

/** "rgb": 16 million colours; "256": the colours of xterm. */
export type Colours = "rgb" | "256";

/** By the variables that terminals set; undefined when it is not known to have more than a few. */
export function coloursOf(environment: Readonly<Record<string, string | undefined>>): Colours | undefined {
  const { TERM = "", COLORTERM = "", NO_COLOR } = environment;
  if (TERM === "dumb" || NO_COLOR) return undefined;
  if (/^(truecolor|24bit)$/.test(COLORTERM) || TERM.endsWith("-direct")) return "rgb";
  return TERM.includes("256color") ? "256" : undefined;
}

/** Lines that show the picture, no wider than `columns` and no larger than it is. */
export function halfBlocks(picture: Picture, columns: number, colours: Colours): string {
  const columnsMost = Math.max(1, Math.min(columns - 1, COLUMNS_MAX, picture.width));
  const scale = Math.min(columnsMost / picture.width, (2 * ROWS_MAX) / picture.height, 1);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  let text = "";
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x++) {
      const upper = averageOf(picture, x, y, width, height);
      const lower = y + 1 < height ? averageOf(picture, x, y + 1, width, height) : undefined;
      text += cell(upper, lower, colours);
    }
    text += "\x1b[0m\n";
  }
  return text;
}

type Colour = readonly [red: number, green: number, blue: number];

/** ISO 8613-6: 38 is the colour of a character, 48 that behind it; 39 and 49 are the terminal's own. */
function cell(upper: Colour | undefined, lower: Colour | undefined, colours: Colours): string {
  if (upper === undefined && lower === undefined) return "\x1b[0m ";
  const code = (ground: 3 | 4, colour: Colour | undefined): string => {
    if (colour === undefined) return `${ground}9`;
    return colours === "rgb" ? `${ground}8;2;${colour.join(";")}` : `${ground}8;5;${nearestOf256(colour)}`;
  };
  if (upper === undefined) return `\x1b[${code(3, lower)};49m▄`;
  return `\x1b[${code(3, upper)};${code(4, lower)}m▀`;
}

/** The mean of the pixels that fall into one; undefined when most of it is transparent. */
function averageOf(
  picture: Picture,
  x: number,
  y: number,
  width: number,
  height: number,
): Colour | undefined {
  const [fromX, toX] = spanOf(x, width, picture.width);
  const [fromY, toY] = spanOf(y, height, picture.height);
  const sums = [0, 0, 0];
  let opacity = 0;
  for (let row = fromY; row < toY; row++) {
    for (let column = fromX; column < toX; column++) {
      const at = 4 * (row * picture.width + column);
      const weight = picture.rgba[at + 3];
      opacity += weight;
      for (let i = 0; i < 3; i++) sums[i] += picture.rgba[at + i] * weight;
    }
  }
  if (opacity < 128 * (toX - fromX) * (toY - fromY)) return undefined;
  const [red, green, blue] = sums.map((sum) => Math.round(sum / opacity));
  return [red, green, blue];
}

function spanOf(index: number, count: number, size: number): [number, number] {
  const from = Math.floor((index * size) / count);
  return [from, Math.max(from + 1, Math.floor(((index + 1) * size) / count))];
}

/** Of xterm's colours: the cube of 6 x 6 x 6 from 16 on, the greys from 232 on. */
function nearestOf256([red, green, blue]: Colour): number {
  const distance = (a: Colour): number => (a[0] - red) ** 2 + (a[1] - green) ** 2 + (a[2] - blue) ** 2;
  const level = (value: number): number => (value < 48 ? 0 : value < 115 ? 1 : Math.floor((value - 35) / 40));
  const levels = [red, green, blue].map(level);
  const [r, g, b] = levels.map((step) => (step === 0 ? 0 : 55 + 40 * step));
  const grey = Math.max(0, Math.min(23, Math.round(((red + green + blue) / 3 - 8) / 10)));
  const shade = 8 + 10 * grey;
  if (distance([shade, shade, shade]) < distance([r, g, b])) return 232 + grey;
  return 16 + 36 * levels[0] + 6 * levels[1] + levels[2];
}

/** Cells; with two pixels each, three quarters of a usual terminal's height. */
const COLUMNS_MAX = 80;
const ROWS_MAX = 24;
