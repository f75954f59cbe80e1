/** Pictures: decompression beside zlib's own, PNG files of every kind, blocks of colour, what each terminal is sent. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { constants, deflateSync } from "node:zlib";
import fc from "fast-check";
import { decodeBase64, FormatError } from "../../../bytes/index.ts";
import { toPng } from "../plot/index.ts";
import { coloursOf, halfBlocks } from "./half-blocks.ts";
import { inflateZlib } from "./inflate.ts";
import { decodePng, type Picture } from "./png-decoder.ts";
import { imageTypeOf, previewOf, previewProtocolOf } from "./preview.ts";

const KINDS = [
  { colourType: 0, depths: [1, 2, 4, 8, 16], samples: 1 },
  { colourType: 2, depths: [8, 16], samples: 3 },
  { colourType: 3, depths: [1, 2, 4, 8], samples: 1 },
  { colourType: 4, depths: [8, 16], samples: 2 },
  { colourType: 6, depths: [8, 16], samples: 4 },
];
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

describe("inflate", () => {
  const { Z_FIXED, Z_HUFFMAN_ONLY, Z_DEFAULT_STRATEGY } = constants;

  test("gives back what zlib has compressed: stored, with fixed and with own codes", () => {
    const text = readFileSync(new URL("inflate.ts", import.meta.url));
    const random = fc.sample(fc.uint8Array({ minLength: 70_000, maxLength: 70_000 }), {
      numRuns: 1,
      seed: 1,
    })[0];
    const kinds = [
      { level: 0 },
      { level: 9 },
      { level: 1, strategy: Z_FIXED },
      { level: 6, strategy: Z_HUFFMAN_ONLY },
    ];
    for (const bytes of [text, random, new Uint8Array(100_000), new Uint8Array(0), Uint8Array.of(7)]) {
      for (const kind of kinds)
        assert.deepEqual(Buffer.compare(inflateZlib(deflateSync(bytes, kind), bytes.length), bytes), 0);
    }
    const likely = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2000 });
    fc.assert(
      fc.property(likely, fc.integer({ min: 0, max: 9 }), (values, level) => {
        const bytes = Uint8Array.from(values);
        const compressed = deflateSync(bytes, { level, strategy: Z_DEFAULT_STRATEGY });
        assert.deepEqual(inflateZlib(compressed, bytes.length), bytes);
      }),
    );
  });

  test("what is cut, changed, longer or shorter than announced is a FormatError or other octets, and never hangs", () => {
    const bytes = readFileSync(new URL("inflate.ts", import.meta.url));
    const compressed = deflateSync(bytes);
    for (const size of [bytes.length - 1, bytes.length + 1])
      assert.throws(() => inflateZlib(compressed, size), FormatError);
    fc.assert(
      fc.property(fc.nat(compressed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(compressed);
        changed[at] ^= change;
        mayThrowFormatError(() => inflateZlib(changed, bytes.length));
        // The last four octets are the check sum, which is not looked at.
        if (at < compressed.length - 4)
          assert.throws(() => inflateZlib(compressed.subarray(0, at), bytes.length), FormatError);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (rest) => {
        mayThrowFormatError(() => inflateZlib(Uint8Array.of(0x78, 0x01, ...rest), 1000));
      }),
    );
  });
});

describe("PNG", () => {
  test("every colour type, depth and filter, interlaced and not: the pixels that were written", () => {
    for (const { colourType, depths } of KINDS) {
      for (const depth of depths) {
        for (const interlaced of [false, true]) {
          const { file, picture } = samplePng(colourType, depth, interlaced);
          const decoded = decodePng(file);
          assert.deepEqual([decoded.width, decoded.height], [picture.width, picture.height]);
          assert.equal(Buffer.compare(decoded.rgba, picture.rgba), 0, `${colourType}/${depth}/${interlaced}`);
        }
      }
    }
  });

  test("our own figures", () => {
    const rgb = Uint8Array.from({ length: 3 * 20 * 10 }, (_, i) => (i * 37) & 255);
    const { width, height, rgba } = decodePng(toPng({ width: 20, height: 10, rgb }));
    assert.deepEqual([width, height], [20, 10]);
    assert.deepEqual(
      rgb,
      rgba.filter((_, i) => i % 4 !== 3),
    );
  });

  test("one transparent colour, and the opacity of a palette", () => {
    const opacities = (file: Uint8Array): number[] => {
      const values = decodePng(file).rgba.filter((_, i) => i % 4 === 3);
      return [...new Set(values)].sort((a, b) => a - b);
    };
    const first = [...decodePng(samplePng(2, 8, false).file).rgba.subarray(0, 3)];
    const clear = samplePng(2, 8, false, [
      chunk(
        "tRNS",
        first.flatMap((value) => [0, value]),
      ),
    ]).file;
    assert.equal(decodePng(clear).rgba[3], 0);
    assert.deepEqual(opacities(clear), [0, 255]);
    assert.deepEqual(opacities(samplePng(3, 8, false, [chunk("tRNS", [0, 0, 0, 128])]).file), [0, 128, 255]);
  });

  test("any octets are a picture or a FormatError, and none is too large", () => {
    const { file } = samplePng(6, 8, true);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(file);
        changed[at] ^= change;
        mayThrowFormatError(() => decodePng(changed));
        mayThrowFormatError(() => decodePng(file.subarray(0, at)));
      }),
    );
    const huge = Uint8Array.from(file);
    huge.set([0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff], 16);
    assert.throws(() => decodePng(huge), FormatError);
  });
});

describe("blocks of colour", () => {
  const pixels = (width: number, height: number, ...colours: number[][]): Picture => ({
    ...{ width, height },
    rgba: Uint8Array.from(colours.flat()),
  });
  const red = [255, 0, 0, 255];
  const blue = [0, 0, 255, 255];
  const clear = [9, 9, 9, 0];

  test("two pixels in a character, in each way of colours; what is transparent stays as it is", () => {
    const picture = pixels(2, 3, red, clear, blue, red, red, clear);
    assert.equal(
      halfBlocks(picture, 80, "rgb").replaceAll("\x1b", "^"),
      "^[38;2;255;0;0;48;2;0;0;255m▀^[38;2;255;0;0;49m▄^[0m\n^[38;2;255;0;0;49m▀^[0m ^[0m\n",
    );
    assert.ok(halfBlocks(picture, 80, "256").startsWith("\x1b[38;5;196;48;5;21m▀"));
    const greys = [0, 100, 128, 250].map((value) => [value, value, value, 255]);
    assert.deepEqual(halfBlocks(pixels(4, 1, ...greys), 80, "256").match(/38;5;\d+/g), [
      "38;5;16",
      "38;5;241",
      "38;5;244",
      "38;5;231",
    ]);
  });

  test("no wider than the terminal, no higher than most of a screen, in proportion", () => {
    const picture: Picture = { width: 640, height: 480, rgba: new Uint8Array(4 * 640 * 480).fill(255) };
    for (const [columns, width, rows] of [
      [40, 39, 15],
      [200, 64, 24],
    ]) {
      const lines = halfBlocks(picture, columns, "rgb").trimEnd().split("\n");
      assert.equal(lines.length, rows);
      assert.ok(
        lines.every((line) => line.match(/▀|▄/g)?.length === width),
        `${columns} columns`,
      );
    }
  });

  test("which terminals have the colours", () => {
    assert.equal(coloursOf({ TERM: "xterm-256color", COLORTERM: "truecolor" }), "rgb");
    assert.equal(coloursOf({ TERM: "tmux-256color" }), "256");
    for (const environment of [{}, { TERM: "vt100" }, { TERM: "dumb", COLORTERM: "truecolor" }])
      assert.equal(coloursOf(environment), undefined);
    assert.equal(coloursOf({ TERM: "xterm-256color", NO_COLOR: "1" }), undefined);
  });
});

describe("previews", () => {
  const { file: png } = samplePng(2, 16, false);
  const large = Uint8Array.from([...png, ...new Uint8Array(5000)]);
  const on = (environment: Record<string, string>, bytes: Uint8Array): string =>
    (previewOf({ columns: 80, environment }, "p.png", bytes) ?? "nothing")
      .replaceAll("\u001b", "<ESC>")
      .replaceAll("\u0007", "<BEL>");

  test("which terminal speaks what", () => {
    assert.equal(previewProtocolOf({ TERM: "xterm-kitty" }), "kitty");
    assert.equal(previewProtocolOf({ TERM: "xterm-256color", TERM_PROGRAM: "iTerm.app" }), "iterm2");
    for (const environment of [
      {},
      { TERM: "dumb", KITTY_WINDOW_ID: "1" },
      { TERM: "screen", TERM_PROGRAM: "iTerm.app" },
    ])
      assert.equal(previewProtocolOf(environment), undefined);
  });

  test("kitty and iTerm2 get all octets, others blocks of colour", () => {
    const kitty = [...on({ TERM: "xterm-kitty" }, large).matchAll(/<ESC>_G([^;]*);([^<]*)<ESC>\\/g)];
    assert.deepEqual(
      kitty.map(([, control]) => control),
      ["a=T,f=100,q=2,m=1", "m=0"],
    );
    assert.deepEqual(decodeBase64(kitty.map(([, , text]) => text).join("")), large);
    const sent = on({ TERM_PROGRAM: "iTerm.app" }, large);
    const [, size, text] =
      /^<ESC>\]1337;File=name=cC5wbmc=;size=(\d+);inline=1:(.*)<BEL>\n$/.exec(sent) ?? [];
    assert.equal(Number(size), large.length);
    assert.deepEqual(decodeBase64(text), large);
    assert.match(on({ TERM: "xterm-256color" }, png), /^<ESC>\[38;5;\d+;48;5;\d+m▀/);
    assert.match(on({ TERM: "screen-256color", COLORTERM: "truecolor" }, png), /^<ESC>\[38;2;/);
  });

  test("other pictures where the terminal takes them as they are; what is none, nowhere", () => {
    const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
    assert.equal(imageTypeOf(jpeg), "JPEG");
    const svg = Buffer.from(
      '<?xml version="1.0"?>\n<!-- a figure -->\n<svg xmlns="http://www.w3.org/2000/svg">',
    );
    assert.equal(imageTypeOf(svg), "SVG");
    assert.equal(imageTypeOf(Buffer.from("<html><svg></svg></html>")), undefined);
    assert.match(on({ TERM_PROGRAM: "WezTerm" }, jpeg), /1337;File/);
    for (const bytes of [jpeg, svg, Buffer.from("no picture"), png.subarray(0, 60)])
      assert.equal(on({ TERM: "xterm-256color" }, bytes), "nothing");
    assert.equal(on({ TERM_PROGRAM: "WezTerm" }, svg), "nothing");
    assert.equal(on({ TERM: "vt100" }, png), "nothing");
  });
});

/** A picture of 13 x 11 of every sample there is, with each filter in turn; and its pixels. */
function samplePng(colourType: number, depth: number, interlaced: boolean, extra: Buffer[] = []) {
  const [width, height] = [13, 11];
  const samples = KINDS.find((kind) => kind.colourType === colourType)?.samples ?? 1;
  const most = 2 ** depth - 1;
  const palette = Array.from({ length: 3 * 256 }, (_, i) => (i * 11) & 255);
  const sampleAt = (x: number, y: number, sample: number): number =>
    Math.round(((x * 31 + y * 57 + sample * 91) % 97) * (most / 96));
  const rgba = new Uint8Array(4 * width * height);
  const data: number[] = [];
  let filter = 0;
  for (const [x0, y0, dx, dy] of interlaced ? PASSES : [[0, 0, 1, 1]]) {
    let above: number[] = [];
    for (let y = y0; y < height && x0 < width; y += dy) {
      const bits: string[] = [];
      for (let x = x0; x < width; x += dx) {
        const values = Array.from({ length: samples }, (_, sample) => sampleAt(x, y, sample));
        bits.push(...values.map((value) => value.toString(2).padStart(depth, "0")));
        const seen = values.map((value) => (depth === 16 ? value >> 8 : Math.floor((value * 255) / most)));
        const colour =
          colourType === 3
            ? palette.slice(3 * values[0], 3 * values[0] + 3)
            : colourType & 2
              ? seen.slice(0, 3)
              : [seen[0], seen[0], seen[0]];
        rgba.set([...colour, colourType & 4 ? (seen.at(-1) ?? 0) : 255], 4 * (y * width + x));
      }
      const line = (bits.join("").match(/.{1,8}/g) ?? []).map((octet) =>
        Number.parseInt(octet.padEnd(8, "0"), 2),
      );
      data.push(filter, ...filtered(filter, line, above, Math.max(1, (samples * depth) >> 3)));
      filter = (filter + 1) % 5;
      above = line;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, interlaced ? 1 : 0], 8);
  const packed = deflateSync(Uint8Array.from(data));
  const file = Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", [...header]),
    ...(colourType === 3 ? [chunk("PLTE", palette)] : []),
    ...extra,
    // In two pieces, as encoders cut them.
    chunk("IDAT", [...packed.subarray(0, 9)]),
    chunk("IDAT", [...packed.subarray(9)]),
    chunk("IEND", []),
  ]);
  return { file: new Uint8Array(file), picture: { width, height, rgba } };
}

function filtered(filter: number, line: number[], above: number[], step: number): number[] {
  return line.map((value, i) => {
    const [left, up, corner] = [line[i - step] ?? 0, above[i] ?? 0, i < step ? 0 : (above[i - step] ?? 0)];
    const guess = left + up - corner;
    const nearest = [left, up, corner].reduce((best, each) =>
      Math.abs(guess - each) < Math.abs(guess - best) ? each : best,
    );
    return (value - [0, left, up, (left + up) >> 1, nearest][filter]) & 255;
  });
}

/** The sum at its end is not looked at. */
function chunk(type: string, content: number[]): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, Buffer.from(type, "latin1"), Buffer.from(content), Buffer.alloc(4)]);
}

function mayThrowFormatError(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}
