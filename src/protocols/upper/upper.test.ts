/** Upper-casing on the machine's own sockets, and what needs no network at all. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeUtf8 } from "../../bytes/index.ts";
import { anyCharacter } from "../../bytes/testing/any-character.ts";
import type { Connection } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { osHosts } from "../../os/testing/os-hosts.ts";
import { describe, emitRefusal, isRefusal, UpperCaser, upperCased, upperStream } from "./index.ts";
import { upperSuite } from "./testing/upper-suite.ts";

upperSuite("the operating system", osHosts);

test("well-formed text has the capitals of Unicode", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      assert.deepEqual(upperCased(encodeUtf8(text)), encodeUtf8(text.toUpperCase()));
    }),
  );
  assert.deepEqual(
    upperCased(encodeUtf8("grüß Gott, žluťoučký kůň")),
    encodeUtf8("GRÜSS GOTT, ŽLUŤOUČKÝ KŮŇ"),
  );
});

test("octets that are no character stay, and those around them have their capitals", () => {
  // "é" in Latin-1, a lone continuation, an overlong slash, a surrogate, half of a character at the end.
  const bytes = Uint8Array.of(0x61, 0xe9, 0x62, 0x80, 0xc0, 0xaf, 0x63, 0xed, 0xa0, 0x80, 0xc3, 0xa9, 0xc3);
  const capitals = Uint8Array.of(
    0x41,
    0xe9,
    0x42,
    0x80,
    0xc0,
    0xaf,
    0x43,
    0xed,
    0xa0,
    0x80,
    0xc3,
    0x89,
    0xc3,
  );
  assert.deepEqual(upperCased(bytes), capitals);
});

test("a stream may be cut anywhere: the same octets come out", () => {
  const octets = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: anyCharacter }).map(encodeUtf8),
  );
  fc.assert(
    fc.property(octets, fc.array(fc.nat(60), { maxLength: 8 }), (bytes, cuts) => {
      const caser = new UpperCaser();
      const out: number[] = [];
      let at = 0;
      for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
        out.push(...caser.take(bytes.subarray(at, Math.max(at, cut))));
        at = Math.max(at, cut);
        assert.ok(caser.rest().length <= 3);
      }
      out.push(...caser.rest());
      assert.deepEqual(out, [...upperCased(bytes)]);
    }),
  );
});

test("the server answers any octets in any pieces, and ends after the client has ended", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { maxLength: 8 }),
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
        assert.deepEqual(back, [...upperCased(Uint8Array.from(pieces.flatMap((piece) => [...piece])))]);
        assert.deepEqual(world.runner.liveNames(), []);
      },
    ),
  );
});

test("no capitals look like a refusal, and describe is one short line, whatever the octets", () => {
  assert.ok(isRefusal(emitRefusal(256)));
  assert.ok(!isRefusal(emitRefusal(256).toUpperCase()));
  assert.equal(describe(encodeUtf8("hi\n"), true), 'Text, 3 octets: "hi."');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), (bytes, fromClient) => {
      assert.match(describe(bytes, fromClient), /^[\x20-\x7e]{1,90}$/);
    }),
  );
});

function* serveOnce(connection: Connection) {
  yield* upperStream(connection, 1000);
  connection.end();
}

function* collect(connection: Connection, into: number[]) {
  for (let part = yield* connection.read(50, 1000); part !== null; part = yield* connection.read(50, 1000))
    into.push(...part);
}
