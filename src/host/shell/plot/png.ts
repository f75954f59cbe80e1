/**
 * Pixels as a PNG file (RFC 2083), in pure code. Of deflate (RFC 1951) it uses one block with the fixed codes and
 * matches at distance 1 only: after PNG's "up" filter a figure is runs of zeros, and no more is needed.
 */

import { Writer } from "../../../bytes/index.ts";
import { fromByteString } from "../../../net/index.ts";
import type { Pixels } from "./raster.ts";
import { adler32, crc32 } from "./sums.ts";

export function toPng(pixels: Pixels): Uint8Array {
  const { width, height } = pixels;
  // RFC 2083 section 4.1.1: eight bits each of red, green and blue; compression 0, filter 0, no interlace.
  const header = new Writer().uint32(width).uint32(height).uint8(8).uint8(2).uint8(0).uint8(0).uint8(0);
  const file = new Writer(64 * 1024).append(SIGNATURE);
  appendChunk(file, "IHDR", header.finish());
  appendChunk(file, "IDAT", compress(filterUp(pixels)));
  appendChunk(file, "IEND", new Uint8Array(0));
  return file.finish();
}

/** RFC 2083 section 3.2: length, type, data, and the CRC of type and data. */
function appendChunk(file: Writer, type: string, data: Uint8Array): void {
  const body = new Writer(4 + data.length).append(fromByteString(type)).append(data).finish();
  file.uint32(data.length).append(body).uint32(crc32(body));
}

/** RFC 2083 section 6.4: each octet less the one above it; the filter's number stands before each row. */
function filterUp({ width, height, rgb }: Pixels): Uint8Array {
  const row = 3 * width;
  const out = new Uint8Array((row + 1) * height);
  for (let y = 0; y < height; y++) {
    out[y * (row + 1)] = 2;
    for (let x = 0; x < row; x++) {
      const above = y === 0 ? 0 : rgb[(y - 1) * row + x];
      out[y * (row + 1) + 1 + x] = rgb[y * row + x] - above;
    }
  }
  return out;
}

/** RFC 1950: a zlib stream of one deflate block. */
function compress(bytes: Uint8Array): Uint8Array {
  const bits = new BitWriter();
  // RFC 1951 section 3.2.3: the last block, with the fixed codes.
  bits.push(1, 1);
  bits.push(1, 2);
  for (let at = 0; at < bytes.length; ) {
    bits.pushLiteral(bytes[at++]);
    let run = 0;
    while (run < MATCH_MAX && at + run < bytes.length && bytes[at + run] === bytes[at - 1]) run++;
    if (run < MATCH_MIN) continue;
    bits.pushMatch(run);
    at += run;
  }
  bits.pushCode(END_OF_BLOCK, 7);
  const body = bits.finish();
  return new Writer(body.length + 6).uint8(0x78).uint8(0x01).append(body).uint32(adler32(bytes)).finish();
}

class BitWriter {
  readonly #out = new Writer(64 * 1024);
  #held = 0;
  #count = 0;

  /** RFC 1951 section 3.1.1: the low bit first. */
  push(value: number, length: number): void {
    this.#held |= value << this.#count;
    this.#count += length;
    while (this.#count >= 8) {
      this.#out.uint8(this.#held & 0xff);
      this.#held >>>= 8;
      this.#count -= 8;
    }
  }

  /** Codes come with their high bit first. */
  pushCode(code: number, length: number): void {
    let turned = 0;
    for (let i = 0; i < length; i++) turned |= ((code >> i) & 1) << (length - 1 - i);
    this.push(turned, length);
  }

  /** RFC 1951 section 3.2.6: 0 to 143 have codes of 8 bits from 00110000, the others of 9 from 110010000. */
  pushLiteral(octet: number): void {
    if (octet < 144) this.pushCode(0x30 + octet, 8);
    else this.pushCode(0x190 + octet - 144, 9);
  }

  /** RFC 1951 section 3.2.5: the length with its extra bits, then distance 1, whose code is 0. */
  pushMatch(length: number): void {
    const at = LENGTHS.findLastIndex(([least]) => least <= length);
    const [least, extra] = LENGTHS[at];
    const symbol = 257 + at;
    if (symbol < 280) this.pushCode(symbol - 256, 7);
    else this.pushCode(0xc0 + symbol - 280, 8);
    this.push(length - least, extra);
    this.pushCode(0, 5);
  }

  finish(): Uint8Array {
    this.push(0, 7);
    return this.#out.finish();
  }
}

/** The least length of each symbol from 257 on, and its extra bits. */
const LENGTHS: readonly (readonly [number, number])[] = [
  ...Array.from({ length: 8 }, (_, i) => [3 + i, 0] as const),
  ...[1, 2, 3, 4, 5].flatMap((extra) =>
    Array.from({ length: 4 }, (_, i) => [3 + (4 + i) * 2 ** extra, extra] as const),
  ),
  [258, 0],
];
const MATCH_MIN = 3;
const MATCH_MAX = 258;
const END_OF_BLOCK = 0;
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
