/** Echo on the machine's own sockets, and what needs no network at all. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { type Connection, mayAnswer } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { osHosts } from "../../os/testing/os-hosts.ts";
import { describe as describeBytes, echoStream, emitProbe, PROBE_SIZE_MIN, parseProbe } from "./index.ts";
import { echoSuite } from "./testing/echo-suite.ts";

echoSuite("the operating system", osHosts);

test("no answer goes to where another server may answer for ever", () => {
  const local = { address: "192.0.2.7", port: 7007 };
  // Echo, daytime, quote of the day, chargen, time, DNS: what CA-1996-01 warns of, and all of their kind.
  for (const port of [0, 7, 13, 17, 19, 37, 53, 1023]) {
    assert.equal(mayAnswer({ address: "203.0.113.1", port }, local), false, `port ${port}`);
  }
  assert.equal(mayAnswer({ address: "203.0.113.1", port: 7007 }, local), false, "another of our kind");
  assert.equal(mayAnswer({ address: "203.0.113.1", port: 1024 }, local), true);
  assert.equal(mayAnswer({ address: "2001:db8::1", port: 65_535 }, local), true);
});

test("whatever a client sends in whatever pieces comes back, and its end is answered with an end", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 64 }),
      (pieces, capacity) => {
        const world = new MemoryWorld();
        const [near, far] = world.connectionPair(capacity);
        world.spawn("server", serveOnce(far));
        const back: number[] = [];
        world.spawn("reader", collect(near, back));
        world.run(
          (function* () {
            for (const piece of pieces) yield* near.write(piece, 1000);
            near.end();
          })(),
        );
        world.runUntilIdle();
        assert.deepEqual(
          back,
          pieces.flatMap((piece) => [...piece]),
        );
        assert.deepEqual(world.runner.liveNames(), []);
      },
    ),
  );
});

test("probes survive the way there and back", () => {
  fc.assert(
    fc.property(
      uint32(),
      uint32(),
      fc.integer({ min: PROBE_SIZE_MIN, max: 3000 }),
      (identifier, sequence, size) => {
        const probe = { identifier, sequence, size };
        assert.deepEqual(parseProbe(emitProbe(probe)), probe);
      },
    ),
  );
  assert.throws(() => emitProbe({ identifier: 1, sequence: 1, size: PROBE_SIZE_MIN - 1 }), RangeError);
});

test("what is no probe is a FormatError, and a changed one is none any more", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      assert.throws(() => parseProbe(bytes), FormatError);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 12, max: 99 }), fc.integer({ min: 1, max: 255 }), (at, difference) => {
      const bytes = emitProbe({ identifier: 1, sequence: 2, size: 100 });
      bytes[at] ^= difference;
      assert.throws(() => parseProbe(bytes), { name: "FormatError", offset: at });
    }),
  );
});

test("describe is one short line of printable text, whatever the octets", () => {
  assert.equal(describeBytes(new Uint8Array([0x68, 0x69, 10])), 'Echo, 3 octets: "hi."');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      assert.match(describeBytes(bytes), /^[\x20-\x7e]{1,80}$/);
    }),
  );
});

function* serveOnce(connection: Connection) {
  yield* echoStream(connection, 1000);
  connection.end();
}

function* collect(connection: Connection, into: number[]) {
  for (;;) {
    const part = yield* connection.read(50, 1000);
    if (part === null) return;
    into.push(...part);
  }
}

function uint32() {
  return fc.integer({ min: 0, max: 2 ** 32 - 1 });
}
