/** The store says the same as the capture, the analysis and the journal do, within its bounds, whatever comes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Analysis, dissect } from "../../dissect/index.ts";
import { datagrams as udp } from "../../dissect/testing/sequences.ts";
import { Capture, type FrameEvent } from "../../sim/capture/index.ts";
import { PacketStore } from "./index.ts";
import { bulk, never, question, run, storeOf } from "./testing/stores.ts";

const lossy = { delayMs: 10, loss: 0.05, duplicate: 0.02, reorder: 0.05 };

function event(packetId: number, changes: Partial<FrameEvent> = {}): FrameEvent {
  const bytes = Uint8Array.from({ length: 10 + (packetId % 7) }, (_, i) => (packetId + i) & 0xff);
  return {
    ...{ timeNs: packetId * 1000, kind: "origin", interfaceId: 0, packetId, bytes, reason: undefined },
    ...changes,
  };
}

test("every packet has the context that the analysis gave it, and the comment of the capture", () => {
  const { store, capture } = run((a, b) => bulk(a, b, 800_000), lossy, 3);
  let slices = 0;
  while (!store.analyzeSome(() => true)) slices++;
  assert.ok(slices > 3);
  const analysis = new Analysis();
  const labels = new Set<string>();
  for (const packet of capture.packets()) {
    const analyzed = analysis.handle(packet);
    assert.deepEqual(store.packet(packet.number), packet);
    assert.deepEqual(store.context(packet.number), analyzed.context);
    assert.deepEqual(store.analyzed(packet.number)?.flow, analyzed.flow);
    for (const label of analyzed.context.tcp?.labels ?? []) labels.add(label.replace(/ \d+#\d+$/, ""));
  }
  assert.ok(
    labels.has("TCP Dup ACK") && [...labels].some((label) => label.endsWith("Retransmission")),
    [...labels].join(),
  );
  assert.ok([...capture.packets()].some(({ comment }) => comment?.includes("dropped at")));
});

test("every packet's journey is that of the journal, with what was forwarded on the way", () => {
  const { store, capture, journal } = run(question, { delayMs: 10, loss: 0.2, duplicate: 0.2 }, 4);
  let forwarded = 0;
  let dropped = 0;
  for (const { number, packetId } of capture.packets()) {
    const [ours, theirs] = [store.journey(number), journal.journey(packetId as number)];
    const plain = (waypoints: readonly object[] | undefined): unknown[] =>
      (waypoints as { timeNs: number; interfaceId: number; reason?: string }[]).map(
        ({ timeNs, interfaceId, reason }) => [timeNs, interfaceId, reason],
      );
    assert.deepEqual(plain(ours?.arrivals), plain(theirs?.arrivals));
    assert.deepEqual(plain(ours?.drops), plain(theirs?.drops));
    const { events, isWhole } = store.events(number);
    assert.ok(isWhole);
    assert.ok(events.every(({ timeNs }, i) => i === 0 || timeNs >= events[i - 1].timeNs));
    forwarded += events.filter(({ kind }) => kind === "forward").length;
    dropped += events.filter(({ kind }) => kind === "drop").length;
  }
  assert.ok(forwarded > 0 && dropped > 0);
});

test("events and calls stand in one order: a packet leaves after the call that sends it", () => {
  const { store } = run(udp);
  const calls = store.calls.on(new Set(["client.test"])).filter(({ call }) => call === "sendto");
  assert.equal(calls.length, 2);
  const journeys = Array.from({ length: store.length }, (_, i) => store.journey(i + 1));
  const places = [...journeys.map((each) => each?.order), ...calls.map(({ startOrder }) => startOrder)];
  assert.equal(new Set(places).size, places.length);
});

test("when events are forgotten the losses are still told", () => {
  const { store, capture } = run((a, b) => bulk(a, b, 2_000_000), { ...lossy, delayMs: 5 }, 5, {
    eventsMax: 1,
  });
  const lost = [...capture.packets()].filter(({ comment }) => comment?.includes("dropped at"));
  const forgotten = lost.filter(({ number }) => !store.events(number).isWhole);
  assert.ok(forgotten.length > 0);
  for (const { number, comment } of forgotten) {
    assert.equal(store.packet(number)?.comment, comment);
    assert.ok((store.journey(number)?.drops.length ?? 0) > 0);
  }
});

test("whatever comes, in whatever order: the bounds hold, nothing is thrown, what is kept is the latest", () => {
  const some = fc.record({
    packetId: fc.oneof(fc.nat(60), fc.integer({ min: 0, max: 2 ** 52 })),
    kind: fc.constantFrom("origin" as const, "forward" as const, "receive" as const, "drop" as const),
    interfaceId: fc.nat(3),
    bytes: fc.uint8Array({ maxLength: 120 }),
    reason: fc.option(fc.string({ maxLength: 5 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.array(some, { maxLength: 200 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 800 }),
      fc.nat(3),
      (list, packetsMax, octetsMax, slice) => {
        const store = new PacketStore({ startUnixMs: 0, interfaces: () => [], packetsMax, octetsMax });
        const kept: FrameEvent[] = [];
        for (const [timeNs, changes] of list.entries()) {
          const one = event(changes.packetId, { ...changes, timeNs });
          store.handleFrame(one);
          if (one.kind === "origin" && one.bytes.length <= octetsMax) kept.push(one);
          assert.ok(store.length <= packetsMax && store.recorder.octets <= octetsMax);
          if (slice > 0 && timeNs % slice === 0) store.analyzeSome(() => true);
        }
        store.analyzeSome(never);
        assert.equal(store.forgottenCount + store.length, kept.length);
        for (const [i, one] of kept.slice(kept.length - store.length).entries()) {
          const packet = store.packet(store.firstNumber + i);
          assert.deepEqual(
            [packet?.packetId, packet?.bytes, packet?.timeNs],
            [one.packetId, one.bytes, one.timeNs],
          );
          store.journey(store.firstNumber + i);
        }
        assert.equal(store.packet(store.forgottenCount), undefined);
      },
    ),
    { numRuns: 200 },
  );
});

test("fragments share their packet's number: only the one that was dropped says so", () => {
  const { capture, store } = run(
    function* (a, b) {
      const there = yield* b.bind({ port: 7 });
      const here = yield* a.bind({ port: 0 });
      for (let i = 0; i < 20; i++) here.send(new Uint8Array(5000), { address: "10.0.0.2", port: 7 });
      yield* there.receive(1000);
    },
    { delayMs: 1, loss: 0.3 },
    2,
  );
  const comments = [...capture.packets()].map(({ number, comment }) => [
    comment,
    store.packet(number)?.comment,
  ]);
  assert.ok(comments.some(([comment]) => comment?.includes("dropped at")));
  for (const [theirs, ours] of comments) assert.equal(ours, theirs);
  const fragment = [...capture.packets()].findIndex(({ length }) => length > 1500) + 1;
  assert.ok(store.recorder.fragmentsWith(fragment).length >= 4);
});

test("a capture without a world is a store, too", () => {
  const capture = new Capture();
  for (let i = 0; i < 10; i++) capture.handleFrame(event(i));
  const store = storeOf(capture.packets());
  assert.equal(store.length, 10);
  const block = store.recorder.blockOf(3);
  assert.ok(block);
  assert.deepEqual(store.dissection(block, 2), dissect(event(2).bytes));
});
