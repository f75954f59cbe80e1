import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatBandwidth,
  formatOctets,
  namesFitFrom,
  nearest,
  onLine,
  pointOn,
  visibleLine,
} from "./geometry.ts";

test("a link is visible between its symbols", () => {
  const [from, to] = visibleLine({ x: 0, y: 0 }, { x: 200, y: 0 });
  assert.deepEqual(
    [from, to],
    [
      { x: 25, y: 0 },
      { x: 175, y: 0 },
    ],
  );
  const [a, b] = visibleLine({ x: 0, y: 0 }, { x: 30, y: 0 });
  assert.deepEqual(a, b);
});

test("names fit as soon as those in one line do; lines apart never disturb each other", () => {
  const a = { name: "0123456789", x: 0, y: 0 };
  const beside = { name: "0123456789", x: 124, y: 0 };
  assert.equal(namesFitFrom([a], 10), 0);
  assert.equal(namesFitFrom([a, beside], 10), 0.5);
  assert.ok(namesFitFrom([a, { ...beside, y: 130 }], 10) <= 0.1);
  assert.equal(namesFitFrom([a, beside, { ...beside, x: 62 }], 10), 1);
});

test("packets keep to their side of the line", () => {
  const [a, b] = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ];
  assert.deepEqual(pointOn(a, b, 0.5, 4), { x: 50, y: 4 });
  assert.deepEqual(pointOn(b, a, 0.5, 4), { x: 50, y: -4 });
  assert.ok(Number.isFinite(pointOn(a, a, 0.5, 4).x));
});

test("the nearest is found within reach only", () => {
  const places = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
  ];
  assert.equal(
    nearest(places, (it) => it, { x: 7, y: 0 }, 5),
    places[1],
  );
  assert.equal(
    nearest(places, (it) => it, { x: 30, y: 0 }, 5),
    undefined,
  );
  assert.deepEqual(onLine({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 4, y: 9 }), { x: 4, y: 0 });
  assert.deepEqual(onLine({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: -4, y: 9 }), { x: 0, y: 0 });
});

test("sizes read well", () => {
  assert.equal(formatBandwidth(100e6), "100 Mbit/s");
  assert.equal(formatBandwidth(56_000), "56 kbit/s");
  assert.equal(formatOctets(1_234_567), "1.23 MB");
  assert.equal(formatOctets(7), "7 B");
});
