import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "./random.ts";

test("the same seed and label give the same numbers for ever", () => {
  const random = new SeededRandom(1, "host a");
  // A change of these values changes every recorded run.
  assert.deepEqual([random.uint32(), random.uint32(), random.below(1000), random.below(1000)], KNOWN);
});

test("another seed or label gives another stream", () => {
  const streams = [
    new SeededRandom(1, "host a"),
    new SeededRandom(2, "host a"),
    new SeededRandom(2 ** 40 + 1, "host a"),
    new SeededRandom(1, "host b"),
    new SeededRandom(1, ""),
  ];
  const firsts = streams.map((random) => `${random.uint32()} ${random.uint32()}`);
  assert.equal(new Set(firsts).size, streams.length);
});

test("below and fraction are uniform: no bucket is off by five standard deviations", () => {
  const random = new SeededRandom(7, "uniform");
  const draws = 60_000;
  for (const next of [() => random.below(6), () => Math.floor(random.fraction() * 6)]) {
    const buckets = new Array<number>(6).fill(0);
    for (let i = 0; i < draws; i++) buckets[next()]++;
    const deviation = Math.sqrt(draws * (1 / 6) * (5 / 6));
    for (const count of buckets) assert.ok(Math.abs(count - draws / 6) < 5 * deviation, `${buckets}`);
  }
});

test("bytes are as many as asked for, and differ", () => {
  const random = new SeededRandom(7, "bytes");
  assert.equal(random.bytes(0).length, 0);
  assert.ok(new Set(random.bytes(1000)).size > 200);
});

const KNOWN = [2108296598, 105799298, 623, 578];
