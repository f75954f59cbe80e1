import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { joinWords, splitWords } from "./words.ts";

test("words are split as a shell splits them", () => {
  assert.deepEqual(splitWords("mail send  --to bob@hamburger.edu"), [
    "mail",
    "send",
    "--to",
    "bob@hamburger.edu",
  ]);
  assert.deepEqual(splitWords(`a "b c" 'd "e"' f\\ g ""`), ["a", "b c", 'd "e"', "f g", ""]);
  assert.deepEqual(splitWords(`--subject="x y"z 'a\\b'`), ["--subject=x yz", "a\\b"]);
  assert.deepEqual(splitWords(" \t\n"), []);
});

test("a quotation without end is an error", () => {
  for (const line of ["'a", 'a "b', "a\\"])
    assert.throws(() => splitWords(line), { code: "bad-quoting" }, line);
});

test("what joinWords writes, splitWords reads", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => assert.deepEqual(splitWords(joinWords(words)), words)),
  );
});
