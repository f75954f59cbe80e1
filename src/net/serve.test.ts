import assert from "node:assert/strict";
import { test } from "node:test";
import { type Connection, type ServeOptions, serve, sleep, type Task, toByteString } from "./index.ts";
import { MemoryNetwork } from "./testing/memory-network.ts";

const OPTIONS: ServeOptions = { name: "talk", port: 25, connectionsMax: 2 };

/** Greets, then waits for one octet, then says goodbye. */
function* talk(connection: Connection): Task {
  yield* connection.write("hello", 10);
  yield* connection.readExactly(1, 10_000);
  yield* connection.write("bye", 10);
}

test("one task per connection, closed when its dialogue ends", () => {
  const network = new MemoryNetwork();
  network.world.run(
    (function* () {
      const service = yield* serve(network, OPTIONS, talk);
      const [one, two] = [network.open(25), network.open(25)];
      for (const client of [one, two]) yield* hears(client, "hello");
      assert.equal(service.connectionCount, 2);
      assert.deepEqual(network.world.runner.liveNames().slice(1), [
        "talk accept",
        "talk 192.0.2.1:1001",
        "talk 192.0.2.1:1001",
      ]);
      yield* two.write("x", 10);
      yield* hears(two, "bye");
      assert.equal(yield* two.read(1, 10), null);
      assert.equal(service.connectionCount, 1);
      yield* service.stop(0);
      yield* sleep(network.clock, 1);
      assert.deepEqual(network.world.runner.liveNames(), ["test"]);
    })(),
  );
});

test("one connection over the limit is refused in words, and the log says so; a place that is free again is taken", () => {
  const network = new MemoryNetwork();
  function* refuse(connection: Connection): Task {
    yield* connection.write("421 too many", 10);
  }
  network.world.run(
    (function* () {
      const service = yield* serve(network, { ...OPTIONS, refuse }, talk);
      const clients = [network.open(25), network.open(25)];
      for (const client of clients) yield* hears(client, "hello");
      const third = network.open(25);
      yield* hears(third, "421 too many");
      assert.equal(yield* third.read(1, 10), null);
      assert.match(network.logged[0], /^warn talk: refused 192\.0\.2\.1:1001: 2 connections are open$/);
      yield* clients[0].write("x", 10);
      yield* hears(clients[0], "bye");
      yield* sleep(network.clock, 1);
      yield* hears(network.open(25), "hello");
      yield* service.stop(0);
    })(),
  );
});

test("a refusal that takes its time keeps no place from a client that can be served", () => {
  const network = new MemoryNetwork();
  network.world.run(
    (function* () {
      const service = yield* serve(network, { ...OPTIONS, refuse: slowly(network) }, talk);
      const clients = [network.open(25), network.open(25)];
      for (const client of clients) yield* hears(client, "hello");
      yield* hears(network.open(25), "421 too many");
      yield* clients[0].write("x", 10);
      yield* hears(clients[0], "bye");
      yield* sleep(network.clock, 1);
      yield* hears(network.open(25), "hello");
      yield* service.stop(0);
    })(),
  );
});

test("a rush: 256 are refused in words, the others are reset after one word, and the log counts them", () => {
  const network = new MemoryNetwork();
  network.world.run(
    (function* () {
      const service = yield* serve(network, { ...OPTIONS, refuse: slowly(network) }, talk);
      const clients = Array.from({ length: 2 + 256 + 42 }, () => network.open(25));
      yield* sleep(network.clock, 1);
      assert.equal(service.connectionCount, 2);
      // The names of the tasks: this test, the accept, two dialogues and the refusals.
      assert.equal(network.world.runner.liveCount, 2 + 2 + 256);
      for (const client of clients.slice(2, 258)) yield* hears(client, "421 too many");
      const outcomes: string[] = [];
      for (const client of clients.slice(258)) outcomes.push(yield* codeOf(readOn(client)));
      assert.deepEqual(new Set(outcomes), new Set(["reset"]));
      const reset = "warn talk: reset 192.0.2.1:1001, and all who come while 256 others are being refused";
      assert.deepEqual(network.logged.slice(256), [reset]);
      yield* sleep(network.clock, 1000);
      assert.equal(network.logged[257], "warn talk: 42 connections were reset in this rush");
      assert.equal(network.logged.length, 258);
      // The rush is over: whoever comes now is refused in words again.
      yield* hears(network.open(25), "421 too many");
      yield* service.stop(0);
    })(),
  );
});

