/** What is recorded, what is joined, and what the bounds do. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ETHERTYPE_IPV4, emitEthernet, emitIpv4 } from "../wire/index.ts";
import { atOrigin, Capture, everything, type FrameEvent, onInterfaces } from "./index.ts";

function event(packetId: number, changes: Partial<FrameEvent> = {}): FrameEvent {
  const bytes = Uint8Array.from({ length: 10 + (packetId % 7) }, (_, i) => (packetId + i) & 0xff);
  return {
    timeNs: packetId * 1000,
    kind: "origin",
    interfaceId: 0,
    packetId,
    bytes,
    reason: undefined,
    ...changes,
  };
}

test("each packet once, at its origin, with its fate", () => {
  const capture = new Capture({ interfaceName: (id) => `r${id} eth1` });
  capture.handleFrame(event(5, { reason: "retransmission timeout" }));
  capture.handleFrame(event(5, { kind: "forward", interfaceId: 1 }));
  capture.handleFrame(event(6));
  capture.handleFrame(event(5, { kind: "drop", interfaceId: 2, timeNs: 2_505_000, reason: "queue full" }));
  const [first, second] = [...capture.packets()];
  assert.equal(first.comment, "retransmission timeout; dropped at r2 eth1 after 2.5 ms: queue full");
  assert.deepEqual(first.bytes, event(5).bytes);
  assert.equal(second.comment, undefined);
  assert.equal(capture.length, 2);
  assert.deepEqual([first.number, second.number], [1, 2]);
});

test("fragments share their packet's number: only the one that was dropped says so", () => {
  const fragment = (offset: number, more: boolean): Uint8Array => {
    const frame = new Uint8Array(14 + 20 + 16);
    emitEthernet(frame, 0, { destination: 2, source: 1, etherType: ETHERTYPE_IPV4 });
    const addresses = { source: Uint8Array.of(10, 0, 0, 1), destination: Uint8Array.of(10, 0, 0, 2) };
    const header = { totalLength: 36, identification: 1, ttl: 64, protocol: 17, ...addresses };
    emitIpv4(frame, 14, { ...header, fragmentOffset: offset, moreFragments: more });
    return frame;
  };
  const capture = new Capture();
  const [first, second] = [fragment(0, true), fragment(16, false)];
  for (const bytes of [first, second]) capture.handleFrame(event(9, { bytes }));
  capture.handleFrame(event(9, { bytes: second, kind: "drop", reason: "lost" }));
  assert.deepEqual(
    [...capture.packets()].map(({ comment }) => comment),
    [undefined, "dropped at interface 0 after 0 ms: lost"],
  );
});

test("the recorded octets are a copy", () => {
  const capture = new Capture();
  const bytes = Uint8Array.of(1, 2, 3);
  capture.handleFrame(event(0, { bytes }));
  bytes.fill(0);
  assert.deepEqual(capture.get(1)?.bytes, Uint8Array.of(1, 2, 3));
});

test("by interface: what leaves and what arrives; everything: drops too", () => {
  const events = (["origin", "forward", "receive", "drop"] as const).flatMap((kind, i) => [
    event(i, { kind, interfaceId: 1 }),
    event(i, { kind, interfaceId: 2 }),
  ]);
  const kinds = (record: (event: FrameEvent) => boolean): (string | undefined)[] => {
    const capture = new Capture({ record });
    for (const one of events) capture.handleFrame(one);
    return [...capture.packets()].map(({ kind, interfaceId }) => `${kind} ${interfaceId}`);
  };
  assert.deepEqual(kinds(onInterfaces([2])), ["origin 2", "forward 2", "receive 2"]);
  assert.equal(kinds(everything).length, 8);
  assert.deepEqual(kinds(atOrigin), ["origin 1", "origin 2"]);
});

test("a full capture forgets the oldest, and says so", () => {
  const capture = new Capture({ packetsMax: 64 });
  for (let i = 0; i < 1000; i++) capture.handleFrame(event(i));
  assert.ok(capture.length <= 64 && capture.length > 48);
  assert.equal(capture.forgottenCount + capture.length, 1000);
  assert.equal(capture.get(1000)?.packetId, 999);
  assert.equal(capture.get(capture.firstNumber)?.packetId, capture.forgottenCount);
  assert.equal(capture.get(capture.forgottenCount), undefined);
  assert.match(
    capture.lossNotice ?? "",
    /^the oldest \d+ packets were dropped: the capture holds at most 64 packets/,
  );
});

test("or it takes no more, and says so", () => {
  const capture = new Capture({ octetsMax: 100, whenFull: "refuse" });
  for (let i = 0; i < 100; i++) capture.handleFrame(event(i));
  assert.equal(capture.length + capture.refusedCount, 100);
  assert.equal(capture.get(1)?.packetId, 0);
  assert.match(capture.lossNotice ?? "", /^the last \d+ packets were not recorded/);
});

test("whatever comes, the bounds hold and what is kept is the latest, whole and in order", () => {
  const sizes = fc.array(fc.tuple(fc.nat(120), fc.boolean()), { maxLength: 150 });
  fc.assert(
    fc.property(
      sizes,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 500 }),
      (list, packetsMax, octetsMax) => {
        const capture = new Capture({ packetsMax, octetsMax });
        const kept: FrameEvent[] = [];
        for (const [i, [size, isDrop]] of list.entries()) {
          const bytes = new Uint8Array(size).fill(i);
          const one = event(i, { bytes, kind: isDrop ? "drop" : "origin" });
          capture.handleFrame(one);
          if (!isDrop && size <= octetsMax) kept.push(one);
          assert.ok(capture.length <= packetsMax && capture.octets <= octetsMax);
        }
        const packets = [...capture.packets()];
        const latest = kept.slice(kept.length - packets.length);
        assert.deepEqual(
          packets.map(({ bytes, packetId }) => [packetId, bytes]),
          latest.map(({ bytes, packetId }) => [packetId, bytes]),
        );
        for (const packet of packets) assert.deepEqual(capture.get(packet.number), packet);
      },
    ),
    { numRuns: 200 },
  );
});
