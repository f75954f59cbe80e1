import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  fromByteString,
  HamletError,
  NetworkError,
  type NetworkErrorCode,
  RemoteError,
  sleep,
} from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { connectThrough, serveSocks } from "./index.ts";
import { emitGreeting, emitRequest } from "./wire.ts";

/** A client joined to a SOCKS server that dials the far end of another pair. */
function setUp(dialFailure?: Error) {
  const world = new MemoryWorld();
  const [client, near] = world.connectionPair();
  const [far, origin] = world.connectionPair();
  const dialled: string[] = [];
  const serving = world.spawn(
    "socks",
    serveSocks(near, {
      clock: world.clock,
      *dial(host, port) {
        dialled.push(`${host}:${port}`);
        yield* sleep(world.clock, 20);
        if (dialFailure !== undefined) throw dialFailure;
        return far;
      },
      negotiationMs: 1000,
      idleMs: 60_000,
    }),
  );
  let failure: unknown;
  serving.whenDone((outcome) => {
    if ("error" in outcome) failure = outcome.error;
  });
  return { world, client, origin, dialled, serving, failure: () => failure };
}

test("CONNECT to a name: the name is dialled as it is, then octets go both ways", () => {
  const { world, client, origin, dialled, serving } = setUp();
  world.run(
    (function* () {
      const bound = yield* connectThrough(client, { host: "mail.hamburger.edu", port: 110 }, 1000);
      assert.deepEqual(bound, { host: "192.0.2.1", port: 1001 });
      yield* origin.write("+OK\r\n", 1000);
      assert.equal(yield* client.readLine({ max: 80, timeoutMs: 1000 }), "+OK");
      yield* client.write("QUIT\r\n", 1000);
      assert.equal(yield* origin.readLine({ max: 80, timeoutMs: 1000 }), "QUIT");
      origin.close();
      client.end();
      assert.equal(yield* client.read(1, 1000), null);
      yield* serving.join();
    })(),
  );
  assert.deepEqual(dialled, ["mail.hamburger.edu:110"]);
  world.runUntilIdle();
  assert.equal(world.runner.liveCount, 0);
});

test("a client that sends everything at once, its first octets for the target too, loses nothing", () => {
  const { world, client, origin } = setUp();
  const request = emitRequest({ command: 1, destination: { host: "10.0.0.1", port: 7 } });
  world.run(
    (function* () {
      yield* client.write(
        Buffer.concat([emitGreeting({ methods: [0] }), request, Buffer.from("early")]),
        1000,
      );
      assert.deepEqual(yield* origin.readExactly(5, 1000), fromByteString("early"));
      assert.deepEqual([...(yield* client.readExactly(12, 1000))], [5, 0, 5, 0, 0, 1, 192, 0, 2, 1, 3, 233]);
    })(),
  );
});

test("each failure to connect has its reply, and the client gets it back as the same failure", () => {
  const cases: [NetworkErrorCode, number, NetworkErrorCode | "proxy-failed"][] = [
    ["refused", 5, "refused"],
    ["unreachable", 4, "unreachable"],
    ["name-not-found", 4, "unreachable"],
    ["name-server-failed", 4, "unreachable"],
    ["timed-out", 6, "timed-out"],
    ["permission", 2, "permission"],
    ["too-many", 1, "proxy-failed"],
  ];
  for (const [code, , back] of cases) {
    const { world, client, failure } = setUp(new NetworkError(code, "no"));
    const connect = connectThrough(client, { host: "nowhere.example", port: 1 }, 1000);
    assert.throws(
      () => world.run(connect),
      (error) => error instanceof HamletError && error.code === back,
      code,
    );
    client.close();
    world.runUntilIdle();
    assert.equal((failure() as NetworkError).code, code, "the log hears of the cause itself");
    assert.equal(world.runner.liveCount, 0);
  }
  for (const [code, reply] of cases) {
    const answer = exchange(
      [
        ...emitGreeting({ methods: [0] }),
        ...emitRequest({ command: 1, destination: { host: "nowhere.example", port: 1 } }),
      ],
      new NetworkError(code, "no"),
    );
    assert.deepEqual(answer.octets, [5, 0, 5, reply, 0, 1, 0, 0, 0, 0, 0, 0], code);
  }
});