test("a refusal that fails at once harms nobody else", () => {
  const network = new MemoryNetwork();
  function* refuse(connection: Connection): Task {
    connection.end();
    yield* connection.write("too late", 10);
  }
  network.world.run(
    (function* () {
      const service = yield* serve(network, { ...OPTIONS, connectionsMax: 0, refuse }, talk);
      const clients = Array.from({ length: 300 }, () => network.open(25));
      yield* sleep(network.clock, 1);
      assert.equal(yield* codeOf(readOn(clients[299])), "reset");
      yield* service.stop(0);
    })(),
  );
});

/** Says why, then takes a second. */
function slowly(network: MemoryNetwork): (connection: Connection) => Task {
  return function* (connection) {
    yield* connection.write("421 too many", 10);
    yield* sleep(network.clock, 1000);
  };
}

/** Reads to the end, or to the error. */
function* readOn(client: Connection): Task {
  while ((yield* client.read(100, 10)) !== null);
}

test("stop lets dialogues end, but no longer than their grace; no new one begins", () => {
  const network = new MemoryNetwork();
  network.world.run(
    (function* () {
      const service = yield* serve(network, OPTIONS, talk);
      const [quick, slow] = [network.open(25), network.open(25)];
      for (const client of [quick, slow]) yield* hears(client, "hello");
      const beganNs = network.clock.nowNs();
      network.clock.startTimer(50, () => void network.spawn("quick", quick.write("x", 10)));
      yield* service.stop(200);
      assert.equal((network.clock.nowNs() - beganNs) / 1e6, 200);
      yield* hears(quick, "bye");
      assert.equal(yield* codeOf(slow.read(1, 10)), "reset");
      assert.throws(() => network.open(25), /nobody listens/);
    })(),
  );
});

test("stop ends at once when nobody is there", () => {
  const network = new MemoryNetwork();
  network.world.run(
    (function* () {
      const service = yield* serve(network, OPTIONS, talk);
      yield* service.stop(10_000);
      assert.equal(network.clock.nowNs(), 0);
    })(),
  );
  network.world.runUntilIdle();
  assert.equal(network.world.runner.liveCount, 0);
});

test("a dialogue that fails resets its connection and harms no other; our own mistakes are logged as errors", () => {
  const network = new MemoryNetwork();
  function* talkOrFail(connection: Connection): Task {
    if (toByteString(yield* connection.readExactly(1, 100)) === "!") throw new TypeError("our mistake");
    yield* connection.write("fine", 10);
  }
  network.world.run(
    (function* () {
      const service = yield* serve(network, OPTIONS, talkOrFail);
      const [bad, silent] = [network.open(25), network.open(25)];
      yield* bad.write("!", 10);
      assert.equal(yield* codeOf(bad.read(1, 10)), "reset");
      assert.equal(yield* codeOf(silent.read(1, 1000)), "reset");
      const good = network.open(25);
      yield* good.write("?", 10);
      yield* hears(good, "fine");
      assert.deepEqual(network.logged, [
        "error talk: 192.0.2.1:1001: our mistake",
        "info talk: 192.0.2.1:1001: 192.0.2.1:1001 did not send anything for 100 ms",
      ]);
      yield* service.stop(0);
    })(),
  );
});

function* hears(client: Connection, text: string): Task {
  assert.equal(toByteString(yield* client.readExactly(text.length, 1000)), text);
}

function* codeOf(task: Task<unknown>): Task<string> {
  try {
    yield* task;
    return "no error";
  } catch (error) {
    return (error as { code: string }).code;
  }
}
