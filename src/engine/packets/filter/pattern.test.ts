/** Patterns that would take for ever are refused, or see less; the usual ones do what they always do. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { patternTest } from "./pattern.ts";

test("usual patterns match as ever", () => {
  for (const [pattern, text, fits] of [
    ["^(mail|rcpt)$", "RCPT", true],
    ["a.*b.*c", "xxaxxbxxc", true],
    ["[*+(|]{2}", "a(+b", true],
    ["\\(x+\\)", "(xxx)", true],
    ["(ab)+c", "ababc", true],
    ["(?:a|b)?c", "c", true],
    ["^\\d{1,3}\\.\\d{1,3}$", "10.255", true],
    ["(?<name>x)y", "xy", true],
    ["a+?b", "c", false],
  ] as const)
    assert.equal(patternTest(pattern, "is")(text), fits, pattern);
});

test("what could take for ever is refused", () => {
  for (const pattern of ["(a+)+$", "(a|a)*$", "((a?)b)*", "(?:x*)*y", "(a{1,9}){2,}", "(a)\\1", "((a|b)c)+"])
    assert.throws(() => patternTest(pattern, ""), /cannot be/, pattern);
  assert.throws(() => patternTest("a*b*c*d*", ""), /at most 3 times/);
  assert.throws(() => patternTest("a?".repeat(30) + "a".repeat(30), ""), /at most 8 times/);
});

test("whatever is let through comes to an end", () => {
  const part = fc.constantFrom(
    "a",
    ".",
    "(",
    ")",
    "|",
    "*",
    "+",
    "?",
    "{2,}",
    "[ab]",
    "(?:",
    "\\s",
    "b",
    "$",
    "{2}",
  );
  const text = `${"a".repeat(70_000)}!`;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      let test: (text: string) => boolean;
      try {
        test = patternTest(parts.join(""), "is");
      } catch {
        return;
      }
      // One that does not come to an end holds this up, too.
      assert.equal(typeof test(text), "boolean");
    }),
    { numRuns: 200 },
  );
});
