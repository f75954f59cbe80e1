import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addressesOf,
  connectInTurn,
  lastly,
  NetworkError,
  type Resolver,
  sleep,
  type Task,
  withTimeLimit,
} from "./index.ts";
import { MemoryWorld } from "./testing/memory-world.ts";

const late = (): Error => new NetworkError("timed-out", "too late");

test("a piece that ends in time answers as if there were no limit", () => {
  const world = new MemoryWorld();
  function* piece(): Task<string> {
    for (let i = 0; i < 3; i++) yield* sleep(world.clock, 10);
    return "done";
  }
  assert.equal(world.run(withTimeLimit(world.clock, 31, piece(), late)), "done");
  assert.equal(world.timerCount, 0);
});

test("the limit is for all waits together, and catch and finally see it", () => {
  const world = new MemoryWorld();
  const seen: string[] = [];
  function* piece(): Task {
    try {
      for (;;) yield* sleep(world.clock, 10);
    } catch (error) {
      seen.push(String(error));
      throw error;
    } finally {
      yield* lastly(tidyUp(world, 100, seen));
    }
  }
  assert.throws(() => world.run(withTimeLimit(world.clock, 35, piece(), late)), { code: "timed-out" });
  assert.deepEqual(seen, ["NetworkError: too late", "finally"]);
  assert.equal(world.clock.nowNs(), 135e6);
  assert.equal(world.timerCount, 0);
});

test("errors of the piece come through", () => {
  const world = new MemoryWorld();
  function* piece(): Task {
    yield* sleep(world.clock, 1);
    throw new NetworkError("refused", "no");
  }
  assert.throws(() => world.run(withTimeLimit(world.clock, 10, piece(), late)), { code: "refused" });
  assert.equal(world.timerCount, 0);
});

test("cancelled from outside, the piece runs its finally, which may wait", () => {
  const world = new MemoryWorld();
  const seen: string[] = [];
  function* piece(): Task {
    try {
      yield* sleep(world.clock, 1000);
    } finally {
      yield* lastly(tidyUp(world, 5, seen));
    }
    seen.push("behind the finally");
  }
  const task = world.spawn("limited", withTimeLimit(world.clock, 10, piece(), late));
  world.runner.runReady();
  task.cancel();
  world.runUntilIdle();
  assert.deepEqual(seen, ["finally"]);
  assert.ok(task.done);
  assert.equal(world.timerCount, 0);
});

test("each address gets its share of the time, and the first that works wins", () => {
  const world = new MemoryWorld();
  const tried: [string, number][] = [];
  function* connectTo(address: string): Task<string> {
    tried.push([address, world.clock.nowNs() / 1e6]);
    if (address === "192.0.2.1") yield* sleep(world.clock, 10_000);
    if (address === "192.0.2.2") throw new NetworkError("refused", "no");
    return address;
  }
  const options = { timeoutMs: 3000 };
  const connecting = connectInTurn(world.clock, threeAddresses, "host", 25, options, connectTo);
  assert.equal(world.run(connecting), "192.0.2.3");
  assert.deepEqual(tried, [
    ["192.0.2.1", 0],
    ["192.0.2.2", 1000],
    ["192.0.2.3", 1000],
  ]);
});

test("the last address's error is the error", () => {
  const world = new MemoryWorld();
  function* connectTo(address: string): Task {
    yield* sleep(world.clock, address.endsWith("3") ? 1e6 : 0);
    throw new NetworkError("refused", "no");
  }
  const connecting = connectInTurn(world.clock, threeAddresses, "host", 25, { timeoutMs: 500 }, connectTo);
  assert.throws(() => world.run(connecting), { code: "timed-out", message: /host:25 .* 500 ms/ });
  assert.equal(world.clock.nowNs(), 500e6);
});

test("an address needs no look-up, and is of its family or not found", () => {
  const world = new MemoryWorld();
  assert.deepEqual(world.run(addressesOf(threeAddresses, "2001:DB8:0::1")), ["2001:db8::1"]);
  assert.deepEqual(world.run(addressesOf(threeAddresses, "host")), ["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
  assert.throws(() => world.run(addressesOf(threeAddresses, "192.0.2.1", 6)), { code: "name-not-found" });
});

function* tidyUp(world: MemoryWorld, ms: number, seen: string[]): Task {
  yield* sleep(world.clock, ms);
  seen.push("finally");
}

const threeAddresses: Resolver = {
  *addresses() {
    return ["192.0.2.1", "192.0.2.2", "192.0.2.3"];
  },
};
