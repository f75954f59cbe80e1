import assert from "node:assert/strict";
import { test } from "node:test";
import { markChanges } from "./changes.ts";

test("what is new or other is marked, each time anew; what stays keeps its mark", () => {
  const rows = (...stamps: string[]) => stamps.map((stamp, i) => ({ key: `k${i}`, stamp }));
  const first = markChanges(undefined, rows("1", "1"));
  assert.deepEqual([...first.marks], []);
  const second = markChanges(first, rows("2", "1", "1"));
  assert.deepEqual(
    [...second.marks],
    [
      ["k0", "a"],
      ["k2", "a"],
    ],
  );
  const third = markChanges(second, rows("3", "1"));
  assert.deepEqual([...third.marks], [["k0", "b"]]);
  assert.deepEqual([...markChanges(third, rows("3", "1")).marks], [["k0", "b"]]);
});
