import assert from "node:assert/strict";
import { test } from "node:test";
import { clockText, octetsText, secondsText, spanText, timeText } from "./time-text.ts";

const startUnixMs = Date.UTC(2026, 0, 1, 9, 30, 0);

test("time since the start, since the row before, and of day", () => {
  assert.equal(timeText({ format: "start", startUnixMs }, 1_234_567_890, null), "1.234568");
  assert.equal(timeText({ format: "previous", startUnixMs }, 5e9, 3e9), "2.000000");
  assert.equal(timeText({ format: "previous", startUnixMs }, 5e9, null), "0.000000");
  assert.equal(timeText({ format: "previous", startUnixMs }, 5e9, undefined), "");
  assert.equal(timeText({ format: "clock", startUnixMs }, 61_000_042_000, null), "09:31:01.000042");
});

test("the time of day carries over, and its start may lie between two seconds", () => {
  assert.equal(clockText(startUnixMs, 999_999_999), "09:30:01.000000");
  assert.equal(clockText(startUnixMs + 750, 500e6), "09:30:01.250000");
});

test("spans and octets as one reads them", () => {
  assert.equal(secondsText(0), "0.000000");
  assert.equal(spanText(950), "950 ns");
  assert.equal(spanText(40_012_345), "40 ms");
  assert.equal(spanText(1_234_000), "1.23 ms");
  assert.equal(octetsText(999), "999 B");
  assert.equal(octetsText(1_460), "1.46 kB");
  assert.equal(octetsText(131_072_000), "131.1 MB");
});
