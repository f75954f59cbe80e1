import assert from "node:assert/strict";
import { test } from "node:test";
import { hexDump, hexLine, lineCount, octetsPerLine, within } from "./hex-layout.ts";

const BYTES = Uint8Array.from({ length: 20 }, (_, i) => 0x3c + i * 10);

test("lines hold 16 octets where there is room, otherwise 8, the last what is left", () => {
  assert.equal(octetsPerLine(700, 7), 16);
  assert.equal(octetsPerLine(320, 7), 8);
  assert.equal(lineCount(20, 16), 2);
  const last = hexLine(BYTES, 1, 16);
  assert.equal(last.offset, "0010");
  assert.deepEqual(last.octets, ["dc", "e6", "f0", "fa"]);
  assert.deepEqual(hexLine(BYTES, 0, 8).characters.slice(0, 4), ["<", "F", "P", "Z"]);
});

test("a range is marked in each line that it crosses", () => {
  const range = { start: 6, end: 18 };
  assert.deepEqual(within(range, 0, 16), { from: 6, to: 16 });
  assert.deepEqual(within(range, 1, 16), { from: 0, to: 2 });
  assert.equal(within(range, 2, 8)?.to, 2);
  assert.equal(within(range, 3, 8), undefined);
  assert.equal(within(undefined, 0, 16), undefined);
});

test("a dump has offset, octets and characters", () => {
  assert.equal(
    hexDump(Uint8Array.from("Hello, packet, 20 of", (c) => c.charCodeAt(0))),
    "0000  48 65 6c 6c 6f 2c 20 70  61 63 6b 65 74 2c 20 32  Hello, packet, 2\n" +
      "0010  30 20 6f 66                                       0 of",
  );
});
