/**
 * A capture of each textbook exchange, made in the simulated network and judged by tshark and capinfos: nothing is
 * malformed, every checksum is right, what was said is what tshark puts together, and the summary is ours.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { packetRows, summaryOf } from "../../src/dissect/index.ts";
import type { Task } from "../../src/net/index.ts";
import { echoDatagram, startEchoServer } from "../../src/protocols/echo/index.ts";
import {
  fetchStream,
  fetchWords,
  MemoryFileStore,
  startFetchServer,
} from "../../src/protocols/fetch/index.ts";
import { measureRoundTrips, startMeterServer } from "../../src/protocols/meter/index.ts";
import { ROUND_TRIPS_HELLO } from "../../src/protocols/meter/wire.ts";
import { startUpperServer, UpperClient, upperDatagram } from "../../src/protocols/upper/index.ts";
import { Capture, type CapturedPacket, hostNamesOf, writePcapng } from "../../src/sim/capture/index.ts";
import { type SimulatedHosts, twoHosts } from "../scenarios/two-hosts.ts";
import { isInstalled } from "./programs.ts";
import { BAD, CHECKS, capinfos, tshark } from "./tshark.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-exchanges-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Exchange {
  readonly name: string;
  run(hosts: SimulatedHosts, address: string): Task;
  /** What the two sides said, as tshark gives the payloads in the order of the packets. */
  readonly said: readonly (string | RegExp)[];
  /** What our packet table calls them. */
  readonly protocol: string;
}

const HELLO = Buffer.from(ROUND_TRIPS_HELLO).toString("latin1");

