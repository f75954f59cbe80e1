import assert from "node:assert/strict";
import { test } from "node:test";
import { problemOfName } from "./file-name.ts";

test("names that a file can have, and why others cannot be", () => {
  assert.equal(problemOfName("poem 2.txt", ["poem.txt"]), undefined);
  assert.match(problemOfName("../x", []) ?? "", /no folders/);
  assert.match(problemOfName("poem.txt", ["poem.txt"]) ?? "", /There is a file/);
  for (const name of ["", "a\nb", "x".repeat(256)]) assert.match(problemOfName(name, []) ?? "", /1 to 255/);
});
