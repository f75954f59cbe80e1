/** Fetching on the simulated network: the same suite as on the machine's sockets, then loss, cuts and many clients. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { sleep, type Task } from "../../src/net/index.ts";
import {
  fetchDatagrams,
  fetchStream,
  fetchWords,
  generatedText,
  MemoryFileStore,
  PART_SIZE,
  Refused,
  startFetchServer,
} from "../../src/protocols/fetch/index.ts";
import { fetchSuite, TestSink } from "../../src/protocols/fetch/testing/fetch-suite.ts";
import { twoHosts } from "./two-hosts.ts";

fetchSuite("two simulated hosts", () => twoHosts());

const SIZE = 600_000;
const text = generatedText(SIZE);
const files = new MemoryFileStore(new Map([["text", text]]));

test("over a line that loses a tenth: TCP brings all, UDP nine tenths and knows which", () => {
  const hosts = twoHosts({ delayMs: 10, bandwidthBps: 1e8, loss: 0.1 });
  hosts.run(
    (function* () {
      const server = yield* startFetchServer(hosts.server, { files });
      const sink = new TestSink();
      const source = { host: hosts.serverAddresses[4], port: 12_001, name: "text" };
      yield* fetchStream(hosts.client, source, sink, { timeoutMs: 60_000 });
      assert.equal(Buffer.compare(sink.bytes, text), 0);
      const to = { address: hosts.serverAddresses[4], port: 12_001 };
      const result = yield* fetchDatagrams(hosts.client, to, "text", { timeoutMs: 500 });
      assert.equal(result.partCount, SIZE / PART_SIZE);
      // 500 parts, each lost with 0.1: a deviation of 6.7.
      assert.ok(result.lostParts > 25 && result.lostParts < 75, `${result.lostParts} lost`);
      const damaged = text.slice();
      for (const { start, end } of result.lost) damaged.fill(0, start, end);
      assert.equal(Buffer.compare(result.bytes, damaged), 0);
      yield* server.stop(0);
    })(),
  );
});

test("a file that has changed is fetched from its beginning, one that changes meanwhile is never taken for whole", () => {
  const hosts = twoHosts({ delayMs: 5, bandwidthBps: 1e7 });
  const contents = new Map([["text", text]]);
  const other = generatedText(SIZE).reverse();
  const sink = new TestSink();
  hosts.run(
    (function* () {
      const server = yield* startFetchServer(hosts.server, { files: new MemoryFileStore(contents) });
      const changing = hosts.server.spawn(
        "change",
        (function* () {
          yield* sleep(hosts.server.clock, 200);
          contents.set("text", other);
        })(),
      );
      const source = { host: hosts.serverAddresses[4], port: 12_001, name: "text" };
      const result = yield* fetchStream(hosts.client, source, sink, { timeoutMs: 60_000 });
      assert.equal(result.resumptions, 1);
      yield* changing.join();
      yield* server.stop(0);
    })(),
  );
  assert.equal(sink.restarts, 1);
  assert.equal(Buffer.compare(sink.bytes, other), 0);
});

test("by UDP, too, there are places for so many, and nobody keeps one for ever", () => {
  const hosts = twoHosts({ delayMs: 5 });
  const large = new MemoryFileStore(new Map([["text", generatedText(2_400_000)]]));
  const to = { address: hosts.serverAddresses[4], port: 12_001 };
  // At 1,000 octets a second it would take 40 minutes.
  const options = { timeoutMs: 1000, rate: 1000 };
  hosts.run(
    (function* () {
      const server = yield* startFetchServer(hosts.server, { files: large });
      const began = hosts.client.clock.nowNs();
      const transfers = Array.from({ length: 64 }, (_, i) =>
        hosts.client.spawn(`client ${i}`, fetchDatagrams(hosts.client, to, "text", options)),
      );
      yield* sleep(hosts.client.clock, 1000);
      try {
        yield* fetchDatagrams(hosts.client, to, "text", options);
        assert.fail("one more than 64 was served");
      } catch (error) {
        assert.match(String(error), /503 server full: 64 transfers are under way/);
      }
      for (const transfer of transfers) assert.equal((yield* transfer.join()).lostParts, 0);
      const seconds = (hosts.client.clock.nowNs() - began) / 1e9;
      assert.ok(seconds > 590 && seconds < 610, `${seconds} s`);
      yield* server.stop(0);
    })(),
  );
  assert.deepEqual(hosts.liveTaskNames(), []);
});

test("over the limit clients are refused with a reason, and the others are served at once", () => {
  const hosts = twoHosts({ delayMs: 5 });
  let served = 0;
  let refused = 0;
  function* one(): Task {
    const source = { host: hosts.serverAddresses[4], port: 12_001, name: "text" };
    try {
      assert.ok((yield* fetchWords(hosts.client, source, new TestSink(), { timeoutMs: 60_000 })) > 100);
      served++;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      assert.match(error.message, /503 server full: 20 clients are served already/);
      refused++;
    }
  }
  hosts.run(
    (function* () {
      const small = new MemoryFileStore(new Map([["text", generatedText(1000)]]));
      const server = yield* startFetchServer(hosts.server, { files: small, connectionsMax: 20 });
      const tasks = Array.from({ length: 30 }, (_, i) => hosts.client.spawn(`client ${i}`, one()));
      for (const task of tasks) yield* task.join();
      yield* server.stop(0);
    })(),
  );
  assert.deepEqual([served, refused], [20, 10]);
});
