import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Connection, fromByteString, NetworkError, relay } from "./index.ts";
import { MemoryWorld } from "./testing/memory-world.ts";

/** client - near : relay : far - server */
function setUp(capacity?: number) {
  const world = new MemoryWorld();
  const [client, near] = world.socketPair(capacity);
  const [far, server] = world.socketPair(capacity);
  const joined = world.spawn(
    "relay",
    relay(new Connection(near, world.clock), new Connection(far, world.clock), world.clock, { idleMs: 1000 }),
  );
  return { world, client, near, far, server, joined };
}

test("carries octets both ways, passes half-close on, and ends when both directions have", () => {
  const { world, client, near, far, server, joined } = setUp();
  const talk = new Connection(client, world.clock);
  const answer = new Connection(server, world.clock);
  world.run(
    (function* () {
      yield* talk.write("question", 100);
      talk.end();
      const question = yield* answer.readExactly(8, 100);
      assert.deepEqual(question, fromByteString("question"));
      assert.equal(yield* answer.read(1, 100), null);
      // Our direction is closed, the other still works.
      yield* answer.write("an answer", 100);
      assert.deepEqual(yield* talk.readExactly(9, 100), fromByteString("an answer"));
      answer.close();
      assert.equal(yield* talk.read(1, 100), null);
      assert.deepEqual(yield* joined.join(), { leftToRight: 8, rightToLeft: 9 });
    })(),
  );
  assert.ok(near.isOver && far.isOver);
  world.runUntilIdle();
  assert.equal(world.runner.liveCount, 0);
});

test("nothing is lost, added or reordered, whatever the buffers hold", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 100 }),
      (pieces, capacity) => {
        const { world, client, server } = setUp(capacity);
        const [talk, listen] = [new Connection(client, world.clock), new Connection(server, world.clock)];
        const received: number[] = [];
        world.spawn(
          "sender",
          (function* () {
            for (const piece of pieces) yield* talk.write(piece, 500);
            talk.end();
          })(),
        );
        world.run(
          (function* () {
            for (;;) {
              const part = yield* listen.read(64, 500);
              if (part === null) break;
              received.push(...part);
            }
          })(),
        );
        assert.deepEqual(
          received,
          pieces.flatMap((piece) => [...piece]),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test("a slow reader stops the sender: at most the sockets' buffers and one piece are under way", () => {
  const { world, client } = setUp(100);
  let taken = 0;
  client.onChange = () => {
    taken += client.send(new Uint8Array(1000));
  };
  client.onChange();
  world.runFor(500);
  assert.ok(taken <= 300, `${taken} octets were taken though nobody reads`);
});

test("a reset on one side resets the other", () => {
  const { world, client, server, joined } = setUp();
  client.abort();
  assert.throws(
    () => world.run(joined.join()),
    (error) => error instanceof NetworkError && error.code === "reset",
  );
  world.runUntilIdle();
  assert.throws(() => server.receive(1), { code: "reset" });
});

test("an idle relay ends after its limit, and only then", () => {
  const { world, client, server, joined } = setUp();
  world.run(
    (function* () {
      yield* new Connection(client, world.clock).write("x", 100);
      yield* new Connection(server, world.clock).readExactly(1, 100);
    })(),
  );
  world.clock.startTimer(900, () => server.send(fromByteString("y")));
  const end = { atMs: 0 };
  joined.whenDone(() => {
    end.atMs = world.clock.nowNs() / 1e6;
  });
  assert.throws(() => world.run(joined.join()), /nothing moved between .* for 1 s/);
  assert.equal(Math.round(end.atMs), 1900);
  assert.equal(world.timerCount, 2, "only the news of the two resets is still on its way");
});

test("a cancelled relay breaks both connections", () => {
  const { world, client, server, joined } = setUp();
  world.runner.runReady();
  joined.cancel();
  world.runUntilIdle();
  assert.throws(() => client.receive(1), { code: "reset" });
  assert.throws(() => server.receive(1), { code: "reset" });
});