const exchanges: readonly Exchange[] = [
  {
    name: "upper over UDP",
    protocol: "UPPER",
    said: ["hello", "HELLO", "world", "WORLD"],
    *run(hosts, address) {
      const server = yield* startUpperServer(hosts.server);
      for (const line of ["hello", "world"])
        yield* upperDatagram(hosts.client, { address, port: 12_000 }, line, { timeoutMs: 1000, triesMax: 1 });
      yield* server.stop(0);
    },
  },
  {
    name: "upper over TCP",
    protocol: "UPPER",
    said: ["hello\n", "HELLO\n", "world\n", "WORLD\n"],
    *run(hosts, address) {
      const server = yield* startUpperServer(hosts.server);
      const client = new UpperClient(hosts.client, address, 12_000, { timeoutMs: 1000 });
      for (const line of ["hello", "world"]) yield* client.ask(line);
      yield* client.finish();
      yield* server.stop(1000);
    },
  },
  {
    name: "words of a file",
    protocol: "FETCH",
    said: ["poem\n", "a\n", "WORD_1\n", "rose\n", "WORD_2\n", "EOF\n"],
    *run(hosts, address) {
      const files = new MemoryFileStore(new Map([["poem", Buffer.from("a rose\n")]]));
      const server = yield* startFetchServer(hosts.server, { files });
      const sink = { write() {}, restart() {} };
      yield* fetchWords(hosts.client, { host: address, port: 12_001, name: "poem" }, sink, {
        timeoutMs: 1000,
      });
      yield* server.stop(1000);
    },
  },
  {
    name: "a picture in one go",
    protocol: "FETCH",
    said: ["/stream 0 - p.png\n", /^200 4 0 4-[0-9a-f]+\n$/, /^\u0089PNGSHA-256 [0-9a-f]{64}\n$/],
    *run(hosts, address) {
      const files = new MemoryFileStore(new Map([["p.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47)]]));
      const server = yield* startFetchServer(hosts.server, { files });
      const sink = { write() {}, restart() {} };
      const source = { host: address, port: 12_001, name: "p.png" };
      yield* fetchStream(hosts.client, source, sink, { timeoutMs: 1000 });
      yield* server.stop(1000);
    },
  },
  {
    name: "round trips of the meter",
    protocol: "IPERF3",
    said: [HELLO, HELLO, "\x01\0", "\x01\0", "\x02\0", "\x02\0"],
    *run(hosts, address) {
      const server = yield* startMeterServer(hosts.server);
      const options = {
        protocol: "udp",
        size: 2,
        durationMs: 10,
        timeoutMs: 1000,
        intervalMs: 1000,
      } as const;
      yield* measureRoundTrips(hosts.client, address, 5201, options);
      yield* server.stop(0);
    },
  },
  {
    name: "echo, as ping does without ICMP",
    protocol: "ECHO",
    said: ["abc", "abc"],
    *run(hosts, address) {
      const server = yield* startEchoServer(hosts.server);
      const socket = yield* hosts.client.bind({ port: 0 });
      yield* echoDatagram(hosts.client, socket, { address, port: 7 }, Buffer.from("abc"), 1000);
      socket.close();
      yield* server.stop(0);
    },
  },
];

for (const exchange of exchanges) {
  test(`${exchange.name}, over IPv4 and IPv6`, { timeout: 60_000 }, (t) => {
    if (!isInstalled(t, "tshark", "tshark") || !isInstalled(t, "capinfos", "tshark")) return;
    for (const address of ["10.0.1.2", "2001:db8:1::2"]) {
      const { packets, file } = captureOf(exchange, address);
      assert.deepEqual(tshark(file, ...CHECKS, "-Y", BAD), []);
      const payloads = tshark(file, "-T", "fields", "-e", "tcp.payload", "-e", "udp.payload")
        .map((line) => line.trim().replaceAll(":", ""))
        .filter((hex) => hex !== "");
      const heard = payloads.map((hex) => Buffer.from(hex, "hex").toString("latin1"));
      assert.equal(heard.length, exchange.said.length, heard.join("|"));
      for (const [i, text] of exchange.said.entries()) {
        if (typeof text === "string") assert.equal(heard[i], text);
        else assert.match(heard[i], text);
      }
      const rows = [...packetRows(packets)].filter(({ protocol }) => protocol === exchange.protocol);
      assert.equal(rows.length, exchange.said.length, `packets of ${exchange.protocol}`);
      assertSameSummary(file, packets);
    }
  });
}

function captureOf(exchange: Exchange, address: string): { packets: CapturedPacket[]; file: string } {
  const hosts = twoHosts({ delayMs: 3, bandwidthBps: 1e7 });
  const { world } = hosts;
  const recorder = new Capture({ interfaceName: (id) => world.interfaces[id].name });
  world.addTap(recorder);
  hosts.run(exchange.run(hosts, address));
  world.runUntilIdle({ maxNs: world.nowNs + 10e9 });
  const { startUnixMs, interfaces } = world;
  const packets = [...recorder.packets()];
  const contents = { startUnixMs, interfaces, hostNames: hostNamesOf(interfaces), packets, lostCount: 0 };
  const file = join(folder, "exchange.pcapng");
  writeFileSync(file, writePcapng(contents, { comment: exchange.name }));
  return { packets, file };
}

/** The figures of a capture: packets, bytes, time span, rates, average size. */
function assertSameSummary(file: string, packets: readonly CapturedPacket[]): void {
  const theirs = capinfos(file, "-c", "-d", "-u", "-y", "-i", "-z", "-x").map(Number);
  const summary = summaryOf(packets);
  const ours = [
    summary.packets,
    summary.bytes,
    summary.timeSpanSeconds,
    summary.averageBytesPerSecond,
    summary.averageBitsPerSecond,
    summary.averagePacketSizeBytes,
    summary.averagePacketsPerSecond,
  ];
  for (const [i, figure] of ours.entries()) {
    // capinfos takes seconds since 1970 as float64: a quarter of a microsecond, of 30 ms.
    const same = Math.abs(theirs[i] - figure) <= 0.01 + figure * 2e-5;
    assert.ok(same, `figure ${i}: ${theirs[i]} and ${figure} in ${theirs}`);
  }
}
