/** A PNG file (RFC 2083, every colour type and depth, interlaced or not) as pixels. What is wrong is a FormatError. */

import { FormatError, Reader, Writer } from "../../../bytes/index.ts";
import { toByteString } from "../../../net/index.ts";
import { inflateZlib } from "./inflate.ts";

/** Four octets each: red, green, blue, opacity. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

export function decodePng(bytes: Uint8Array): Picture {
  const { header, palette, transparency, data } = readChunks(bytes);
  const { width, height, isInterlaced } = header;
  const passes = isInterlaced ? PASSES : [{ x: 0, y: 0, dx: 1, dy: 1 }];
  const sizes = passes.map(({ x, y, dx, dy }) => ({
    columns: Math.ceil((width - x) / dx),
    rows: Math.ceil((height - y) / dy),
  }));
  const rowBytes = (columns: number): number => Math.ceil((columns * bitsPerPixel(header)) / 8);
  const total = sizes.reduce((sum, { columns, rows }) => {
    return columns === 0 ? sum : sum + rows * (1 + rowBytes(columns));
  }, 0);
  const octets = inflateZlib(data, total);
  const rgba = new Uint8Array(4 * width * height);
  const paint = painter(header, palette, transparency, rgba);
  let at = 0;
  for (const [i, { x, y, dx, dy }] of passes.entries()) {
    const { columns, rows } = sizes[i];
    if (columns === 0) continue;
    const length = rowBytes(columns);
    let above: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < rows; row++) {
      const filter = octets[at];
      const line = octets.subarray(at + 1, at + 1 + length);
      unfilter(filter, line, above, Math.max(1, bitsPerPixel(header) >> 3));
      for (let column = 0; column < columns; column++)
        paint(line, column, 4 * ((y + row * dy) * width + x + column * dx));
      above = line;
      at += 1 + length;
    }
  }
  return { width, height, rgba };
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly isInterlaced: boolean;
}

interface Chunks {
  readonly header: Header;
  readonly palette: Uint8Array;
  readonly transparency: Uint8Array;
  readonly data: Uint8Array;
}

/** RFC 2083 section 3.2; what is not needed for a preview is passed over, check sums among it. */
function readChunks(bytes: Uint8Array): Chunks {
  const reader = new Reader(bytes);
  if (toByteString(reader.take(8, "png.signature")) !== SIGNATURE)
    throw new FormatError("png.signature", 0, "is none of a PNG file");
  let header: Header | undefined;
  let palette: Uint8Array = new Uint8Array(0);
  let transparency: Uint8Array = new Uint8Array(0);
  const data = new Writer();
  while (reader.left > 0) {
    const length = reader.uint32("png.chunk.length");
    const type = toByteString(reader.take(4, "png.chunk.type"));
    const content = reader.take(length, "png.chunk.data");
    reader.uint32("png.chunk.crc");
    if (type === "IHDR") header = parseHeader(content);
    else if (type === "PLTE") palette = content;
    else if (type === "tRNS") transparency = content;
    else if (type === "IDAT") data.append(content);
    else if (type === "IEND") break;
  }
  if (header === undefined) throw new FormatError("png.IHDR", 8, "is missing");
  return { header, palette, transparency, data: data.finish() };
}

/** RFC 2083 section 4.1.1. */
function parseHeader(content: Uint8Array): Header {
  const reader = new Reader(content);
  const width = reader.uint32("png.width");
  const height = reader.uint32("png.height");
  const [depth, colourType, compression, filter, interlace] = reader.take(5, "png.header");
  if (width === 0 || height === 0 || width * height > PIXELS_MAX)
    throw new FormatError("png.size", 0, `${width} x ${height} is no size for a preview`);
  if (!DEPTHS[colourType]?.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1)
    throw new FormatError("png.header", 8, "names a kind that is not known");
  return { width, height, depth, colourType, isInterlaced: interlace === 1 };
}

function bitsPerPixel({ depth, colourType }: Header): number {
  return depth * (SAMPLES[colourType] ?? 1);
}

/** RFC 2083 section 6: in place. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  if (filter > 4) throw new FormatError("png.filter", 0, `${filter} is none`);
  const { length } = line;
  if (filter === 1) for (let i = step; i < length; i++) line[i] += line[i - step];
  else if (filter === 2) for (let i = 0; i < length; i++) line[i] += above[i];
  else if (filter === 3) {
    for (let i = 0; i < length; i++) line[i] += ((i < step ? 0 : line[i - step]) + above[i]) >> 1;
  } else if (filter === 4) {
    for (let i = 0; i < length; i++)
      line[i] += i < step ? above[i] : paeth(line[i - step], above[i], above[i - step]);
  }
}

/** RFC 2083 section 6.6. */
function paeth(left: number, up: number, corner: number): number {
  const byLeft = Math.abs(up - corner);
  const byUp = Math.abs(left - corner);
  const byCorner = Math.abs(left + up - 2 * corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/** Puts the pixel in `column` of a row at its place in `rgba`. */
type Paint = (line: Uint8Array, column: number, at: number) => void;

/** RFC 2083 section 4.1: what the samples of a row mean. Of sixteen bits the upper eight are seen. */
function painter(
  { depth, colourType }: Header,
  palette: Uint8Array,
  transparency: Uint8Array,
  rgba: Uint8Array,
): Paint {
  const samples = SAMPLES[colourType] ?? 1;
  const raw = sampleReader(depth);
  const shift = depth === 16 ? 8 : 0;
  const factor = depth < 8 ? 255 / ((1 << depth) - 1) : 1;
  if (colourType === 3) {
    return (line, column, at) => {
      const index = raw(line, column);
      for (let i = 0; i < 3; i++) rgba[at + i] = palette[3 * index + i] ?? 0;
      rgba[at + 3] = transparency[index] ?? 255;
    };
  }
  const colours = (colourType & 2) !== 0 ? 3 : 1;
  const hasOpacity = (colourType & 4) !== 0;
  // RFC 2083 section 4.2.9: one colour is transparent.
  const clear = Array.from(
    { length: colours },
    (_, i) => transparency[2 * i] * 256 + transparency[2 * i + 1],
  );
  const hasClear = !hasOpacity && transparency.length > 0;
  return (line, column, at) => {
    const first = column * samples;
    let isClear = hasClear;
    for (let i = 0; i < colours; i++) {
      const value = raw(line, first + i);
      rgba[at + i] = (value >> shift) * factor;
      if (isClear && value !== clear[i]) isClear = false;
    }
    if (colours === 1) rgba[at + 1] = rgba[at + 2] = rgba[at];
    rgba[at + 3] = hasOpacity ? raw(line, first + colours) >> shift : isClear ? 0 : 255;
  };
}

function sampleReader(depth: number): (line: Uint8Array, index: number) => number {
  if (depth === 8) return (line, index) => line[index];
  if (depth === 16) return (line, index) => line[2 * index] * 256 + line[2 * index + 1];
  const mask = (1 << depth) - 1;
  return (line, index) => (line[(index * depth) >> 3] >> (8 - depth - ((index * depth) & 7))) & mask;
}

const SIGNATURE = "\x89PNG\r\n\x1a\n";
/** By colour type: grey, colour, palette, grey with opacity, colour with opacity. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
/** RFC 2083 section 2.6: Adam7, each pass finer than the one before. */
const PASSES = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];
/** A screen of 4K; more takes longer to decode than a preview is worth. */
const PIXELS_MAX = 3840 * 2160;
