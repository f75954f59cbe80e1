import assert from "node:assert/strict";
import { test } from "node:test";
import { contentOf, TEXT_MAX } from "./content.ts";

test("text, pictures and the rest", () => {
  assert.deepEqual(contentOf("a.txt", btoa("caf\u00c3\u00a9")), { kind: "text", text: "café" });
  assert.deepEqual(contentOf("new", ""), { kind: "text", text: "" });
  assert.deepEqual(contentOf("a.bin", btoa("\xff\xfe")), { kind: "octets", length: 2 });
  assert.deepEqual(contentOf("a.bin", btoa("a\0b")), { kind: "octets", length: 3 });
  const long = "a".repeat(TEXT_MAX + 1);
  assert.deepEqual(contentOf("long.txt", btoa(long)), { kind: "large", length: TEXT_MAX + 1 });
  assert.deepEqual(contentOf("long.bin", btoa(`${long}\0`)), { kind: "octets", length: TEXT_MAX + 2 });
  assert.deepEqual(contentOf("Cat.PNG", "AAAA"), { kind: "picture", url: "data:image/png;base64,AAAA" });
});
