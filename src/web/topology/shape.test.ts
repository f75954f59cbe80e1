import assert from "node:assert/strict";
import { test } from "node:test";
import { shaped, shapeFor, unshaped } from "./shape.ts";

const broad = [
  { x: 0, y: 0 },
  { x: 1800, y: 400 },
];

test("a broad network is drawn higher in a narrow pane, never smaller, and as it is where it can be read", () => {
  const { x, y } = shapeFor(broad, { width: 360, height: 300 });
  assert.equal(x, 1);
  assert.ok(y > 2 && y <= 2.5);
  assert.deepEqual(shapeFor(broad, { width: 1900, height: 300 }).x > 1, true);
  assert.deepEqual(shapeFor(broad, { width: 2000, height: 1500 }), { x: 1, y: 1 });
  assert.deepEqual(shapeFor([], { width: 360, height: 300 }), { x: 1, y: 1 });
});

test("there and back", () => {
  const shape = { x: 1.25, y: 2 };
  assert.deepEqual(unshaped(shaped({ x: 40, y: 7 }, shape), shape), { x: 40, y: 7 });
});
