/** Packets and octets over time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Exchange } from "../../dissect/testing/exchange.ts";
import { graphOf, PacketView } from "./index.ts";
import { analyzed, bulk, finish, lossy, never, packetAt, storeOf } from "./testing/stores.ts";

test("the graph counts every packet that a filter lets through once, in its interval", () => {
  const { store } = analyzed((a, b) => bulk(a, b, 200_000), lossy, 6);
  const filters = ["", "tcp.dstport == 7", "lost"];
  const request = { intervalNs: 10e6, filters };
  graphOf(store, request);
  while (!store.analyzeSome(() => true));
  const graph = graphOf(store, request);
  assert.ok(graph.complete);
  for (const [i, { packets, octets: sums }] of graph.series.entries()) {
    const view = finish(new PacketView(store, filters[i]));
    const expected = new Array<number>(packets.length).fill(0);
    const expectedOctets = new Array<number>(packets.length).fill(0);
    for (let index = 0; index < view.length; index++) {
      const packet = store.packet(view.numberAt(index) as number);
      const place = Math.floor((packet?.timeNs ?? 0) / graph.intervalNs) - graph.startNs / graph.intervalNs;
      expected[place]++;
      expectedOctets[place] += packet?.length ?? 0;
    }
    assert.deepEqual(packets, expected);
    assert.deepEqual(sums, expectedOctets);
  }
});

test("a graph of whatever times and intervals stays within bounds and loses nothing", () => {
  const { packets } = new Exchange(25).open();
  fc.assert(
    fc.property(
      fc.array(fc.nat(1e9), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 1000, max: 1e6 }),
      (times, intervalNs) => {
        const store = storeOf([]);
        for (const [i, timeNs] of times.sort((a, b) => a - b).entries())
          store.handleFrame({ ...packetAt(packets[0].bytes, timeNs), timeNs, packetId: i });
        const request = { intervalNs, filters: ["", "not lost"] };
        graphOf(store, request);
        while (!store.analyzeSome(never));
        store.handleFrame({ ...packetAt(packets[0].bytes, 2e9), packetId: 0, kind: "drop" });
        graphOf(store, request);
        while (!store.analyzeSome(never));
        const { series } = graphOf(store, request);
        const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
        assert.deepEqual(
          series.map((each) => sum(each.packets)),
          [times.length, times.length - 1],
        );
        assert.ok(series.every((each) => each.packets.length <= 4096));
      },
    ),
    { numRuns: 50 },
  );
});

test("series that lie far apart share intervals that are long enough", () => {
  const { packets } = new Exchange(25).open();
  const store = storeOf([]);
  for (const [packetId, timeNs] of [0, 5_000, 3_600e9].entries())
    store.handleFrame({ ...packetAt(packets[packetId].bytes, timeNs), packetId });
  const request = { intervalNs: 1000, filters: ["frame.number < 3", "frame.number == 3", "arp"] };
  graphOf(store, request);
  while (!store.analyzeSome(never));
  const { series, intervalNs, complete } = graphOf(store, request);
  assert.ok(complete && intervalNs > 1000);
  assert.deepEqual(
    series.map(({ packets: counts }) => [counts.length <= 4096, counts.reduce((a, b) => a + b, 0)]),
    [2, 1, 0].map((sum) => [true, sum]),
  );
  assert.equal(new Set(series.map(({ packets: counts }) => counts.length)).size, 1);
});
