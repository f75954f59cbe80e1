/** Dialogues of what is no talk: the content of a file, streams of datagrams, the meter's words beside its octets. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { messageLength } from "../protocols/meter/wire.ts";
import { dialoguesOf } from "./index.ts";
import { Exchange } from "./testing/exchange.ts";

test("the content of a file is counted, its beginning and its checksum are said", () => {
  const digest = `SHA-256 ${"0123456789abcdef".repeat(4)}`;
  for (const end of ["\n", ""]) {
    const content = `a rose\nis a rose${end}`;
    const exchange = new Exchange(12_001).open().send("client", "/stream 0 - poem\n");
    exchange.send("server", `200 ${content.length} 0 v1\n`).send("server", content.slice(0, 9));
    exchange.send("server", `${content.slice(9)}${digest}\n`).close();
    assert.deepEqual(linesOf(exchange).slice(1, 5), [
      "client: /stream 0 - poem",
      `server: 200 ${content.length} 0 v1`,
      `server: (${content.length} octets of content)`,
      `server: ${digest}`,
    ]);
  }
  const broken = new Exchange(12_001).open().send("server", "200 9000 0 v1\n").send("server", "abc\nde");
  assert.deepEqual(linesOf(broken).slice(1), ["server: 200 9000 0 v1", "server: (6 octets of content)"]);
});

test("the meter's words are told from its octets", () => {
  const cookie = `${"a".repeat(36)}\0`;
  const exchange = new Exchange(5201)
    .open()
    .send("client", cookie.slice(0, 10))
    .send("client", cookie.slice(10));
  exchange.send("server", "\x09").send("client", "\0\0\0\x02{}").send("server", "\x48\x0a");
  exchange.send("client", "\0".repeat(1000));
  assert.deepEqual(linesOf(exchange).slice(1), [
    `client: iperf3 cookie ${"a".repeat(36)}`,
    "server: iperf3 PARAM_EXCHANGE",
    "client: iperf3 JSON, 2 octets",
    "server: iperf3 ROUND_TRIPS_OFFERED",
    "server: iperf3 CREATE_STREAMS",
    "client: iperf3 data, 1000 octets",
  ]);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
      const length = messageLength(bytes);
      assert.ok(length === undefined || (length > 0 && length <= bytes.length), `${length}`);
    }),
  );
});

test("in brief, messages in a row are counted, and after enough of them all", () => {
  const inARow = new Exchange(5201).open();
  for (let i = 0; i < 100; i++) inARow.send("server", "\0".repeat(1000));
  inARow.send("client", "\x04");
  assert.equal(linesOf(inARow).length, 1 + 100 + 1);
  assert.deepEqual(linesOf(inARow, true).slice(1), [
    ...Array.from({ length: 4 }, () => "server: iperf3 data, 1000 octets"),
    "server: (96 more, 96000 octets)",
    "client: iperf3 TEST_END",
  ]);
  const inTurns = new Exchange(5201).open();
  for (let i = 0; i < 50; i++) inTurns.send("client", "\0\0").send("server", "\0\0");
  const lines = linesOf(inTurns, true);
  assert.equal(lines.length, 1 + 16 + 1);
  assert.equal(lines.at(-1), "note: (84 more, 168 octets)");
});

function linesOf(exchange: Exchange, isBrief = false): string[] {
  const [dialogue] = dialoguesOf(exchange.packets, { isBrief });
  return dialogue.lines.map(({ from, text }) => `${from}: ${text}`);
}
