/** RTP packets of RFC 3550, the listener's figures by hand and by chance. The call itself: test/scenarios/voice.test.ts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { describe, emitRtp, PCMU, parseRtp, Reception, type RtpPacket } from "./index.ts";

test("a packet as RFC 3550 section 5.1 draws it", () => {
  const octets = "8080 0007 000004b0 deadbeef 0102".replaceAll(" ", "");
  const packet = parseRtp(octetsOf(octets));
  assert.deepEqual(packet, {
    ...{ marker: true, payloadType: PCMU, sequence: 7, timestamp: 1200, source: 0xdeadbeef },
    ...{ contributing: [], payload: new Uint8Array([1, 2]) },
  });
  assert.equal(Buffer.from(emitRtp(packet)).toString("hex"), octets);
  assert.equal(describe(packet), "RTP PCMU, seq 7, timestamp 1200, 2 octets, mark");
});

test("padding, extension and contributing sources are not payload", () => {
  const octets = "b1 00 0001 00000002 00000003 00000004 beef 0001 aabbccdd 0507 0002".replaceAll(" ", "");
  const packet = parseRtp(octetsOf(octets));
  assert.deepEqual(packet.contributing, [4]);
  assert.deepEqual([...packet.payload], [5, 7]);
});

test("whatever is written is read again; whatever comes is read or refused", () => {
  const uint = (bits: number) => fc.nat(2 ** Math.min(bits, 31) - 1);
  const packets: fc.Arbitrary<RtpPacket> = fc.record(
    {
      ...{ marker: fc.boolean(), payloadType: uint(7), sequence: uint(16), timestamp: uint(32) },
      ...{ source: uint(32), contributing: fc.array(uint(32), { maxLength: 15 }) },
      payload: fc.uint8Array({ maxLength: 400 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(packets, (packet) => assert.deepEqual(parseRtp(emitRtp(packet)), packet)));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      try {
        describe(parseRtp(bytes));
      } catch (error) {
        assert.ok(error instanceof FormatError);
      }
    }),
  );
});

test("jitter is the running mean of RFC 3550 section 6.4.1", () => {
  const reception = new Reception({ playoutMs: 100 });
  // Spoken every 20 ms; the second is 16 ms late, the third in its place again.
  for (const [i, arrivedAtMs] of [0, 36, 40, 60].entries()) reception.handle(spoken(i), arrivedAtMs * 1e6);
  // 16/16 = 1; then + (16 - 1)/16; then - 1.9375/16.
  assert.equal(reception.jitterMs, 1.9375 - 1.9375 / 16);
  assert.equal(reception.jitterMaxMs, 1.9375);
  assert.equal(reception.late, 0);
});

test("late, twice, out of order, and over the end of the sequence numbers", () => {
  const reception = new Reception({ playoutMs: 50 });
  const places = [0, 1, 3, 2, 2, 5];
  const arrivals = [0, 20, 60, 61, 62, 151];
  for (const [i, place] of places.entries()) reception.handle(spoken(place, 0xfffe), arrivals[i] * 1e6);
  const { received, duplicates, reordered, late } = reception;
  assert.deepEqual(
    { received, duplicates, reordered, late },
    { received: 5, duplicates: 1, reordered: 1, late: 1 },
  );
});

test("a listener counts each packet once, in whatever order they come", () => {
  const order = fc.shuffledSubarray([...Array(200).keys()], { minLength: 1 });
  fc.assert(
    fc.property(order, fc.nat(0xffff), fc.nat(3), (places, first, again) => {
      const reception = new Reception({ playoutMs: 100 });
      for (const place of places)
        for (let i = 0; i <= again; i++) reception.handle(spoken(place, first), place * 20e6);
      assert.equal(reception.received, places.length);
      assert.equal(reception.duplicates, places.length * again);
    }),
  );
});

function octetsOf(digits: string): Uint8Array {
  return new Uint8Array(Buffer.from(digits, "hex"));
}

function spoken(place: number, first = 100): RtpPacket {
  const sequence = (first + place) & 0xffff;
  const rest = { marker: false, payloadType: PCMU, source: 1, contributing: [], payload: new Uint8Array(0) };
  return { ...rest, sequence, timestamp: (0xffff_ff00 + place * 160) >>> 0 };
}
