import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  barHeight,
  clampOffset,
  isAtEnd,
  isStuck,
  maxOffset,
  offsetToShow,
  type ScrollPlace,
  type ScrollSpace,
  scrolled,
  scrollTopOf,
  seenRows,
} from "./scroll-map.ts";

const SMALL: ScrollSpace = { rows: 1_000, rowHeight: 24, viewport: 480 };
const MILLION: ScrollSpace = { rows: 1_000_000, rowHeight: 24, viewport: 480 };
const LIMIT_OF_FIREFOX = 17_000_000;

/** A person with a wheel: the browser bounds what scrollTop can be, and the list sets the bar right where it is stuck. */
function wheel(space: ScrollSpace, place: ScrollPlace, by: number): ScrollPlace {
  const bar = barHeight(space) - space.viewport;
  const next = scrolled(space, place, Math.min(bar, Math.max(0, place.scrollTop + by)));
  return isStuck(space, next) ? { ...next, scrollTop: Math.round(scrollTopOf(space, next.offset)) } : next;
}

test("a short list scrolls as any other", () => {
  assert.deepEqual(scrolled(SMALL, { offset: 0, scrollTop: 0 }, 137), { offset: 137, scrollTop: 137 });
  assert.deepEqual(seenRows(SMALL, 137), { first: 5, end: 26 });
});

test("the bar of a million rows stays below what every browser allows, and reaches both ends", () => {
  assert.ok(barHeight(MILLION) < LIMIT_OF_FIREFOX);
  const bar = barHeight(MILLION) - MILLION.viewport;
  const end = scrolled(MILLION, { offset: 0, scrollTop: 0 }, bar);
  assert.deepEqual(seenRows(MILLION, end.offset), { first: 999_980, end: 1_000_000 });
  assert.equal(scrolled(MILLION, end, 0).offset, 0);
});

test("the wheel moves a million rows pixel by pixel", () => {
  const start: ScrollPlace = { offset: 12_000_000, scrollTop: scrollTopOf(MILLION, 12_000_000) };
  assert.equal(scrolled(MILLION, start, start.scrollTop + 100).offset, 12_000_100);
  assert.equal(scrolled(MILLION, start, start.scrollTop - 100).offset, 11_999_900);
});

test("the wheel reaches both ends of a million rows, from anywhere near them", () => {
  for (const offset of [200, 5_000, 60_000]) {
    // A movement beyond the end of the bar is lost, as with any list.
    const steps = (offset / 100) * 1.3 + 3;
    let place: ScrollPlace = { offset, scrollTop: Math.round(scrollTopOf(MILLION, offset)) };
    for (let i = 0; i < steps && place.offset > 0; i++) place = wheel(MILLION, place, -100);
    assert.equal(place.offset, 0, `up from ${offset}`);
    const end = maxOffset(MILLION);
    place = { offset: end - offset, scrollTop: Math.round(scrollTopOf(MILLION, end - offset)) };
    for (let i = 0; i < steps && place.offset < end; i++) place = wheel(MILLION, place, 100);
    assert.equal(place.offset, end, `down to the end from ${offset} before it`);
  }
});

test("a row is shown with as little movement as needed", () => {
  assert.equal(offsetToShow(SMALL, 240, 12), 240);
  assert.equal(offsetToShow(SMALL, 240, 9), 216);
  assert.equal(offsetToShow(SMALL, 240, 30), 264);
  assert.equal(offsetToShow(SMALL, 0, 500), 500 * 24 - 228);
  assert.equal(offsetToShow(SMALL, 0, 999), maxOffset(SMALL));
});

test("wherever one scrolls, the rows seen exist and the row asked for is seen", () => {
  const spaces = fc.record({
    rows: fc.integer({ min: 0, max: 5_000_000 }),
    rowHeight: fc.integer({ min: 16, max: 48 }),
    viewport: fc.integer({ min: 0, max: 2_000 }),
  });
  fc.assert(
    fc.property(spaces, fc.array(fc.integer({ min: 0, max: 4_000_000 })), fc.nat(), (space, tops, wanted) => {
      let place: ScrollPlace = { offset: 0, scrollTop: 0 };
      for (const top of tops) {
        place = scrolled(space, place, Math.min(top, Math.max(0, barHeight(space) - space.viewport)));
        const { first, end } = seenRows(space, place.offset);
        assert.ok(first >= 0 && first <= end && end <= space.rows);
        assert.equal(place.offset, clampOffset(space, place.offset));
      }
      if (space.rows === 0 || space.viewport < space.rowHeight) return;
      const index = wanted % space.rows;
      const shown = seenRows(space, offsetToShow(space, place.offset, index));
      assert.ok(shown.first <= index && index < shown.end);
      assert.ok(isAtEnd(space, maxOffset(space)));
    }),
  );
});
