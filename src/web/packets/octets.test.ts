import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName, readableText } from "./octets.ts";

test("octets are readable: line ends, controls, and what is no text", () => {
  assert.equal(readableText(Uint8Array.of(0x45, 0x48, 0x0d, 0x0a, 0x00, 0x09, 0x7f)), "EH\n\u2400\t\u2421");
  assert.equal(readableText(Uint8Array.of(0xff, 0x41)), "\ufffdA");
});

test("file names hold nothing that a file system minds", () => {
  assert.equal(fileName("SMTP", "pc.crepes.fr:49152 → mail:25", 3), "SMTP-pc.crepes.fr-49152-mail-25-3");
  assert.equal(fileName("../"), "hamlet");
});
