import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TimeView } from "../../engine/protocol/index.ts";
import { formatDuration, formatTick, formatTime } from "./format.ts";
import { cluster, fromShare, niceAbove, ticks, toShare, wholeRange, zoom } from "./scale.ts";
import {
  formatSpeed,
  KEY_STEP,
  nextStop,
  positionOf,
  type Speed,
  STOPS,
  speedAt,
  speedTowards,
} from "./speed.ts";
import { VirtualClock } from "./virtual-clock.ts";

const view = (change: Partial<TimeView>): TimeView => ({
  labId: 1,
  nowNs: 0,
  steps: 0,
  paused: false,
  speed: 1,
  lagNs: 0,
  seed: 1,
  nextAtNs: undefined,
  horizonNs: 0,
  unrepeatable: 0,
  travelling: undefined,
  ...change,
});

test("each stop of the slider is found again where it stands", () => {
  for (const { speed } of STOPS) assert.equal(speedAt(positionOf(speed)), speed);
});

test("speeds are written as factors", () => {
  assert.equal(formatSpeed(0.1), "×1/10");
  assert.equal(formatSpeed(0.003), "×1/333");
  assert.equal(formatSpeed(20), "×20");
  assert.equal(formatSpeed(null), "as fast as possible");
});

test("brackets go from stop to stop and stay at the ends", () => {
  assert.equal(nextStop(0.3, 1), 1);
  assert.equal(nextStop(0.3, -1), 0.1);
  assert.equal(nextStop(1000, 1), null);
  assert.equal(nextStop(null, 1), null);
  assert.equal(nextStop(null, -1), 1000);
  assert.equal(nextStop(0.001, -1), 0.001);
});

test("times and durations", () => {
  assert.equal(formatTime(12_345_678), "0.012345 s");
  assert.equal(formatTime(3_723_456e6), "1:02:03.456");
  assert.equal(formatDuration(250e6), "250 ms");
  assert.equal(formatDuration(90e9), "1.5 min");
  assert.equal(formatDuration(12), "12 ns");
});

test("ticks that lie beside each other are told apart, in whatever detail", () => {
  assert.deepEqual(
    [0, 5e8, 1e9, 15e8].map((ns) => formatTick(ns, 5e8)),
    ["0", "500 ms", "1 s", "1.5 s"],
  );
  assert.deepEqual(
    [4e10, 6e10, 8e10, 36e11].map((ns) => formatTick(ns, 2e10)),
    ["40 s", "1:00", "1:20", "1:00:00"],
  );
  assert.deepEqual(
    [73_247e6, 73_248e6].map((ns) => formatTick(ns, 1e6)),
    ["1:13.247", "1:13.248"],
  );
  assert.equal(formatTick(12_345_678e3, 2e3), "12.345678 s");
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e13 }),
      fc.integer({ min: 1_000, max: 1e11 }),
      (startNs, lengthNs) => {
        const found = ticks({ startNs, endNs: startNs + lengthNs }, 10);
        const step = found.length > 1 ? found[1] - found[0] : 1;
        assert.equal(new Set(found.map((ns) => formatTick(ns, step))).size, found.length);
      },
    ),
  );
});

test("ticks are round and within the range", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e15 }), fc.integer({ min: 1, max: 20 }), (endNs, count) => {
      const range = wholeRange(endNs, 0);
      const found = ticks(range, count);
      assert.ok(found.length >= 1 && found.length <= count + 1, String(found.length));
      for (const tick of found) assert.ok(tick >= range.startNs && tick <= range.endNs);
    }),
  );
  assert.equal(niceAbove(3e6), 5e6);
  assert.equal(niceAbove(21e9), 30e9);
  assert.equal(niceAbove(40e9), 60e9, "no 50 s, 1:40, 2:30");
  assert.equal(niceAbove(61e9), 120e9);
});

test("an instant stands where it is read again", () => {
  const range = { startNs: 5e9, endNs: 9e9 };
  assert.equal(fromShare(toShare(6e9, range), range), 6e9);
  assert.equal(fromShare(-5, range), 0);
});

test("zooming keeps what is under the pointer, and ends at the whole", () => {
  const whole = { startNs: 0, endNs: 10e9 };
  const near = zoom(whole, 0.5, 0.3, whole);
  assert.ok(Math.abs(fromShare(0.3, near) - fromShare(0.3, whole)) <= 1);
  assert.deepEqual(zoom(near, 100, 0.5, whole), whole);
});

test("marks close to each other become one", () => {
  const marks = [{ timeNs: 1e9 }, { timeNs: 1.01e9 }, { timeNs: 5e9 }, { timeNs: 50e9 }];
  const clusters = cluster(marks, { startNs: 0, endNs: 10e9 }, 0.01);
  assert.deepEqual(
    clusters.map(({ members }) => members.length),
    [2, 1],
  );
});

test("the clock goes on at the chosen speed, and stands when paused", () => {
  const clock = new VirtualClock();
  clock.observe(view({ nowNs: 1e9, speed: 0.1 }), 1_000);
  assert.equal(clock.nowNs(1_100), 1e9 + 100 * 0.1 * 1e6);
  clock.observe(view({ nowNs: 2e9, paused: true }), 1_200);
  assert.equal(clock.nowNs(1_900), 2e9);
});

test("a machine that lags is believed, not its chosen speed", () => {
  const clock = new VirtualClock();
  clock.observe(view({ nowNs: 0, speed: 100, lagNs: 50e9 }), 0);
  clock.observe(view({ nowNs: 1e9, speed: 100, lagNs: 59e9 }), 100);
  assert.equal(clock.nowNs(150), 1.5e9);
});

test("as fast as possible: the clock never shows more than was told, and rests where the lab does", () => {
  const clock = new VirtualClock();
  clock.observe(view({ nowNs: 1e9, speed: null }), 0);
  clock.observe(view({ nowNs: 385e9, speed: null }), 50);
  for (const wallMs of [50, 60, 400, 120_000]) assert.equal(clock.nowNs(wallMs), 385e9);
  assert.equal(clock.pace, 384e9 / 50);
});

test("without news the clock soon stands", () => {
  const clock = new VirtualClock();
  clock.observe(view({ nowNs: 0, speed: 1 }), 0);
  assert.equal(clock.nowNs(60_000), 500e6);
});

test("a key on the speed's slider always moves it, one speed at a time, from end to end", () => {
  let speed: Speed = 0.001;
  const heard: Speed[] = [];
  for (let i = 0; i < 60 && speed !== null; i++) {
    const next = speedTowards(speed, positionOf(speed) + KEY_STEP);
    assert.notEqual(next, speed);
    speed = next;
    heard.push(speed);
  }
  assert.equal(speed, null);
  assert.deepEqual(heard.slice(-4), [500, 700, 1000, null]);
  assert.equal(speedTowards(1, positionOf(1) - KEY_STEP), 0.7);
  assert.equal(speedTowards(1, 2.01), 100, "dragged");
});
