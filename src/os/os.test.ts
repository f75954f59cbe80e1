/** What the network suite cannot ask of both networks: errors of the system, time, randomness, the end of it all. */

import assert from "node:assert/strict";
import { connect as connectNode, createServer, type Socket } from "node:net";
import { describe, test } from "node:test";
import { type Connection, NetworkError, sleep, type Task } from "../net/index.ts";
import { addressOfNode, endpointOfNode } from "./address.ts";
import { networkErrorOf } from "./errors.ts";
import { OsNetwork, systemClock, systemNameServers, systemRandom, systemResolver } from "./index.ts";

describe("errors of the system", () => {
  const cases: [string, "connect" | "talk" | "listen" | "resolve", string, string][] = [
    ["ECONNREFUSED", "connect", "refused", "mail.test:25 refused the connection"],
    ["ECONNRESET", "talk", "reset", "mail.test:25 reset the connection"],
    ["EPIPE", "talk", "reset", "mail.test:25 reset the connection"],
    ["ETIMEDOUT", "connect", "timed-out", "mail.test:25 did not answer"],
    ["EHOSTUNREACH", "connect", "unreachable", "mail.test:25 is unreachable from this machine"],
    ["ENETUNREACH", "connect", "unreachable", "mail.test:25 is unreachable from this machine"],
    ["EACCES", "connect", "permission", "this machine does not permit traffic to mail.test:25"],
    ["EMFILE", "connect", "too-many", "mail.test:25: this process has too many sockets open"],
    ["EWHATEVER", "talk", "failed", "mail.test:25: talk failed (EWHATEVER)"],
  ];
  for (const [systemCode, attempt, code, message] of cases) {
    test(`${systemCode} is "${code}", and says what happened to whom`, () => {
      const cause = Object.assign(new Error("from the system"), { code: systemCode });
      const error = networkErrorOf(cause, attempt, "mail.test:25");
      assert.deepEqual([error.code, error.message, error.cause], [code, message, cause]);
    });
  }

  test("a low port without permission says so", () => {
    const cause = Object.assign(new Error(), { code: "EACCES" });
    const error = networkErrorOf(cause, "listen", "port 25 of ::");
    assert.equal(error.code, "permission");
    assert.match(error.message, /^port 25 of :: needs a permission .*1024/);
  });

  test("a NetworkError stays what it is", () => {
    const error = new NetworkError("closed", "so it was");
    assert.equal(networkErrorOf(error, "talk", "x"), error);
  });
});

