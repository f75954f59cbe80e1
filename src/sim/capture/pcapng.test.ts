/** Files: what is written is read again, the same every time; what is no capture is refused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import {
  type CaptureContents,
  type CapturedPacket,
  hostNamesOf,
  readPcapng,
  streamPcapng,
  writePcapng,
} from "./index.ts";

const interfaces = [
  {
    id: 3,
    hostName: "pc.crepes.fr",
    name: "eth0",
    mac: "02:00:00:00:00:01",
    addresses: ["10.1.0.10", "2001:db8:1::10"],
  },
  { id: 7, hostName: "mail.hamburger.edu", name: "eth0", mac: "02:00:00:00:00:02", addresses: [] },
];

function contents(packets: readonly CapturedPacket[]): CaptureContents {
  return {
    startUnixMs: 1_700_000_000_123,
    interfaces,
    hostNames: hostNamesOf(interfaces),
    packets,
    lostCount: 0,
  };
}

function packet(number: number, changes: Partial<CapturedPacket> = {}): CapturedPacket {
  const bytes = Uint8Array.of(1, 2, 3, number);
  return {
    ...{ number, timeNs: number * 1_000_000_001, interfaceId: 3, kind: "origin", packetId: number },
    ...{ bytes, length: 4, comment: undefined, ...changes },
  };
}

test("a capture comes back from its file", () => {
  const packets = [
    packet(1, { comment: "why: RTO 1.2 s – é" }),
    packet(2, { interfaceId: 7, kind: "receive" }),
  ];
  const back = readPcapng(writePcapng(contents(packets), { comment: "town.yaml, seed 1" }));
  assert.equal(back.startUnixMs, 1_700_000_000_123);
  assert.equal(back.comment, "town.yaml, seed 1");
  assert.equal(back.application, "Hamlet");
  assert.deepEqual(
    back.interfaces,
    interfaces.map((one, id) => ({ ...one, id })),
  );
  assert.deepEqual(back.hostNames, hostNamesOf(interfaces));
  assert.deepEqual(
    back.packets,
    packets.map((one) => ({ ...one, interfaceId: one.interfaceId === 3 ? 0 : 1 })),
  );
});

test("any packets come back, and the same capture gives the same octets", () => {
  const some = fc.record({
    timeNs: fc.integer({ min: 0, max: 2 ** 50 }),
    bytes: fc.uint8Array({ maxLength: 90 }),
    comment: fc.option(fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }), { nil: undefined }),
    kind: fc.constantFrom("origin" as const, "receive" as const),
    packetId: fc.integer({ min: 0, max: 2 ** 52 }),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 20 }), (list) => {
      const packets = list.map((one, i) => packet(i + 1, { ...one, length: one.bytes.length }));
      const file = writePcapng(contents(packets));
      assert.deepEqual(file, writePcapng(contents(packets)));
      assert.equal(file.length % 4, 0);
      assert.deepEqual(
        readPcapng(file).packets,
        packets.map((one) => ({ ...one, interfaceId: 0 })),
      );
    }),
    { numRuns: 100 },
  );
});

test("a stream of pieces is the same file", () => {
  const packets = Array.from({ length: 3000 }, (_, i) =>
    packet(i + 1, { bytes: new Uint8Array(100), length: 100 }),
  );
  const pieces: Uint8Array[] = [];
  streamPcapng(contents(packets), (piece) => pieces.push(piece));
  assert.ok(pieces.length > 3);
  assert.deepEqual(Uint8Array.from(pieces.flatMap((piece) => [...piece])), writePcapng(contents(packets)));
});

test("a file of the other byte order, microseconds, and blocks that we do not know", () => {
  const little = new DataView(new ArrayBuffer(28 + 20 + 16 + 36));
  const words = [
    [0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28],
    [1, 20, 1, 0, 20],
    [0x0bad, 16, 0xdeadbeef, 16],
    [6, 36, 0, 0x0005_5d4a, 0x8000_0001, 2, 60, 0x0000_0201, 36],
  ].flat();
  for (const [i, word] of words.entries()) little.setUint32(4 * i, word, true);
  const { packets, startUnixMs } = readPcapng(new Uint8Array(little.buffer));
  const us = 0x0005_5d4a * 2 ** 32 + 0x8000_0001;
  assert.equal(startUnixMs, Math.floor(us / 1000));
  assert.equal(packets[0].timeNs, (us % 1000) * 1000);
  assert.deepEqual([packets[0].bytes, packets[0].length], [Uint8Array.of(1, 2), 60]);
});

test("what is no capture is refused with the place", () => {
  const good = writePcapng(contents([packet(1)]));
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /too short/],
    [new Uint8Array(64), /does not begin with a section header/],
    [good.subarray(0, good.length - 4), /cannot be|too few/],
    [good.map((octet, i) => (i === 8 ? 0 : octet)), /no byte-order magic/],
    [good.map((octet, i) => (i === 4 ? 0x7f : octet)), /its length \d+ cannot be/],
  ];
  for (const [file, message] of cases) {
    assert.throws(
      () => readPcapng(file),
      (error) => error instanceof FormatError && message.test(error.message),
    );
  }
});

test("a damaged file is read or refused, never anything else", () => {
  const good = writePcapng(contents([packet(1, { comment: "x" }), packet(2)]));
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(damage, fc.nat(good.length), (list, cut) => {
      const file = good.slice(0, cut % 3 === 0 ? cut : good.length);
      for (const [at, value] of list) if (at < file.length) file[at] = value;
      try {
        readPcapng(file);
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test("more packets than wanted are counted", () => {
  const file = writePcapng(contents([packet(1), packet(2), packet(3)]));
  const back = readPcapng(file, { packetsMax: 2 });
  assert.deepEqual([back.packets.length, back.lostCount], [2, 1]);
});
