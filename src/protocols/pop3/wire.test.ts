/** Commands, status lines and messages on the wire: cases of the standard, round trips, anything at all. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { fromByteString, toByteString } from "../../net/index.ts";
import {
  describeLine,
  emitCommand,
  emitMessage,
  emitStatus,
  MessageReader,
  parseCommand,
  parseStatus,
} from "./wire.ts";

test("commands in any case, arguments with spaces where they are text", () => {
  assert.deepEqual(parseCommand("pass  two words "), { keyword: "PASS", password: " two words " });
  assert.deepEqual(parseCommand("Top 1  20"), { keyword: "TOP", message: 1, lines: 20 });
  assert.deepEqual(parseCommand("LIST"), { keyword: "LIST", message: undefined });
  for (const line of [
    "",
    " USER x",
    "USER",
    "USER ",
    "QUIT now",
    "RETR",
    "RETR -1",
    "RETR 1e3",
    "TOP 1",
    "LIST 1 2",
    "USERbob",
  ]) {
    assert.throws(() => parseCommand(line), FormatError, line);
  }
});

test("status lines with and without response codes", () => {
  for (const status of [
    { ok: true, responseCode: undefined, text: "" },
    { ok: false, responseCode: "IN-USE", text: "wait" },
    { ok: false, responseCode: "SYS/TEMP", text: "" },
  ]) {
    assert.deepEqual(parseStatus(emitStatus(status).slice(0, -2)), status);
  }
  for (const line of ["", "OK", "+ok", "+OKAY", "-ERROR x", "+ OK"])
    assert.throws(() => parseStatus(line), FormatError, line);
});

test("whatever the line is, parsing gives a command that can be emitted again, or a FormatError", () => {
  const head = fc.constantFrom("", "USER ", "PASS ", "TOP ", "LIST ", "RETR ");
  fc.assert(
    fc.property(head, fc.string({ unit: "binary-ascii", maxLength: 20 }), (start, rest) => {
      describeLine(start + rest, "client");
      describeLine(start + rest, "server");
      for (const parse of [() => parseCommand(start + rest), () => parseStatus(start + rest)]) {
        try {
          const parsed = parse();
          if ("keyword" in parsed) assert.deepEqual(parseCommand(emitCommand(parsed)), parsed);
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test("a message is its lines with CRLF, leading dots doubled, and a lone dot", () => {
  const unit = fc.constantFrom(".", "a", "\r\n", "\n");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 20 }), (text) => {
      const wire = toByteString(emitMessage(fromByteString(text)));
      assert.ok(wire.endsWith(".\r\n"));
      const lines = wire.slice(0, -3).split("\r\n").slice(0, -1);
      const wanted = text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
      assert.deepEqual(
        lines.map((line) => line.replace(/^\.\./, ".")),
        wanted,
      );
      for (const line of lines) assert.notEqual(line, ".");
    }),
  );
});

test("a message is read as it was sent, however it is cut, and nothing behind its end", () => {
  const unit = fc.constantFrom(".", "a", "\r\n", "\n", "\r");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 20 }), fc.array(fc.nat({ max: 6 })), (text, pieces) => {
      const lines = text.split("\r\n").map((line) => `${line.startsWith(".") ? "." : ""}${line}\r\n`);
      const wire = fromByteString(`${lines.join("")}.\r\n+OK\r\n.\r\n`);
      const reader = new MessageReader();
      let start = 0;
      let isOver = false;
      // Ever more of the stream, as a connection shows it.
      for (let end = 0; !isOver; ) {
        end += pieces.shift() ?? 7;
        const scanned = reader.read(wire.subarray(start, end));
        start += scanned.used;
        isOver = scanned.isOver;
      }
      assert.equal(toByteString(reader.finish()), `${text}\r\n`);
      assert.equal(toByteString(wire.subarray(start)), "+OK\r\n.\r\n");
    }),
    { numRuns: 500 },
  );
});
