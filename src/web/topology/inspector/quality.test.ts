import assert from "node:assert/strict";
import { test } from "node:test";
import { meantValue, PRESETS, problemOf, QUALITY_FIELDS, shownValue, typedNumber } from "./quality.ts";

const quality = {
  delayMs: 10,
  jitterMs: 0,
  bandwidthBps: 56_000,
  queuePackets: 100,
  loss: 0.015,
  reorder: 0,
  duplicate: 0,
  corrupt: 0,
};
const field = (name: string) => QUALITY_FIELDS.find((it) => it.name === name)!;

test("values are shown in the units of people and meant in those of the contract", () => {
  const link = { forth: quality, back: { ...quality, delayMs: 20 } };
  assert.equal(shownValue(link, "forth", field("loss")), 1.5);
  assert.equal(shownValue(link, "both", field("bandwidthBps")), 0.056);
  assert.equal(shownValue(link, "both", field("delayMs")), undefined);
  assert.equal(shownValue(link, "back", field("delayMs")), 20);
  for (const each of QUALITY_FIELDS) {
    assert.equal(meantValue(shownValue(link, "forth", each)!, each), quality[each.name], each.name);
  }
});

test("what is out of bounds is not meant", () => {
  assert.equal(meantValue(101, field("loss")), undefined);
  assert.equal(meantValue(-1, field("delayMs")), undefined);
  assert.equal(meantValue(Number.NaN, field("delayMs")), undefined);
  assert.equal(meantValue(0, field("queuePackets")), undefined);
});

test("what is typed is a number within the bounds of its field, or what would be is said", () => {
  for (const text of ["150", "-5", "abc", "", "1 2", "Infinity", "0x", "5 %"])
    assert.equal(problemOf(text, field("loss")), "A number from 0 to 100", text);
  assert.equal(problemOf("1.5", field("queuePackets")), "A whole number from 1 to 1000000");
  assert.equal(problemOf(" 1.5 ", field("loss")), undefined);
  assert.equal(problemOf("1e3", field("delayMs")), undefined);
  assert.equal(typedNumber("1e3"), 1000);
});

test("each kind of line is within the bounds of its fields", () => {
  for (const preset of PRESETS) {
    for (const each of QUALITY_FIELDS) {
      const value = preset.quality[each.name];
      if (value !== undefined) assert.equal(meantValue(value / each.factor, each), value, preset.name);
    }
  }
});
