import assert from "node:assert/strict";
import { test } from "node:test";
import { LeavingKeys } from "./leaving-keys.ts";

test("Tab leaves right after Escape, and only then", () => {
  assert.deepEqual(taken("Tab", "Escape", "Tab", "Tab"), ["Escape", "Tab"]);
  assert.deepEqual(taken("Escape", "Shift", "Tab"), ["Escape", "Tab"]);
  assert.deepEqual(taken("Escape", "l", "Tab"), ["Escape"]);
});

function taken(...names: string[]): string[] {
  const keys = new LeavingKeys();
  const none = { type: "keydown", ctrlKey: false, altKey: false, metaKey: false };
  return names.filter((key) => {
    keys.take({ ...none, type: "keyup", key });
    return keys.take({ ...none, key });
  });
}
