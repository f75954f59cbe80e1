/** What the console asks of a store, beside filters: views, details, streams, diagrams, tables, figures, files. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBase64 } from "../../bytes/index.ts";
import {
  dialoguesOf,
  dialogueText,
  hierarchyOf as hierarchyOfAll,
  packetRows,
  sequencesOf,
  sequenceText,
  summaryOf as summaryOfAll,
} from "../../dissect/index.ts";
import { Exchange } from "../../dissect/testing/exchange.ts";
import {
  arpFrame,
  CLIENT,
  captured,
  icmpFrame,
  octets,
  SERVER,
  tcpFrame,
} from "../../dissect/testing/frames.ts";
import type { LocalError } from "../../net/index.ts";
import { hostNamesOf, readPcapng, writePcapng } from "../../sim/capture/index.ts";
import {
  conversationsOf,
  detailOf,
  exportPiece,
  hierarchyLater,
  nextPacketOf,
  type PacketStore,
  PacketView,
  sequenceModel,
  sequenceOf,
  streamOf,
  summaryOf,
} from "./index.ts";
import {
  analyzed,
  bulk,
  datagrams,
  finish,
  lossy,
  never,
  packetAt,
  question,
  refusal,
  type run,
  storeOf,
} from "./testing/stores.ts";

test("rows are those of the packet list, with marks and conversations", () => {
  const { store, capture, world } = analyzed(question, { delayMs: 10, loss: 0.2 }, 4);
  const rows = finish(new PacketView(store, "")).rows(0, 1000);
  const names = new Map(hostNamesOf(world.interfaces).map(({ address, names: all }) => [address, all[0]]));
  const expected = [...packetRows(capture.packets(), names)];
  assert.equal(rows.length, expected.length);
  for (const [i, { context, ...theirs }] of expected.entries()) {
    const { mark, conversation, ...ours } = rows[i];
    assert.deepEqual(ours, theirs);
    assert.equal(conversation !== undefined, context.fromClient !== undefined);
  }
  const marks = new Set(rows.map(({ mark }) => mark));
  for (const mark of ["opens", "closes", "lost", "again"] as const) assert.ok(marks.has(mark), mark);
  assert.deepEqual(JSON.parse(JSON.stringify(rows))[0].info, rows[0].info);
});

test("a view grows in slices, follows what comes, and finds packets both ways", () => {
  const { packets } = new Exchange(25)
    .open()
    .send("server", "220 a\r\n")
    .send("client", "HELO b\r\n")
    .close();
  const store = storeOf(packets);
  const view = new PacketView(store, "tcp.dstport == 25");
  assert.deepEqual([view.length, view.state.scanned], [0, 0]);
  finish(view);
  const numbers = packets.filter((_, i) => view.find(i + 1) !== view.find(i + 2)).map(({ number }) => number);
  assert.equal(numbers.length, view.length);
  for (const [index, number] of numbers.entries()) {
    assert.equal(view.numberAt(index), number);
    assert.equal(view.find(number), index);
  }
  assert.equal(view.find(1000), view.length);
  assert.equal(view.numberAt(view.length), undefined);
  for (let i = 0; i < 5000; i++) store.handleFrame({ ...packetAt(packets[0].bytes, i), packetId: 100 + i });
  store.analyzeSome(never);
  let slices = 0;
  while (!view.advance(() => true)) slices++;
  assert.ok(slices >= 2, `${slices} slices`);
  assert.equal(view.length, numbers.length + 5000);
  assert.equal(view.state.scanned, store.length);
  assert.equal(view.rows(view.length - 3, 100).length, 3);
});

test("what is forgotten leaves the view, and the indexes of the rest move up", () => {
  const { packets } = new Exchange(25).open();
  const store = storeOf([], { packetsMax: 64 });
  const [all, some] = [new PacketView(store, ""), new PacketView(store, "frame.number > 30")];
  for (let i = 0; i < 200; i++) {
    store.handleFrame({ ...packetAt(packets[i % 3].bytes, i), packetId: i });
    if (i % 7 !== 0) continue;
    store.analyzeSome(never);
    for (const view of [all, some]) finish(view);
    assert.equal(all.length, store.length);
    assert.equal(all.numberAt(0), store.firstNumber);
    const first = Math.max(31, store.firstNumber);
    assert.equal(some.length, Math.max(0, store.lastNumber - first + 1));
    if (some.length > 0) assert.equal(some.rows(0, 1)[0].number, first);
    assert.equal(some.state.forgotten, store.forgottenCount);
  }
});

test("a packet that is lost after it was looked at comes into the view, and out of its opposite", () => {
  const store = storeOf([]);
  const lost = new PacketView(store, "lost");
  const rest = new PacketView(store, "not lost");
  const { packets } = new Exchange(25).open();
  for (let i = 0; i < 10; i++) store.handleFrame({ ...packetAt(packets[0].bytes, i), packetId: i });
  store.analyzeSome(never);
  for (const view of [lost, rest]) finish(view);
  assert.deepEqual([lost.length, rest.length], [0, 10]);
  for (const packetId of [7, 3])
    store.handleFrame({
      ...packetAt(packets[0].bytes, 99),
      packetId,
      kind: "drop",
      reason: "lost on the link",
    });
  for (const view of [lost, rest]) finish(view);
  assert.deepEqual([lost.numberAt(0), lost.numberAt(1), lost.length, rest.length], [4, 8, 2, 8]);
  for (let i = 0; i < 40_000; i++)
    store.handleFrame({ ...packetAt(packets[0].bytes, 99), packetId: i % 5, kind: "drop", reason: "again" });
  for (const view of [lost, rest]) finish(view);
  assert.deepEqual([lost.length, rest.length], [6, 4]);
});

test("a detail has octets, layers, the way, the neighbours in the conversation", () => {
  const { store, capture } = analyzed(question, { delayMs: 10 });
  const rows = finish(new PacketView(store, "tcp")).rows(0, 100);
  for (const [i, { number }] of rows.entries()) {
    const detail = detailOf(store, number);
    assert.deepEqual(decodeBase64(detail.bytes), capture.get(number)?.bytes);
    assert.deepEqual([detail.previous, detail.next], [rows[i - 1]?.number, rows[i + 1]?.number]);
    assert.deepEqual(detail.row, rows[i]);
    assert.deepEqual(
      detail.journey.map(({ kind }) => kind),
      ["origin", "forward", "receive"],
    );
    assert.deepEqual(
      new Set(detail.journey.map(({ node }) => node)),
      new Set(["client.test", "lan", "server.test"]),
    );
    assert.ok(detail.layers.every(({ fields }) => fields.every(({ start, end }) => start <= end)));
    assert.deepEqual(JSON.parse(JSON.stringify(detail)).row.number, number);
  }
  assert.throws(() => detailOf(store, 100_000), { code: "no-packet" } as Partial<LocalError>);
});

test("question and answer know each other, in every protocol that has them", () => {
  const { packets } = new Exchange(25)
    .open()
    .send("client", "HELO a\r\n")
    .send("server", "250 b\r\n")
    .ack("client")
    .close();
  const mail = storeOf(packets);
  const related = (store: PacketStore, number: number): string[] =>
    detailOf(store, number).related.map(({ text, number: other }) => `${text} ${other}`);
  assert.ok(related(mail, 4).includes("answered in packet 5"));
  assert.ok(related(mail, 4).includes("acknowledged in packet 5"));
  assert.ok(related(mail, 5).includes("answers packet 4"));
  const { store } = analyzed(datagrams);
  const rows = finish(new PacketView(store, "arp or udp")).rows(0, 100);
  const who = rows.find(({ info }) => info.startsWith("Who has 10.0.0.2"));
  assert.match(related(store, who?.number ?? 0).join(), /^answered in packet \d+$/);
  assert.match(
    related(store, rows.find(({ info }) => info.startsWith("Response"))?.number ?? 0).join(),
    /^answers packet/,
  );
  const cut = tcpFrame(CLIENT, SERVER, { sourcePort: 5, destinationPort: 25 });
  const frames = [
    ...[arpFrame(1), icmpFrame(CLIENT, SERVER, { type: 8, code: 0, rest: 7 }, octets("ping")), arpFrame(2)],
    ...[icmpFrame(SERVER, CLIENT, { type: 0, code: 0, rest: 7 }, octets("ping")), cut],
    icmpFrame(SERVER, CLIENT, { type: 11, code: 0, rest: 0 }, cut.subarray(14, 42)),
  ];
  const net = storeOf(captured(frames));
  assert.deepEqual(related(net, 2), ["answered in packet 4"]);
  assert.deepEqual(related(net, 4), ["answers packet 2"]);
  assert.deepEqual(related(net, 6), ["is about packet 5"]);
});

test("a segment that is sent again knows its first, and the first knows that", () => {
  const { store } = analyzed((a, b) => bulk(a, b, 100_000), { delayMs: 10, loss: 0.1 }, 3);
  const again = finish(new PacketView(store, "tcp.analysis.retransmission and tcp.len > 0")).rows(0, 1)[0];
  const first = detailOf(store, again.number).related.find(({ text }) => text === "sends again packet");
  assert.ok(first);
  const back = detailOf(store, first.number).related.find(({ text }) => text === "sent again in packet");
  assert.equal(back?.number, again.number);
});

test("a stream has the octets of both sides, whatever the line does, and the dialogue", () => {
  const { store, capture } = analyzed((a, b) => bulk(a, b, 60_000), { ...lossy, reorder: 0.1 }, 7);
  const stream = streamOf(store, 1);
  const length = (from: string): number =>
    stream.parts
      .filter((part) => part.from === from)
      .reduce((sum, part) => sum + (decodeBase64(part.octets)?.length ?? 0), 0);
  assert.deepEqual([length("client"), length("server"), stream.omitted], [60_000, 0, 0]);
  const part = streamOf(store, 1, { from: 10_000, octetsMax: 5000 });
  assert.equal(
    part.parts.reduce((sum, each) => sum + (decodeBase64(each.octets)?.length ?? 0), 0),
    5000,
  );
  assert.ok(
    part.omitted >= 60_000 - 15_000 - 3000 && part.omitted <= 60_000 - 15_000 + 3000,
    `${part.omitted}`,
  );
  const { store: asked, capture: theirs, world } = analyzed(question, lossy, 2);
  const names = new Map(hostNamesOf(world.interfaces).map(({ address, names: all }) => [address, all[0]]));
  assert.equal(streamOf(asked, 1).dialogue, dialogueText(dialoguesOf(theirs.packets())[0], names));
  assert.throws(() => streamOf(store, 99), { code: "no-conversation" } as Partial<LocalError>);
  assert.ok(capture.length > 0);
});

for (const [name, scene] of [
  ["question", question],
  ["datagrams", datagrams],
  ["refusal", refusal],
  ["bulk", (a, b) => bulk(a, b, 500_000)],
] as [string, Parameters<typeof run>[0]][])
  test(`the diagram of ${name} is the one that is made of the whole capture`, () => {
    const { store, capture, journal, world } = analyzed(scene, { delayMs: 10, loss: 0.02 }, 4);
    const names = new Map(hostNamesOf(world.interfaces).map(({ address, names: all }) => [address, all[0]]));
    const source = { packets: capture.packets(), journal, interfaces: world.interfaces, names };
    const all = sequencesOf(source);
    for (const [i, theirs] of all.entries()) {
      assert.equal(sequenceOf(store, i + 1).text, sequenceText(theirs));
      assert.deepEqual(sequenceModel(store, i + 1).events, theirs.events);
    }
    assert.match(sequenceOf(store, 1).svg, /^<svg /);
  });

test("hierarchy and figures are those of the capture", () => {
  for (const scene of [question, datagrams, refusal]) {
    const { store, capture } = analyzed(scene, lossy, 5);
    const answers: unknown[] = [];
    hierarchyLater(store, (hierarchy) => answers.push(hierarchy));
    while (!store.analyzeSome(() => true));
    const theirs = JSON.stringify(hierarchyOfAll(capture.packets())).replaceAll('"bytes"', '"octets"');
    assert.deepEqual(answers, [JSON.parse(theirs)]);
    const { bytes } = summaryOfAll(capture.packets());
    assert.equal(summaryOf(store).find(({ name }) => name === "Bytes")?.value, String(bytes));
  }
  assert.equal(summaryOf(storeOf([]))[0].value, "0");
});

test("conversations are sorted by any column, a page at a time", () => {
  const frames = Array.from({ length: 30 }, (_, i) =>
    tcpFrame(
      CLIENT,
      SERVER,
      { sourcePort: 1000 + ((i * 7) % 10), destinationPort: 25 },
      octets("x".repeat(i)),
    ),
  );
  const store = storeOf(captured(frames));
  const sorted = (sort: string, descending: boolean): number[] => {
    const page = conversationsOf(store, { from: 0, count: 100, sort, descending });
    assert.equal(page.total, 10);
    return page.rows.map((row) => row[sort as "octetsToServer"]);
  };
  for (const sort of [
    "octetsToServer",
    "startNs",
    "endNs",
    "packetsToClient",
    "client",
    "id",
    "application",
  ]) {
    const up = sorted(sort, false);
    assert.deepEqual(sorted(sort, true).map(String).sort(), up.map(String).sort());
    assert.deepEqual(
      up,
      [...up].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
    );
  }
  assert.deepEqual(
    conversationsOf(store, { from: 8, count: 5 }).rows.map(({ id }) => id),
    [9, 10],
  );
});

test("what is exported is what the capture would be as a file", () => {
  const { store, capture, world } = analyzed((a, b) => bulk(a, b, 1_500_000), lossy, 8);
  const pieces: Uint8Array[] = [];
  for (let next: number | undefined; pieces.length === 0 || next !== undefined; ) {
    const piece = exportPiece(store, undefined, next);
    pieces.push(piece.octets);
    next = piece.next;
  }
  assert.ok(pieces.length > 1);
  const { startUnixMs, interfaces } = world;
  const hostNames = hostNamesOf(interfaces);
  const whole = writePcapng({ startUnixMs, interfaces, hostNames, packets: capture.packets(), lostCount: 0 });
  const [ours, theirs] = [readPcapng(Buffer.concat(pieces)), readPcapng(whole)];
  assert.deepEqual(ours.interfaces, theirs.interfaces);
  assert.deepEqual(ours.packets, theirs.packets);
  const view = finish(new PacketView(store, "lost"));
  const some = readPcapng(exportPiece(store, view).octets);
  assert.equal(some.packets.length, view.length);
  assert.ok(some.packets.every(({ comment }) => comment?.includes("dropped at")));
});

test("waiting for the next packet of a filter", () => {
  const { packets } = new Exchange(25).open().send("server", "220 a\r\n");
  const store = storeOf(packets);
  const isThere = nextPacketOf(store, "smtp");
  assert.equal(isThere(), false);
  store.handleFrame({ ...packetAt(packets[0].bytes, 1), packetId: 100 });
  assert.equal(isThere(), false);
  store.handleFrame({ ...packetAt(packets[3].bytes, 2), packetId: 101 });
  assert.equal(isThere(), false, "a retransmission is not SMTP again");
  const more = new Exchange(25)
    .open()
    .send("server", "220 a\r\n")
    .send("client", "HELO b\r\n")
    .packets.at(-1);
  store.handleFrame({ ...packetAt(more?.bytes ?? new Uint8Array(0), 3), packetId: 102 });
  assert.equal(isThere(), true);
});