test("addresses of Node become canonical: plain IPv4 for mapped ones, no zone", () => {
  assert.equal(addressOfNode("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(addressOfNode("fe80::1%eth0"), "fe80::1");
  assert.equal(addressOfNode("2001:DB8::1"), "2001:db8::1");
  assert.deepEqual(endpointOfNode(undefined, undefined), { address: "0.0.0.0", port: 0 });
});

test("names come from the machine; what is no name is not found without asking", async () => {
  const os = new OsNetwork();
  assert.deepEqual(await os.run(systemResolver.addresses("localhost", 4)), ["127.0.0.1"]);
  assert.deepEqual(await os.run(systemResolver.addresses("localhost", 6)), ["::1"]);
  for (const name of ["", "x".repeat(256)]) {
    await assert.rejects(os.run(systemResolver.addresses(name)), { code: "name-not-found" });
  }
  for (const server of systemNameServers()) assert.match(server, /^[\d.]+$|:/);
  await os.close();
});

test("the clock never fires early, and a cancelled timer never", async () => {
  const os = new OsNetwork();
  const delays = [0.2, 1, 1.5, 3];
  await os.run(
    (function* (): Task {
      for (const delayMs of delays) {
        const beganNs = systemClock.nowNs();
        yield* sleep(systemClock, delayMs);
        const tookMs = (systemClock.nowNs() - beganNs) / 1e6;
        assert.ok(tookMs >= delayMs, `${tookMs} of ${delayMs} ms`);
      }
    })(),
  );
  systemClock.startTimer(0, () => assert.fail("it was cancelled")).cancel();
  // Longer than setTimeout can: it would fire at once.
  const century = systemClock.startTimer(1e12, () => assert.fail("a century early"));
  await os.run(sleep(systemClock, 3));
  century.cancel();
  assert.ok(Math.abs(systemClock.unixMs() - Date.now()) < 1000);
  await os.close();
});

test("randomness stays within its bounds and is not the same twice", () => {
  const seen = new Set<number>();
  for (let i = 0; i < 3000; i++) {
    const value = systemRandom.below(10);
    assert.ok(Number.isInteger(value) && value >= 0 && value < 10);
    seen.add(value);
    const fraction = systemRandom.fraction();
    assert.ok(fraction >= 0 && fraction < 1);
  }
  assert.equal(seen.size, 10);
  assert.equal(systemRandom.below(1), 0);
  assert.notDeepEqual(systemRandom.bytes(16), systemRandom.bytes(16));
  const bytes = systemRandom.bytes(8);
  bytes.slice(0, 4).fill(0);
  assert.ok(!Buffer.isBuffer(bytes), "Buffer's slice would be a view");
});

describe("the end", () => {
  test("close cancels tasks, frees ports and breaks off what is open", async () => {
    const os = new OsNetwork({ lingerMs: 20 });
    const ended: string[] = [];
    const port = await os.run(
      (function* (): Task<number> {
        const listener = yield* os.listen({ port: 0 });
        yield* os.bind({ port: 0 });
        const client = yield* os.connect("127.0.0.1", listener.local.port, { timeoutMs: 1000 });
        os.spawn("reader", readForEver(client, ended));
        yield* listener.accept();
        return listener.local.port;
      })(),
    );
    assert.deepEqual(os.liveTaskNames, ["reader"]);
    await os.close();
    assert.deepEqual([os.liveTaskNames, ended], [[], ["reader"]]);
    const next = new OsNetwork();
    const listener = await next.run(next.listen({ port }));
    listener.close();
    await next.close();
  });

  test("close delivers what was written to a connection that was closed before", async () => {
    const os = new OsNetwork();
    const received = await withPeer(os, async (connection, peer) => {
      let total = 0;
      peer.on("data", (chunk) => (total += chunk.length));
      await os.run(
        (function* (): Task {
          yield* connection.write(new Uint8Array(3_000_000), 1000);
          connection.close();
        })(),
      );
      peer.end();
      await os.close();
      await new Promise((resolve) => (peer.closed ? resolve(undefined) : peer.once("close", resolve)));
      return total;
    });
    assert.equal(received, 3_000_000);
  });

  test("an abort with octets unsent is a reset, not an early end", async () => {
    const os = new OsNetwork();
    const outcome = await withPeer(os, async (connection, peer) => {
      peer.pause();
      const writing = os.run(connection.write(new Uint8Array(64 << 20), 30));
      await assert.rejects(writing, { code: "timed-out" });
      connection.end();
      connection.abort();
      const ended = new Promise<string>((resolve) => {
        peer.once("error", (error) => resolve(String((error as NodeJS.ErrnoException).code)));
        peer.once("end", () => resolve("end of stream"));
      });
      peer.resume();
      return await ended;
    });
    assert.equal(outcome, "ECONNRESET");
    await os.close();
  });

  test("a failure that nobody joined is logged with the task's name; our own mistake with its place", async () => {
    const logged: string[] = [];
    const log = { debug() {}, info() {}, warn() {}, error: (text: string) => logged.push(text) };
    const os = new OsNetwork({ log });
    os.spawn("dialogue", failing(new NetworkError("reset", "x reset the connection")));
    os.spawn("broken", failing(new TypeError("our mistake")));
    await os.run(sleep(os.clock, 1));
    assert.equal(logged[0], "dialogue: x reset the connection");
    assert.match(logged[1], /^broken: TypeError: our mistake\n +at .*os\.test\.ts/);
    await os.close();
  });

  test("run rejects with the task's error", async () => {
    const os = new OsNetwork();
    await assert.rejects(os.run(failing(new NetworkError("refused", "no"))), { code: "refused" });
    await os.close();
  });
});

test("a sender that the kernel always satisfies still lets timers run", async () => {
  const os = new OsNetwork();
  let ticks = 0;
  await withPeer(os, async (connection, peer) => {
    peer.resume();
    const ticking = setInterval(() => ticks++, 1);
    await os.run(
      (function* (): Task {
        for (let i = 0; i < 2000; i++) yield* connection.write(new Uint8Array(64 * 1024), 1000);
      })(),
    );
    clearInterval(ticking);
    connection.abort();
    return 0;
  });
  assert.ok(ticks >= 5, `${ticks} ticks during 128 MiB`);
  await os.close();
});

/** A connection of ours, and at its other end a socket of Node's that this project did not write. */
async function withPeer<T>(
  os: OsNetwork,
  use: (connection: Connection, peer: Socket) => Promise<T>,
): Promise<T> {
  const listener = await os.run(os.listen({ port: 0 }));
  const peer = connectNode({ port: listener.local.port, host: "127.0.0.1", allowHalfOpen: true });
  peer.on("error", () => {});
  try {
    return await use(await os.run(listener.accept()), peer);
  } finally {
    peer.destroy();
    listener.close();
  }
}

function* readForEver(connection: Connection, ended: string[]): Task {
  try {
    for (;;) yield* connection.read(100, 10_000);
  } finally {
    ended.push("reader");
  }
}

function* failing(error: Error): Task<never> {
  throw error;
}

test("a port that another program holds is in use", async () => {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, resolve as () => void));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const os = new OsNetwork();
  await assert.rejects(os.run(os.listen({ port: address.port })), { code: "address-in-use" });
  await os.close();
  server.close();
});
