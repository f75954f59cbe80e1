/** Axes that a person likes to read, letters that exist, files that others can read. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, inflateSync } from "node:zlib";
import fc from "fast-check";
import { bar, drawFigure, rasterize, toPng, toSvg } from "./index.ts";
import { strokeText } from "./stroke-font.ts";
import { niceTicks, tickLabels } from "./ticks.ts";

test("ticks are 1, 2 or 5 times a power of ten apart, and reach over everything", () => {
  assert.deepEqual(niceTicks(0, 9.4, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(tickLabels(niceTicks(0, 0.3, 5)), ["0.0", "0.1", "0.2", "0.3"]);
  assert.deepEqual(niceTicks(0, 0, 5).length >= 2, true);
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
      fc.integer({ min: 2, max: 12 }),
      (most, wanted) => {
        const ticks = niceTicks(0, most, wanted);
        assert.ok(ticks[ticks.length - 1] >= most * (1 - 1e-6), `${most}: ${ticks}`);
        assert.ok(ticks.length >= 2 && ticks.length <= wanted + 2, `${most}: ${ticks}`);
        assert.equal(new Set(tickLabels(ticks)).size, ticks.length, `${most}: ${tickLabels(ticks)}`);
      },
    ),
  );
});

test("any figure is drawn, and its PNG is what zlib and its own CRCs say", () => {
  const values = fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(values, (ys) => {
      const series = [{ label: "a <b> & c", colour: "#0072b2", values: ys }];
      const panels = [{ axis: "y", series }];
      const times = ys.map((_, i) => i);
      const drawing = drawFigure({ title: "t", subtitle: "s", axis: "x", times, until: 8, panels });
      const svg = toSvg(drawing);
      assert.match(svg, /a &lt;b&gt; &amp; c/);
      assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
      const pixels = rasterize(drawing, 1);
      assert.deepEqual(unpack(toPng(pixels)), Buffer.from(pixels.rgb));
    }),
    { numRuns: 12 },
  );
});

test("letters that are missing are boxes, and a longer text is wider", () => {
  assert.ok(strokeText("mm", 12).width > strokeText("m", 12).width);
  assert.equal(strokeText("☃", 12).strokes.length, 1);
  assert.equal(strokeText("", 12).width, 0);
});

test("a bar is as long as its part, to an eighth of a cell", () => {
  assert.deepEqual(
    [0, 0.5, 1, 2].map((part) => bar(part, 4)),
    ["", "██", "████", "████"],
  );
  assert.equal(bar(3 / 32, 4), "▍");
});

/** The pixels of a PNG of ours, by Node's zlib and a filter of our own; checks every CRC. */
function unpack(png: Uint8Array): Buffer {
  const file = Buffer.from(png);
  let packed = Buffer.alloc(0);
  let width = 0;
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const body = file.subarray(at + 4, at + 8 + length);
    assert.equal(file.readUInt32BE(at + 8 + length), crc32(body));
    const type = body.toString("latin1", 0, 4);
    if (type === "IHDR") width = body.readUInt32BE(4);
    if (type === "IDAT") packed = Buffer.concat([packed, body.subarray(4)]);
    at += 12 + length;
  }
  const rows = inflateSync(packed);
  const row = 3 * width;
  const out = Buffer.alloc((rows.length / (row + 1)) * row);
  for (let y = 0; y * (row + 1) < rows.length; y++) {
    assert.equal(rows[y * (row + 1)], 2);
    for (let x = 0; x < row; x++)
      out[y * row + x] = rows[y * (row + 1) + 1 + x] + (y === 0 ? 0 : out[(y - 1) * row + x]);
  }
  return out;
}
