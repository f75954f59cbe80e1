import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { betterInterval, graphColumns, intervalFor, rateText, rowAtTime } from "./graph-series.ts";

test("an interval suits the span", () => {
  assert.equal(intervalFor(0), "1000000");
  assert.equal(intervalFor(30e9), "1000000000");
  assert.equal(intervalFor(1e15), "600000000000");
});

test("the interval follows the packets that are drawn, not the clock", () => {
  const graph = (points: number, intervalNs: number) => ({
    ...{ intervalNs, startNs: 50e9, complete: true },
    series: [{ filter: "", packets: new Array<number>(points).fill(1), octets: [] }],
  });
  assert.equal(intervalFor(250e9), "10000000000", "the clock stands at 250 s");
  assert.equal(betterInterval("10000000000", graph(2, 10e9)), "100000000");
  assert.equal(betterInterval("100000000", graph(89, 100e6)), "100000000", "8.9 s in 89 points");
  assert.equal(betterInterval("100000000", graph(1_000, 100e6)), "100000000", "as it grows it stays");
  assert.equal(betterInterval("100000000", graph(1_001, 100e6)), "1000000000", "until it is too much");
  assert.equal(betterInterval("1000000", graph(4_000, 16e6)), "1000000000", "made longer by the engine");
  assert.equal(betterInterval("1000000000", graph(0, 1e9)), "1000000000", "of nothing nothing is known");
});

test("columns are per second, whatever the interval", () => {
  const graph = {
    ...{ intervalNs: 1e8, startNs: 2e8, complete: true },
    series: [{ filter: "", packets: [1, 0, 3], octets: [100, 0, 50] }],
  };
  assert.deepEqual(graphColumns(graph, "packets", 1), [
    [0.2, 0.3, 0.4, 0.5],
    [10, 0, 30, 0],
  ]);
  assert.deepEqual(graphColumns(graph, "bits", 1)[1], [8000, 0, 4000, 0]);
  assert.deepEqual(graphColumns({ ...graph, series: [] }, "bits", 0), [[]]);
  assert.deepEqual(
    graphColumns(graph, "packets", 2)[2],
    [null, null, null, null],
    "a series that was just added",
  );
});

test("rates as one reads them", () => {
  assert.equal(rateText(0), "0");
  assert.equal(rateText(1_234_567), "1.23 M");
});

test("the row at an instant is the first that is not before it", async () => {
  const times = fc.array(fc.nat(1_000), { maxLength: 100 }).map((all) => all.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(times, fc.nat(1_100), async (sorted, wanted) => {
      const found = await rowAtTime(sorted.length, wanted, async (index) => sorted[index]);
      const first = sorted.findIndex((time) => time >= wanted);
      assert.equal(found, sorted.length === 0 ? undefined : first === -1 ? sorted.length - 1 : first);
    }),
  );
});
