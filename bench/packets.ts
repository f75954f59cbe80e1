/**
 * The console's packets at size: a million of them from mail, name look-ups and transfers in a small simulated town.
 * `node --expose-gc bench/packets.ts [PACKETS]` prints what recording adds to a packet, what memory they take, how soon
 * rows come from any place, and how long filters look at all of them.
 */

import {
  conversationsOf,
  detailOf,
  exportPiece,
  hierarchyLater,
  PacketStore,
  PacketView,
  sequenceOf,
  streamOf,
} from "../src/engine/packets/index.ts";
import { type Connection, fromByteString, type Network, sleep, type Task } from "../src/net/index.ts";
import type { FrameEvent } from "../src/sim/capture/index.ts";
import { World } from "../src/sim/index.ts";

const PACKETS = Number(process.argv[2] ?? 1_000_000);
const PAIRS = 20;
const SLICE_MS = 10;
const LINE = { max: 1000, timeoutMs: 120_000 };
const WAIT_MS = 120_000;
const QUERY = "\x1a\x2b\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x09hamburger\x03edu\x00\x00\x0f\x00\x01";

// Once to warm up, and to know how long it is; then with and without.
const endNs = lengthOfRun();
const bareMs = busy(() => buildTown().runUntil(endNs));
const heard = buildTown();
heard.addTap({ handleFrame() {} });
const heardMs = busy(() => heard.runUntil(endNs));
const before = memory();
const world = buildTown();
const store = new PacketStore({ startUnixMs: world.startUnixMs, interfaces: () => world.interfaces });
world.addTap(store);
world.addCallTap(store);
const recordedMs = busy(() => world.runUntil(endNs));
const perPacket = (ms: number): string => `${((ms * 1e6) / store.length).toFixed(0)} ns per packet`;
print(
  `${store.length} packets, ${store.recorder.events.count} events, ${(endNs / 1e9).toFixed(1)} s of virtual time`,
);
print(`  the world alone      ${perPacket(bareMs)}`);
print(`  the recorder alone   ${recorderAlone()}`);
print(`  being heard adds     ${perPacket(heardMs - bareMs)}`);
print(`  recording adds       ${perPacket(recordedMs - heardMs)}, with its journey and the socket calls`);

const slices: number[] = [];
const analyzedMs = busy(() => inSlices((isOver) => store.analyzeSome(isOver), slices));
print(
  `  analysis             ${((analyzedMs * 1e6) / store.length).toFixed(0)} ns per packet, beside the packet path`,
);
const after = memory();
print(`  octets of frames     ${megabytes(store.recorder.octets)}`);
print(`  heap                 ${megabytes(after.heap - before.heap)}`);
print(`  array buffers        ${megabytes(after.buffers - before.buffers)}`);

const all = new PacketView(store, "");
all.advance(() => false);
let random = 1;
const anywhere = (): number => (random = (random * 48_271) % 2_147_483_647) % store.length;
for (let i = 0; i < 200; i++) all.rows(anywhere(), 50);
print(`  rows(any place, 50)  ${percentiles(() => all.rows(anywhere(), 50))}`);
print(`  detail(any packet)   ${percentiles(() => detailOf(store, store.firstNumber + anywhere()))}`);

