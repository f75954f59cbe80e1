/** The server against written dialogues, and against anything at all in each of its states. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { HamletError, type Task } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { playTranscript } from "../../net/testing/transcript.ts";
import { servePop3 } from "./server.ts";
import { TestMaildrops } from "./testing/maildrops.ts";

const folder = new URL("transcripts/", import.meta.url);

for (const file of readdirSync(folder).sort()) {
  test(`dialogue ${file}`, () => {
    const maildrops = new TestMaildrops();
    playTranscript(
      new URL(file, folder),
      ({ clock }) =>
        (connection) =>
          servePop3(connection, { clock }, maildrops),
    );
    assert.equal(maildrops.contents.size, file === "textbook.txt" ? 0 : 2, "only QUIT deletes");
    assert.equal(maildrops.locked, false, "the lock is given back");
  });
}

test("a wrong password costs time", () => {
  const world = new MemoryWorld();
  assert.ok(converse(world, "USER bob\r\nPASS x\r\n", {}).some((line) => line.startsWith("-ERR [AUTH]")));
  assert.ok(world.clock.nowNs() >= 2e9);
});

test("capabilities that are switched off are neither announced nor served", () => {
  const input = "CAPA\r\nUSER bob\r\nPASS hungry\r\nUIDL\r\nQUIT\r\n";
  const lines = converse(new MemoryWorld(), input, { withoutCapabilities: ["UIDL"] });
  assert.ok(!lines.includes("UIDL") && lines.includes("TOP"));
  assert.equal(lines.at(-2), "-ERR unknown command");
});

const piece = fc.oneof(
  fc.constantFrom(
    "USER bob\r\n",
    "PASS hungry\r\n",
    "STAT\r\n",
    "LIST\r\n",
    "UIDL 1\r\n",
    "RETR 2\r\n",
    "TOP 1 1\r\n",
  ),
  fc.constantFrom(
    "DELE 1\r\n",
    "RSET\r\n",
    "QUIT\r\n",
    "\r\n",
    "\n",
    "\r",
    " ",
    "-1",
    "99999999999",
    "x".repeat(300),
  ),
  fc.string({ unit: "binary-ascii", maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }).map((octets) => String.fromCharCode(...octets)),
);
const states = {
  AUTHORIZATION: "",
  "AUTHORIZATION after USER": "USER bob\r\n",
  TRANSACTION: "USER bob\r\nPASS hungry\r\n",
};

for (const [state, head] of Object.entries(states)) {
  test(`whatever comes in the state ${state}, the server answers or closes, and gives the lock back`, () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const lines = converse(new MemoryWorld(), head + pieces.join(""), {});
        assert.equal(lines[0], "+OK POP3 server ready");
      }),
      { numRuns: 80 },
    );
  });
}

/** Sends all at once and ends; returns the server's lines and checks that it leaves nothing behind. */
function converse(
  world: MemoryWorld,
  input: string,
  options: { withoutCapabilities?: readonly "UIDL"[] },
): string[] {
  const maildrops = new TestMaildrops();
  const [client, server] = world.connectionPair(1 << 20);
  const lines: string[] = [];
  const handle = world.spawn(
    "server",
    (function* (): Task {
      try {
        yield* servePop3(server, { clock: world.clock, ...options }, maildrops);
      } catch (error) {
        if (!(error instanceof HamletError)) throw error;
      } finally {
        server.close();
      }
    })(),
  );
  world.run(
    (function* (): Task {
      yield* client.write(input, 1000);
      client.end();
      try {
        for (;;) {
          const line = yield* client.readLine({ max: 2000, timeoutMs: 10_000 });
          if (line === null) break;
          lines.push(line);
        }
      } catch (error) {
        if (!(error instanceof HamletError)) throw error;
      }
      client.abort();
    })(),
  );
  world.runUntilIdle();
  assert.ok(handle.done, "the server goes on without a client");
  assert.equal(maildrops.locked, false);
  return lines;
}
