import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { asCalled, programCall } from "./program-call.ts";

const clone = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

test("the program is called by the shortest path that leads to it", () => {
  assert.equal(programCall({}, clone), "./hamlet");
  assert.equal(programCall({}, join(clone, "networks")), "../hamlet");
  const far = join("/", ..."abcdefghijklmnopqrstuvwxyz", "far", "away");
  assert.equal(programCall({}, far), join(clone, "hamlet"));
});

test("it is plain hamlet where the PATH leads to this program, not where it leads to another", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hamlet-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [ours, other] = [join(folder, "ours"), join(folder, "other")];
  for (const each of [ours, other]) mkdirSync(each);
  symlinkSync(join(clone, "hamlet"), join(ours, "hamlet"));
  writeFileSync(join(other, "hamlet"), "");
  const path = (...folders: string[]) => ({ PATH: ["/nonexistent", ...folders].join(delimiter) });
  assert.equal(programCall(path(ours), clone), "hamlet");
  assert.equal(programCall(path(ours, other), clone), "hamlet");
  assert.equal(programCall(path(other, ours), clone), "./hamlet");
  assert.equal(programCall(path("."), clone), "./hamlet");
});

test("examples are written as they are typed", () => {
  assert.equal(asCalled("hamlet run ketchup", "../hamlet"), "../hamlet run ketchup");
  assert.equal(asCalled("printf x | hamlet echo", "../hamlet"), "printf x | hamlet echo");
});
