import assert from "node:assert/strict";
import { test } from "node:test";
import { base64OfBytes, base64OfText, bytesOf, textOf } from "./octets.ts";

test("octets to base64 and back, more than a call takes at once, too", () => {
  assert.deepEqual(bytesOf("AP+A"), Uint8Array.of(0, 255, 128));
  const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i * 31);
  assert.deepEqual(bytesOf(base64OfBytes(bytes)), bytes);
  assert.equal(textOf(base64OfText("Crêpes \u{1f95e}")), "Crêpes \u{1f95e}");
});
