/** Fast UDP under the suite that every network passes, and what only it must show. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { type Endpoint, formatAddress, NetworkError, silentLog, sleep, type Task } from "../../net/index.ts";
import { networkSuite } from "../../net/testing/network-suite.ts";
import { OsNetwork } from "../index.ts";
import { osHosts } from "../testing/os-hosts.ts";
import { openKernel } from "./index.ts";
import { decodeSocketAddress, encodeSocketAddress } from "./socket-address.ts";

const kernel = openKernel();
const skip = typeof kernel === "string" ? kernel : false;
const module = JSON.stringify(new URL("../index.ts", import.meta.url).href);

if (!skip) networkSuite("the operating system with fast UDP", () => osHosts({ fastUdp: true }));

test("a socket address says which endpoint it is, mapped ones as plain IPv4", () => {
  const octets = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc
      .uint8Array({ minLength: 16, maxLength: 16 })
      .filter((bytes) => !formatAddress(bytes).startsWith("::ffff:")),
  );
  fc.assert(
    fc.property(octets, fc.integer({ min: 0, max: 65_535 }), (bytes, port) => {
      const endpoint: Endpoint = { address: formatAddress(bytes), port };
      for (const family of bytes.length === 4 ? ([4, 6] as const) : ([6] as const)) {
        assert.deepEqual(decodeSocketAddress(encodeSocketAddress(endpoint, family), 0), endpoint);
      }
    }),
  );
});

test("more datagrams than one system call carries keep their order and their senders", { skip }, async () => {
  const hosts = osHosts({ fastUdp: true });
  await hosts.run(
    (function* () {
      const server = yield* hosts.server.bind({ port: 0 });
      const clients = [
        yield* hosts.client.bind({ port: 0, address: "0.0.0.0" }),
        yield* hosts.client.bind({ port: 0, address: "::1" }),
      ];
      const addresses = [hosts.serverAddresses[4], hosts.serverAddresses[6]];
      for (let number = 0; number < 200; number++) {
        const to = { address: addresses[number % 2], port: server.local.port };
        clients[number % 2].send(new Uint8Array(number + 1).fill(number), to);
      }
      const next = [0, 1];
      for (let count = 0; count < 200; count++) {
        const datagram = yield* server.receive(1000);
        assert.ok(datagram !== undefined, `${count} datagrams came`);
        const who = datagram.from.address.includes(":") ? 1 : 0;
        assert.equal(datagram.from.port, clients[who].local.port);
        assert.deepEqual(datagram.bytes, new Uint8Array(next[who] + 1).fill(next[who]));
        next[who] += 2;
      }
      for (const socket of [server, ...clients]) socket.close();
    })(),
  );
  await hosts.close();
});

test("what nobody takes is dropped beyond the bound, and counted", { skip }, async () => {
  const lines: string[] = [];
  const os = new OsNetwork({ fastUdp: true, log: { ...silentLog, info: (line) => lines.push(line) } });
  await os.run(
    (function* () {
      const socket = yield* os.bind({ port: 0, address: "127.0.0.1" });
      // Three batches a turn, for the kernel's own buffer is bounded, too.
      for (let turn = 0; turn < 5; turn++) {
        for (let count = 0; count < 64; count++) socket.send(new Uint8Array(1), socket.local);
        yield* sleep(os.clock, 1);
      }
      for (let waited = 0; waited < 20; waited++) yield* sleep(os.clock, 1);
      assert.notEqual(yield* socket.receive(0), undefined);
      socket.close();
    })(),
  );
  await os.close();
  assert.equal(lines.length, 1);
  assert.match(lines[0], /64 datagrams were dropped/);
});

test("a refusal is heard after every burst, and loses nothing of what is sent then", { skip }, async () => {
  const os = new OsNetwork({ fastUdp: true });
  await os.run(
    (function* () {
      const gone = yield* os.bind({ port: 0, address: "127.0.0.1" });
      gone.close();
      const peer = gone.local;
      const client = yield* os.bind({ port: 0, peer });
      for (let burst = 0; burst < 50; burst++) {
        // More than one system call carries, so that some calls meet the refusal of those before them.
        for (let count = 0; count < 1 + (burst % 3) * 64; count++) client.send(EARLY, peer);
        const error = yield* failureOf(client.receive(1000));
        assert.equal(error?.code, "refused", `burst ${burst}`);
      }
      const server = yield* os.bind({ port: peer.port, address: peer.address });
      for (let number = 0; number < 100; number++) client.send(Uint8Array.of(number), peer);
      // The last ones of a burst leave after its refusal was heard.
      for (let number = 0; number < 100; ) {
        const bytes = (yield* server.receive(1000))?.bytes;
        if (bytes?.[0] !== EARLY[0]) assert.deepEqual(bytes, Uint8Array.of(number++));
      }
      for (const socket of [client, server]) socket.close();
    })(),
  );
  await os.close();
});

test("errors of bind say what is wrong", { skip }, async () => {
  const os = new OsNetwork({ fastUdp: true });
  await assert.rejects(
    os.run(os.bind({ port: 0, address: "192.0.2.1" })),
    (error) => error instanceof NetworkError && error.code === "address-not-available",
  );
  await os.close();
});

test("a program sees no warning, and may end with open sockets while datagrams arrive", { skip }, () => {
  const program = `
    import { OsNetwork } from ${module};
    const os = new OsNetwork({ fastUdp: true });
    os.run((function* () {
      const socket = yield* os.bind({ port: 0, address: "127.0.0.1" });
      for (let count = 0; ; count++) {
        socket.send(new Uint8Array(9), socket.local);
        yield* socket.receive(1000);
        if (count === 500) process.exit(7);
      }
    })());`;
  const result = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  assert.deepEqual([result.status, result.stdout, result.stderr], [7, "", ""]);
});

/** No number of what follows. */
const EARLY = Uint8Array.of(255);

function* failureOf(task: Task<unknown>): Task<NetworkError | undefined> {
  try {
    yield* task;
    return undefined;
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw error;
  }
}

test('where it is not to be had, "auto" says so and goes on, true does not', async () => {
  const program = `
    import { parentPort } from "node:worker_threads";
    const { OsNetwork } = await import(${module});
    const lines = [];
    const log = { debug() {}, info: (line) => lines.push(line), warn() {}, error() {} };
    const os = new OsNetwork({ fastUdp: "auto", log });
    const socket = await os.run(os.bind({ port: 0 }));
    socket.close();
    await os.close();
    const strict = new OsNetwork({ fastUdp: true });
    try { await strict.run(strict.bind({ port: 0 })); } catch (error) { lines.push(error.message); }
    parentPort.postMessage(lines);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
  const [lines] = (await once(worker, "message")) as [string[]];
  assert.deepEqual(
    lines.map((line) => line.replace(/: this is .*/, "")),
    ["UDP goes through node:dgram, for fast UDP is not to be had", "fast UDP is not to be had"],
  );
  await worker.terminate();
});