test("BIND and UDP ASSOCIATE are answered with 'command not supported'", () => {
  for (const command of [2, 3, 0, 255]) {
    const request = emitRequest({ command, destination: { host: "0.0.0.0", port: 0 } });
    const { octets, error } = exchange([5, 1, 0, ...request]);
    assert.deepEqual(octets, [5, 0, 5, 7, 0, 1, 0, 0, 0, 0, 0, 0]);
    assert.match(String(error), /command \d+ is not supported/);
  }
});

test("what is no SOCKS5 gets no answer but a clear line in the log; an unknown address type gets its reply", () => {
  assert.match(String(exchange([4, 1, 0, 80]).error), /version 4/);
  assert.match(String(exchange([...Buffer.from("GET / HTTP/1.1\r\n")]).error), /HTTP/);
  assert.deepEqual(exchange([4, 1, 0, 80]).octets, []);
  const onlyPassword = exchange([5, 1, 2]);
  assert.deepEqual(onlyPassword.octets, [5, 0xff]);
  assert.match(String(onlyPassword.error), /without a password/);
  assert.deepEqual(exchange([5, 1, 0, 5, 1, 0, 9, 9]).octets.slice(0, 4), [5, 0, 5, 8]);
  const strangeName = exchange([5, 1, 0, 5, 1, 0, 3, 1, 10, 0, 80]);
  assert.deepEqual(strangeName.octets.slice(0, 4), [5, 0, 5, 1]);
});

test("a client that says nothing is let go after the limit, in each state", () => {
  const states = [[], [5], [5, 2, 0], [5, 1, 0], [5, 1, 0, 5, 1, 0, 3, 9, 65]];
  for (const sent of states) {
    const { world, client, failure } = setUp();
    world.run(client.write(Uint8Array.from(sent), 100));
    world.runFor(1500);
    assert.equal((failure() as HamletError)?.code, "timed-out", String(sent));
  }
});

test("fuzz in each state: the server ends with one expected failure and leaves nothing behind", () => {
  const states = [[], [5], [5, 1, 0], [5, 1, 0, 5, 1, 0, 3], [5, 1, 0, 5, 1, 0, 1, 10, 0, 0]];
  fc.assert(
    fc.property(fc.constantFrom(...states), fc.uint8Array({ maxLength: 40 }), (state, garbage) => {
      const { error, liveCount } = exchange([...state, ...garbage], new NetworkError("refused", "no"));
      assert.ok(error instanceof NetworkError || error instanceof RemoteError, String(error));
      assert.equal(liveCount, 0);
    }),
    { numRuns: 300 },
  );
});

test("fuzz of the client: any answers of a proxy end in a clear error or in a connection", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (answers, wellBegun) => {
      const world = new MemoryWorld();
      const [client, proxy] = world.connectionPair();
      world.run(proxy.write(Uint8Array.of(...(wellBegun ? [5, 0, 5] : []), ...answers), 100));
      proxy.end();
      try {
        world.run(connectThrough(client, { host: "a.example", port: 1 }, 1000));
      } catch (error) {
        assert.ok(error instanceof HamletError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});

/** Sends octets, ends, and collects what the server answers and how it ends. */
function exchange(octets: number[], dialFailure?: Error) {
  const { world, client, failure } = setUp(dialFailure);
  const received: number[] = [];
  world.run(
    (function* () {
      yield* client.write(Uint8Array.from(octets), 100);
      client.end();
      try {
        for (;;) {
          const part = yield* client.read(100, 30_000);
          if (part === null) break;
          received.push(...part);
        }
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
      }
    })(),
  );
  client.close();
  world.runUntilIdle();
  return { octets: received, error: failure(), liveCount: world.runner.liveCount };
}
