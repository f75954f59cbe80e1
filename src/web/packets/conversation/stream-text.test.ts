import assert from "node:assert/strict";
import { test } from "node:test";
import { type StreamPart, streamBlocks, streamText } from "./stream-text.ts";

const octets = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const PARTS: StreamPart[] = [
  { from: "server", timeNs: 1, octets: octets("220 mail.crepes.fr\r\n") },
  { from: "client", timeNs: 2, octets: octets("HELO pc\r\nMAIL FROM:<a@b>\r\n") },
  { from: "server", timeNs: 3, octets: octets("250 hello\r\n") },
];

test("text has a line per line, without an empty one at the end", () => {
  assert.equal(streamText(PARTS, "text"), "220 mail.crepes.fr\nHELO pc\nMAIL FROM:<a@b>\n250 hello");
});

test("a dump counts the octets of each side, and sets the server's apart", () => {
  const lines = streamText(PARTS, "hex").split("\n");
  assert.match(lines[0], /^ {4}00000000 {2}32 32 30/);
  assert.match(lines[2], /^00000000 {2}48 45 4c 4f/);
  assert.match(lines[4], /^ {4}00000014 {2}32 35 30/);
});

test("raw digits, and blocks of bounded length", () => {
  assert.equal(streamBlocks(PARTS, "raw")[2].text, "3235302068656c6c6f0d0a");
  const long = streamBlocks([{ from: "client", timeNs: 0, octets: octets("x\n".repeat(1000)) }], "text");
  assert.equal(long.length, 17);
  assert.ok(long.every(({ lines }) => lines <= 60));
});