print("filters over all packets");
for (const filter of [
  "tcp.port == 25",
  "ip.addr == 10.0.3.0/24",
  "smtp",
  "dns and not tcp",
  "tcp.analysis.retransmission",
  "lost or resent",
  'smtp contains "RCPT"',
  'host == "client3"',
  "client3",
]) {
  const view = new PacketView(store, filter);
  const own: number[] = [];
  const ms = busy(() => inSlices((isOver) => view.advance(isOver), own));
  print(`  ${filter.padEnd(28)} ${ms.toFixed(0).padStart(6)} ms, ${view.length} packets`);
  slices.push(...own);
}
print("the rest");
const { rows } = conversationsOf(store, { from: 0, count: 1, sort: "packetsToServer", descending: true });
print(
  `  conversations, sorted  ${busy(() => conversationsOf(store, { from: 0, count: 50, sort: "octetsToServer" })).toFixed(1)} ms`,
);
print(`  longest conversation   ${rows[0].packetsToServer + rows[0].packetsToClient} packets`);
print(`    as a stream          ${busy(() => streamOf(store, rows[0].id)).toFixed(1)} ms`);
print(`    as a diagram         ${busy(() => sequenceOf(store, rows[0].id)).toFixed(1)} ms`);
hierarchyLater(store, () => {});
print(
  `  hierarchy              ${busy(() => inSlices((isOver) => store.analyzeSome(isOver), slices)).toFixed(0)} ms in slices`,
);
print(
  `  hierarchy again        ${busy(() => hierarchyLater(store, () => {}) ?? store.analyzeSome(() => false)).toFixed(0)} ms`,
);
print(`  export, a piece        ${busy(() => exportPiece(store, undefined)).toFixed(1)} ms`);
slices.sort((a, b) => a - b);
print(
  `  slices of ${SLICE_MS} ms        ${slices[Math.floor(slices.length * 0.99)].toFixed(1)} ms at the 99th percentile, the longest ${(slices.at(-1) ?? 0).toFixed(1)} ms`,
);

/** The same events again and again into new stores: without what a world does to the caches and the heap. */
function recorderAlone(): string {
  const events: FrameEvent[] = [];
  const made = buildTown();
  made.addTap({ handleFrame: (event) => events.push(event) });
  made.runUntil(2e9);
  const packets = events.filter(({ kind }) => kind === "origin").length;
  const rounds = Array.from({ length: 15 }, () => {
    const fresh = new PacketStore({ startUnixMs: 0, interfaces: () => made.interfaces });
    return timed(() => {
      for (const event of events) fresh.handleFrame(event);
    });
  });
  const [median] = rounds.sort((a, b) => a - b).slice(7);
  const [perEvent, perPacket] = [events.length, packets].map((count) => ((median * 1e6) / count).toFixed(0));
  return `${perEvent} ns per event, ${perPacket} ns per packet`;
}

function lengthOfRun(): number {
  const made = buildTown();
  let packets = 0;
  made.addTap({
    handleFrame({ kind }) {
      if (kind === "origin") packets++;
    },
  });
  while (packets < PACKETS) made.runUntil(made.nowNs + 50e6);
  return made.nowNs;
}

/** Pairs of a client and a server at two switches with a router between them; some lines lose packets. */
function buildTown(): World {
  const made = new World({ seed: 1 });
  const router = made.addRouter("r1");
  const [near, far] = [made.addSwitch("near"), made.addSwitch("far")];
  const line = { delayMs: 2, bandwidthBps: 1e9, queuePackets: 1000 };
  made.connect(router.addInterface({ addresses: ["10.0.0.1/16"] }), near.addPort(), line);
  made.connect(router.addInterface({ addresses: ["10.1.0.1/16"] }), far.addPort(), { ...line, loss: 0.002 });
  const pairs = Array.from({ length: PAIRS }, (_, i) => {
    const [client, server] = [made.addHost(`client${i}`), made.addHost(`server${i}`)];
    made.connect(client.addInterface({ addresses: [`10.0.${1 + i}.2/16`] }), near.addPort(), line);
    made.connect(server.addInterface({ addresses: [`10.1.${1 + i}.2/16`] }), far.addPort(), line);
    return { client, server };
  });
  made.computeRoutes();
  for (const [i, { client, server }] of pairs.entries()) {
    const address = `10.1.${1 + i}.2`;
    server.network.spawn("mail server", receiveMail(server.network));
    server.network.spawn("name server", answerNames(server.network));
    server.network.spawn("sink", sink(server.network));
    client.network.spawn("mail", sendMail(client.network, address));
    client.network.spawn("names", askNames(client.network, address));
    if (i === 0) client.network.spawn("transfer", transfer(client.network, address));
  }
  return made;
}

