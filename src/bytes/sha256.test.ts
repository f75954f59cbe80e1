import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { Sha256, sha256 } from "./index.ts";

test("SHA-256 is what others make of the same octets, in one piece or in several", () => {
  const octets = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(octets, fc.array(fc.nat({ max: 150 }), { maxLength: 8 }), (bytes, pieces) => {
      const expected = createHash("sha256").update(bytes).digest("hex");
      const hash = new Sha256();
      let at = 0;
      for (const length of pieces) hash.update(bytes.subarray(at, (at += length)));
      assert.equal(hexOf(hash.update(bytes.subarray(at)).digest()), expected);
      assert.equal(hexOf(sha256(bytes)), expected);
    }),
  );
});

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
