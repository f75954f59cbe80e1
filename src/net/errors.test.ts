import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RemoteError } from "./index.ts";

test("what a peer said steers no terminal and fills no log; as it was said it is in `reply`", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 700 }), (said) => {
      const error = new RemoteError("refused", `192.0.2.1 says: ${said}`, { reply: said });
      assert.doesNotMatch(error.message, /\p{Cc}/u);
      assert.ok(error.message.length <= 501);
      assert.equal(error.reply, said);
    }),
  );
  assert.equal(new RemoteError("x", "says: a\x1b[2J\x9b1m\r\n").message, "says: a·[2J·1m");
});