function* sendMail(network: Network, address: string): Task {
  for (let i = 0; ; i++) {
    yield* sleep(network.clock, 5);
    const connection = yield* network.connect(address, 25, { timeoutMs: 60_000 });
    yield* connection.readLine(LINE);
    for (const command of [
      "EHLO crepes.fr",
      "MAIL FROM:<alice@crepes.fr>",
      "RCPT TO:<bob@hamburger.edu>",
      "DATA",
    ]) {
      yield* connection.write(`${command}\r\n`, WAIT_MS);
      yield* connection.readLine(LINE);
    }
    const body = "Do you like ketchup? How about pickles?\r\n".repeat(50);
    yield* connection.write(`Subject: mail ${i}\r\n\r\n${body}.\r\n`, WAIT_MS);
    yield* connection.readLine(LINE);
    yield* connection.write("QUIT\r\n", WAIT_MS);
    yield* connection.readLine(LINE);
    connection.close();
  }
}

function* receiveMail(network: Network): Task {
  const listener = yield* network.listen({ port: 25 });
  for (;;) network.spawn("dialogue", dialogue(yield* listener.accept()));
}

function* dialogue(connection: Connection): Task {
  yield* connection.write("220 hamburger.edu SMTP\r\n", WAIT_MS);
  for (let isContent = false; ; ) {
    const line = yield* connection.readLine(LINE);
    if (line === null || line === "QUIT") break;
    if (isContent && line !== ".") continue;
    isContent = line === "DATA";
    yield* connection.write(isContent ? "354 go ahead\r\n" : "250 fine\r\n", WAIT_MS);
  }
  yield* connection.write("221 closing\r\n", WAIT_MS);
  connection.close();
}

function* askNames(network: Network, address: string): Task {
  for (;;) {
    const socket = yield* network.bind({ port: 0 });
    for (let i = 0; i < 50; i++) {
      socket.send(fromByteString(QUERY), { address, port: 53 });
      yield* socket.receive(100);
    }
    socket.close();
  }
}

function* answerNames(network: Network): Task {
  const socket = yield* network.bind({ port: 53 });
  for (;;) {
    const datagram = yield* socket.receive(3_600_000);
    if (datagram !== undefined)
      socket.send(fromByteString(QUERY.replace("\x01\x00", "\x81\x80")), datagram.from);
  }
}

function* transfer(network: Network, address: string): Task {
  const connection = yield* network.connect(address, 9, { timeoutMs: WAIT_MS });
  const block = new Uint8Array(64 * 1024);
  for (;;) {
    yield* connection.write(block, Number.POSITIVE_INFINITY);
    yield* sleep(network.clock, 20);
  }
}

function* sink(network: Network): Task {
  const listener = yield* network.listen({ port: 9 });
  const connection = yield* listener.accept();
  while ((yield* connection.read(65_536, Number.POSITIVE_INFINITY)) !== null);
}

/** Runs to the end in slices, and notes how long each took. */
function inSlices(work: (isOver: () => boolean) => boolean, lengths: number[]): void {
  for (;;) {
    const startedAt = performance.now();
    let isDone = false;
    lengths.push(
      busy(() => {
        isDone = work(() => performance.now() - startedAt >= SLICE_MS);
      }),
    );
    if (isDone) return;
  }
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

/** Milliseconds that the thread was busy: a machine with other work must not count. */
function busy(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

function percentiles(work: () => void): string {
  const times = Array.from({ length: 1000 }, () => timed(work)).sort((a, b) => a - b);
  const [median, p95] = [times[500], times[950]].map((ms) => ms.toFixed(2));
  return `${median} ms in the median, ${p95} ms at the 95th percentile`;
}

function memory(): { heap: number; buffers: number } {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, buffers: arrayBuffers };
}

function megabytes(octets: number): string {
  return `${Math.round(octets / 1e6)} MB`;
}

function print(line: string): void {
  console.log(line);
}
