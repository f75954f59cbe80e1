import assert from "node:assert/strict";
import { test } from "node:test";
import type { HopView } from "../../engine/protocol/index.ts";
import { Flights, gather, glide } from "./flights.ts";

const hop = (change: Partial<HopView> = {}): HopView => ({
  packetId: 1,
  link: "a-b",
  direction: 0,
  leftNs: 0,
  arrivesNs: 10e6,
  lost: false,
  protocol: "TCP",
  octets: 60,
  ...change,
});

/** A thousandth of real time. */
const SLOW = 1e3;

test("a slow packet stands where virtual time has brought it", () => {
  const flights = new Flights();
  flights.add([hop()], 0, 0, SLOW);
  assert.deepEqual(
    [0, 2.5e6, 9e6].map((nowNs) => flights.dots(nowNs, 0)[0]?.progress),
    [0, 0.25, 0.9],
  );
  assert.deepEqual(flights.dots(10e6, 0), []);
  assert.equal(flights.size, 0);
});

test("a quick one is seen all the same", () => {
  const flights = new Flights();
  flights.add([hop({ arrivesNs: 1e6 })], 1e6, 1_000, 1e6);
  const seen = [1_100, 1_300, 1_450].map((wallMs) => flights.dots(5e9, wallMs)[0]?.progress ?? -1);
  assert.ok(seen[0]! > 0 && seen[0]! < seen[1]! && seen[1]! < seen[2]! && seen[2]! < 1, String(seen));
  assert.deepEqual(flights.dots(5e9, 2_000), []);
});

test("a lost one comes half of the way, falls, and is gone", () => {
  const flights = new Flights();
  flights.add([hop({ lost: true })], 0, 0, SLOW);
  assert.deepEqual(flights.dots(5e6, 0)[0]?.progress, 0.25);
  const fallen = flights.dots(15e6, 0)[0];
  assert.equal(fallen?.progress, 0.5);
  assert.equal(fallen?.falling, 0.5);
  assert.deepEqual(flights.dots(20e6, 0), []);
});

test("while time stands packets stand, and a step glides to its end", () => {
  const flights = new Flights();
  flights.add([hop()], 0, 0, 0);
  assert.equal(flights.dots(0, 60_000)[0]?.progress, 0);
  let shown = 0;
  for (let step = 0; step < 200; step += 1) {
    const next = glide(shown, 10e6, 16, true);
    assert.ok(next >= shown);
    shown = next;
  }
  assert.equal(shown, 10e6);
});

test("time that goes on, or goes back, does not glide", () => {
  assert.equal(glide(0, 10e6, 16, false), 10e6);
  assert.equal(glide(10e6, 2e6, 16, true), 2e6);
});

test("many are gathered, none is lost in the count", () => {
  const flights = new Flights();
  const hops = Array.from({ length: 1_000 }, (_, at) => hop({ packetId: at, leftNs: at * 1e3 }));
  flights.add(hops, 1e6, 0, SLOW);
  const dots = flights.dots(2e6, 0);
  assert.ok(dots.length <= 20, String(dots.length));
  assert.equal(
    dots.reduce((sum, { count }) => sum + count, 0),
    1_000,
  );
  assert.deepEqual(gather([]), []);
});

test("the number of flights is bounded", () => {
  const flights = new Flights();
  for (let at = 0; at < 100; at += 1)
    flights.add(
      Array.from({ length: 300 }, () => hop()),
      0,
      0,
      SLOW,
    );
  assert.ok(flights.size <= 3_000);
});

test("what belongs to a future that was left is forgotten", () => {
  const flights = new Flights();
  flights.add([hop({ leftNs: 10e9, arrivesNs: 10.01e9 })], 10e9, 0, SLOW);
  flights.dots(1e9, 0);
  assert.equal(flights.size, 0);
});
