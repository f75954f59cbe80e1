import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder } from "./folder.ts";

test("folders are made level by level, for their owner alone, and again without harm", (t) => {
  const top = mkdtempSync(join(tmpdir(), "hamlet-"));
  t.after(() => rmSync(top, { recursive: true }));
  const deep = join(top, "a", "b", "c");
  makeFolder(deep);
  makeFolder(deep);
  for (const folder of [deep, join(top, "a")]) assert.equal(statSync(folder).mode & 0o777, 0o700);
  writeFileSync(join(top, "file"), "");
  symlinkSync(join(top, "nowhere"), join(top, "link"));
  assert.throws(() => makeFolder(join(top, "file")), { code: "EEXIST" });
  assert.throws(() => makeFolder(join(top, "file", "x")), { code: "ENOTDIR" });
  assert.throws(() => makeFolder(join(top, "link")), { code: "EEXIST" });
  assert.throws(() => makeFolder(join(top, "x".repeat(300))), { code: "ENAMETOOLONG" });
});

test("a file system that takes no folders is an error, not an endless loop", (t) => {
  if (!existsSync("/proc/self")) return t.skip("this system has no /proc");
  assert.throws(() => makeFolder("/proc/x"), REFUSED);
  assert.throws(() => makeFolder("/proc/x/y/z"), REFUSED);
});

const REFUSED = /\/proc takes no folders|permission denied|not permitted|read-only/;
