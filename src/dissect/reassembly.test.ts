/** Streams against a model: any cut, any order, any repetition, any loss. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { StreamAssembler, type StreamChunk } from "./reassembly.ts";

/** Puts the chunks on a line of "?" of the stream's length; checks that they come in order. */
function place(chunks: readonly StreamChunk<number>[], length: number): (number | undefined)[] {
  const line = new Array<number | undefined>(length).fill(undefined);
  let at = 0;
  for (const { offset, bytes, gap } of chunks) {
    assert.equal(offset, at + gap, "a chunk begins behind the one before and its gap");
    for (const [i, octet] of bytes.entries()) line[offset + i] = octet;
    at = offset + bytes.length;
  }
  return line;
}

const octets = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff);

test("segments in order come through at once", () => {
  const stream = new StreamAssembler<number>();
  stream.begin(100);
  assert.deepEqual(stream.add(100, octets(3), 1), [{ offset: 0, bytes: octets(3), gap: 0, mark: 1 }]);
  assert.equal(stream.add(103, octets(2), 2)[0].offset, 3);
  assert.equal(stream.length, 5);
});

test("a hole is waited for, then given up with its size", () => {
  const stream = new StreamAssembler<number>();
  stream.begin(0);
  assert.deepEqual(stream.add(10, octets(5), 1), []);
  const [chunk] = stream.finish();
  assert.deepEqual([chunk.gap, chunk.offset, chunk.bytes.length], [10, 10, 5]);
});

test("what waits is bounded: the oldest hole is given up", () => {
  const stream = new StreamAssembler<number>(100);
  stream.begin(0);
  assert.deepEqual(stream.add(10, octets(90), 1), []);
  const chunks = stream.add(200, octets(20), 2);
  assert.deepEqual(
    chunks.map(({ gap, offset }) => [gap, offset]),
    [[10, 10]],
  );
});

test("any segmentation, order, repetition and loss gives the octets that were seen, each in its place", () => {
  const segments = fc.array(fc.tuple(fc.nat(300), fc.nat(60)), { maxLength: 40 });
  const start = fc.constantFrom(0, 1, 0x7fff_ff80, 0xffff_ff80, 0xffff_ffff);
  fc.assert(
    fc.property(segments, start, (list, origin) => {
      const data = octets(400);
      const stream = new StreamAssembler<number>();
      stream.begin(origin);
      const model = new Array<number | undefined>(400).fill(undefined);
      const chunks: StreamChunk<number>[] = [];
      for (const [i, [from, length]] of list.entries()) {
        chunks.push(...stream.add((origin + from) % 2 ** 32, data.subarray(from, from + length), i));
        for (let at = from; at < Math.min(400, from + length); at++) model[at] = data[at];
        // What is out is exactly the beginning without holes.
        const hole = model.indexOf(undefined);
        assert.equal(stream.length, hole < 0 ? 400 : hole);
      }
      chunks.push(...stream.finish());
      assert.deepEqual(place(chunks, 400), model);
    }),
    { numRuns: 300 },
  );
});

test("where repetitions differ, the first one seen counts", () => {
  const stream = new StreamAssembler<number>();
  stream.begin(0);
  stream.add(2, Uint8Array.of(1, 1), 1);
  const chunks = stream.add(0, Uint8Array.of(2, 2, 2, 2, 2, 2), 2);
  assert.deepEqual(place(chunks, 6), [2, 2, 1, 1, 2, 2]);
});
