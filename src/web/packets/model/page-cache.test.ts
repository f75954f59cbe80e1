import assert from "node:assert/strict";
import { test } from "node:test";
import { PageCache } from "./page-cache.ts";

interface Asked {
  readonly from: number;
  readonly answer: (rows: readonly number[]) => void;
  readonly fail: () => void;
}

function setUp(total: number, pagesMax = 64) {
  const asked: Asked[] = [];
  const fetch = (from: number) =>
    new Promise<readonly number[]>((resolve, reject) => {
      asked.push({ from, answer: resolve, fail: () => reject(new Error("gone")) });
    });
  const clock = { nowMs: 0, changes: 0 };
  const onChange = () => void clock.changes++;
  const cache = new PageCache<number>({ fetch, onChange, nowMs: () => clock.nowMs, pageSize: 10, pagesMax });
  cache.changed(total);
  const answer = async (from: number, count = 10, offset = 0): Promise<void> => {
    const at = asked.findIndex((request) => request.from === from);
    assert.notEqual(at, -1, `nobody asked for ${from}`);
    const [request] = asked.splice(at, 1);
    request.answer(Array.from({ length: count }, (_, i) => from + i + offset));
    await settle();
  };
  return { cache, asked, fetch, clock, answer };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

test("what is looked at is asked first, then ahead in the direction of movement, three at a time", async () => {
  const { cache, asked, answer, clock } = setUp(1_000);
  cache.want(95, 115);
  assert.deepEqual(
    asked.map(({ from }) => from),
    [90, 100, 110],
  );
  assert.equal(cache.row(95), undefined);
  await answer(90);
  assert.equal(cache.row(95), 95);
  assert.equal(clock.changes, 1);
  assert.deepEqual(
    asked.map(({ from }) => from),
    [100, 110, 120],
  );
  cache.want(95, 115, false);
  await answer(100);
  assert.deepEqual(
    asked.map(({ from }) => from),
    [110, 120, 80],
  );
});

test("who drags past a thousand pages does not fetch them", async () => {
  const { cache, asked, answer } = setUp(100_000);
  for (let from = 0; from < 90_000; from += 500) cache.want(from, from + 20);
  assert.deepEqual(
    asked.map(({ from }) => from),
    [0, 10, 20],
  );
  await answer(0);
  assert.equal(asked.at(-1)?.from, 89_500);
});

test("no more pages are kept than the bound, and those looked at last stay", async () => {
  const { cache, answer } = setUp(1_000, 3);
  cache.want(0, 20);
  for (const from of [0, 10, 20]) await answer(from);
  assert.equal(cache.row(5), 5);
  cache.want(500, 501);
  for (const from of [500, 510, 490]) await answer(from);
  assert.equal(cache.pageCount, 3);
  assert.equal(cache.row(15), undefined);
  assert.equal(cache.row(505), 505);
});

test("a last page that can have more rows is asked again and shown meanwhile", async () => {
  const { cache, asked, answer } = setUp(4);
  cache.want(0, 4);
  await answer(0, 4);
  assert.equal(asked.length, 0);
  cache.changed(7);
  cache.want(0, 7);
  assert.equal(cache.row(3), 3);
  await answer(0, 7);
  assert.equal(cache.row(6), 6);
});

test("rows that may have changed are asked again, but not too often", async () => {
  const { cache, asked, answer, clock } = setUp(10);
  cache.want(0, 10);
  await answer(0);
  cache.changed(10);
  cache.want(0, 10);
  assert.equal(asked.length, 0);
  clock.nowMs = 800;
  cache.want(0, 10);
  assert.equal(cache.row(0), 0);
  await answer(0, 10, 1000);
  assert.equal(cache.row(0), 1000);
  clock.nowMs = 10_000;
  cache.want(0, 10);
  assert.equal(asked.length, 0, "nothing has changed since");
});

test("another list forgets the old one, also what was under way", async () => {
  const { cache, fetch, answer } = setUp(100);
  cache.want(0, 10);
  cache.reset(fetch, 50, { from: 10, rows: [77] });
  await answer(0);
  assert.equal(cache.row(0), undefined);
  assert.equal(cache.row(10), 77);
});

test("what failed is asked again by whoever still looks", async () => {
  const { cache, asked } = setUp(10);
  cache.want(0, 10);
  asked.shift()?.fail();
  await settle();
  cache.want(0, 10);
  assert.equal(asked.length, 1);
});
