/** The client against our server, the two ways to download, and hostile servers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HamletError, NetworkError, type Task, toByteString } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { Pop3Client, type Pop3ClientOptions } from "./client.ts";
import { download } from "./download.ts";
import { servePop3 } from "./server.ts";
import { TestMaildrops } from "./testing/maildrops.ts";

test("every command of the client is understood by the server", () => {
  const maildrops = new TestMaildrops();
  session(maildrops, function* (client) {
    assert.deepEqual([...(yield* client.capabilities()).keys()].slice(0, 3), ["USER", "TOP", "UIDL"]);
    yield* client.login("bob", "hungry");
    assert.deepEqual(yield* client.stat(), { count: 2, octets: 42 });
    assert.deepEqual(yield* client.list(), [
      { number: 1, octets: 23 },
      { number: 2, octets: 19 },
    ]);
    assert.deepEqual(
      [...(yield* client.uniqueIds())!],
      [
        [1, "u.1"],
        [2, "u.2"],
      ],
    );
    assert.equal(toByteString(yield* client.retrieve(1)), "Subject: one\r\n\r\n.\r\nbody\r\n");
    assert.equal(toByteString(yield* client.top(1, 1)), "Subject: one\r\n\r\n.\r\n");
    yield* client.delete(1);
    yield* client.reset();
    yield* client.noop();
    yield* client.delete(2);
    yield* client.quit();
  });
  assert.deepEqual([...maildrops.contents.keys()], ["u.1"]);
});

test("refusals have a code each: wrong login, maildrop in use, no such message", () => {
  const attempt = (work: (client: Pop3Client) => Task) => () => session(new TestMaildrops(), work);
  assert.throws(
    attempt((client) => client.login("bob", "x")),
    { code: "login-refused" },
  );
  assert.throws(
    attempt((client) => client.login("busy", "x")),
    { code: "maildrop-in-use" },
  );
  assert.throws(
    attempt(function* (client) {
      yield* client.login("bob", "hungry");
      yield* client.retrieve(9);
    }),
    { code: "pop3-refused", message: "192.0.2.2:1002 refused RETR 9: no such message" },
  );
  assert.throws(
    attempt((client) => client.login("bob\r\nDELE 1", "x")),
    { code: "bad-argument" },
  );
});

test("download and keep: what is known is not fetched again; download and delete: nothing stays", () => {
  const maildrops = new TestMaildrops();
  const fetch = (keep: boolean, known: ReadonlySet<string>): { taken: number[]; known: Set<string> } => {
    const taken: number[] = [];
    let seen = new Set<string>();
    session(maildrops, function* (client) {
      yield* client.login("bob", "hungry");
      seen = yield* download(client, {
        keep,
        known,
        *take({ number }) {
          taken.push(number);
        },
      });
      yield* client.quit();
    });
    return { taken, known: seen };
  };
  const first = fetch(true, new Set());
  assert.deepEqual(first, { taken: [1, 2], known: new Set(["u.1", "u.2"]) });
  maildrops.contents.set("u.3", "new\r\n");
  assert.deepEqual(fetch(true, first.known).taken, [3]);
  assert.deepEqual(fetch(false, first.known).taken, [3]);
  assert.equal(maildrops.contents.size, 0);
});

test("a session that breaks while downloading and deleting loses nothing", () => {
  const maildrops = new TestMaildrops();
  assert.throws(() =>
    session(maildrops, function* (client) {
      yield* client.login("bob", "hungry");
      yield* download(client, {
        keep: false,
        known: new Set(),
        *take({ number }) {
          if (number === 2) throw new NetworkError("failed", "the disk is full");
        },
      });
    }),
  );
  assert.equal(maildrops.contents.size, 2);
});

test("whatever a server says, the client ends with an answer or an expected error", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "+OK",
      "+OK 2 40",
      "-ERR [AUTH] x",
      ".",
      "..",
      "1 20",
      "1 u",
      "x y",
      "+OK [",
      "99999999999999999 1",
    ),
    fc.string({ unit: "binary-ascii", maxLength: 10 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      try {
        against(lines.map((each) => `${each}\r\n`).join(""), {}, function* (client) {
          yield* client.login("bob", "hungry");
          yield* client.stat();
          yield* client.list();
          yield* client.uniqueIds();
          yield* client.retrieve(1);
          yield* client.quit();
        });
      } catch (error) {
        if (!(error instanceof HamletError)) throw error;
      }
    }),
    { numRuns: 400 },
  );
});

test("a message that does not end is cut off at the limit", () => {
  const flood = `+OK\r\n+OK\r\n${"x\r\n".repeat(1000)}`;
  assert.throws(() => against(flood, { messageMax: 1000 }, (client) => client.retrieve(1) as Task<unknown>), {
    code: "bad-reply",
  });
});

function session(maildrops: TestMaildrops, work: (client: Pop3Client) => Task<unknown>): void {
  const world = new MemoryWorld();
  const [a, b] = world.connectionPair();
  world.spawn(
    "server",
    (function* (): Task {
      try {
        yield* servePop3(b, { clock: world.clock }, maildrops);
      } catch (error) {
        if (!(error instanceof HamletError)) throw error;
      } finally {
        b.close();
      }
    })(),
  );
  try {
    world.run(
      (function* (): Task {
        const client = yield* Pop3Client.start(a);
        yield* work(client);
      })(),
    );
  } finally {
    a.abort();
    world.runUntilIdle();
  }
}

/** A server that says everything at once and ends. */
function against(
  text: string,
  options: Pop3ClientOptions,
  work: (client: Pop3Client) => Task<unknown>,
): void {
  const world = new MemoryWorld();
  const [a, b] = world.connectionPair(1 << 20);
  world.run(
    (function* (): Task {
      yield* b.write(text, 1000);
      b.end();
      yield* work(yield* Pop3Client.start(a, options));
    })(),
  );
}
