import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hanging } from "./hanging.ts";

test("text that fits stays on its line; the rest hangs below its beginning", () => {
  assert.deepEqual(hanging("  --tcp  ", "over TCP", 80), ["  --tcp  over TCP"]);
  assert.deepEqual(hanging("ping  ", "ask a host whether it is there, and how long it takes", 36), [
    "ping  ask a host whether it is",
    "      there, and how long it takes",
  ]);
  assert.deepEqual(hanging("  -H, --header LINE  ", "a line of the header", 30), [
    "  -H, --header LINE",
    "      a line of the header",
  ]);
});

test("no word is broken or lost, and no line is wider than the terminal but by a word", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
  fc.assert(
    fc.property(fc.nat(30), words, fc.integer({ min: 20, max: 100 }), (lead, text, columns) => {
      const lines = hanging("x".repeat(lead), text.join(" "), columns);
      assert.deepEqual(lines.join(" ").slice(lead).trim().split(/ +/), text);
      assert.ok(lines.slice(lead > columns ? 1 : 0).every((line) => line.length <= columns));
    }),
  );
});
