import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { packNetwork, ShareError, sharedCode, unpackNetwork } from "./share.ts";

test("any text comes out as it went in, through an address", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 2_000 }), async (text) => {
      const code = await packNetwork(text);
      assert.match(code, /^[A-Za-z0-9_-]*$/);
      assert.equal(await unpackNetwork(sharedCode(`#net=${code}`)!), text.toWellFormed());
    }),
    { numRuns: 30 },
  );
});

test("an address without a network has none", () => {
  assert.equal(sharedCode("#view=network"), undefined);
});

test("a link that would be too long is refused, with what to do instead", async () => {
  const noise = Array.from({ length: 30_000 }, (_, at) => ((at * 2_654_435_761) >>> 0).toString(36)).join("");
  await assert.rejects(packNetwork(noise), /Save the file/);
});

test("what unpacks to too much is stopped", async () => {
  const code = await packNetwork("a".repeat(4_100_000));
  assert.ok(code.length < 60_000);
  await assert.rejects(unpackNetwork(code), /too large/);
});

test("anything else is a clear error", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 200 }), async (code) => {
      await unpackNetwork(code).catch((error) => assert.ok(error instanceof ShareError, String(error)));
    }),
    { numRuns: 60 },
  );
  const whole = await packNetwork("hamlet: 1\nname: Test\n");
  await assert.rejects(unpackNetwork(whole.slice(0, -6)), /incomplete/);
});
