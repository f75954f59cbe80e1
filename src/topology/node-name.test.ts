import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NetworkDocument } from "./edit/index.ts";
import { nodeNameProblem } from "./node-name.ts";

test("what a form says of a name is what the network file takes", () => {
  const right = ["a", "A", "_dmarc", "mail.crepes.fr", "a_b-c.d", "x".repeat(63), `${"x.".repeat(126)}x`];
  for (const name of right) assert.equal(nodeNameProblem(name), undefined, name);
  for (const [name, problem] of [
    ["bad name!", /^Letters, digits/],
    ["é", /^Letters, digits/],
    ["x".repeat(64), /63 characters/],
    [`${"x.".repeat(127)}x`, /253/],
    ["-a", /begins and ends/],
    ["a..b", /begins and ends/],
    ["a.", /begins and ends/],
  ] as const)
    assert.match(nodeNameProblem(name) ?? "", problem, name);
  const letters = fc.constantFrom("a", "Z", "9", ".", "-", "_", " ", "é", ":");
  fc.assert(
    fc.property(fc.string({ unit: letters, minLength: 1, maxLength: 70 }), (name) => {
      const document = new NetworkDocument("hamlet: 1\nname: Names\nhosts: {}\n", "names.yaml");
      const add = (): string => document.addNode("host", { name });
      if (nodeNameProblem(name) === undefined) assert.equal(add(), name);
      else assert.throws(add, /expected/);
    }),
  );
});
