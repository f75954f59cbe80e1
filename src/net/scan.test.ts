/** `Connection.scan`: large contents in pieces as they come. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Connection, type Task, toByteString } from "./index.ts";
import { MemoryWorld } from "./testing/memory-world.ts";

test("shows what is unread until it was enough, and leaves the rest to others", () => {
  const { world, near } = receiving(["ab", "c\r\ndone", ".next\r\n"]);
  const seen: string[] = [];
  const scanning = near.scan((unread) => {
    seen.push(toByteString(unread));
    const end = unread.indexOf(".".charCodeAt(0));
    return end === -1 ? { used: seen.length, isOver: false } : { used: end + 1, isOver: true };
  }, 1000);
  assert.equal(world.run(scanning), true);
  assert.deepEqual(seen, ["ab", "bc\r\ndone", "\r\ndone.next\r\n"]);
  assert.equal(world.run(near.readLine({ max: 20, timeoutMs: 1000 })), "next");
});

test("begins with what was read ahead; false at the end of the stream", () => {
  const { world, near } = receiving(["ab\r\ncd"]);
  assert.equal(world.run(near.readLine({ max: 20, timeoutMs: 1000 })), "ab");
  const seen: string[] = [];
  const scanning = near.scan((unread) => {
    seen.push(toByteString(unread));
    return { used: 0, isOver: false };
  }, 1000);
  assert.equal(world.run(scanning), false);
  assert.deepEqual(seen, ["cd"]);
  assert.equal(toByteString(world.run(near.readExactly(2, 10))), "cd");
});

test("throws when nothing more comes in time", () => {
  const world = new MemoryWorld();
  const [near] = world.connectionPair();
  const scanning = near.scan(() => ({ used: 0, isOver: false }), 100);
  assert.throws(() => world.run(scanning), { code: "timed-out" });
  assert.equal(world.clock.nowNs(), 100e6);
});

/** A connection, and what its peer sends in these pieces, one after the other; then the peer's end. */
function receiving(pieces: readonly string[]): { world: MemoryWorld; near: Connection } {
  const world = new MemoryWorld();
  const [near, far] = world.connectionPair();
  world.spawn("peer", sendAll(far, pieces));
  return { world, near };
}

function* sendAll(connection: Connection, pieces: readonly string[]): Task {
  for (const piece of pieces) yield* connection.write(piece, 1000);
  connection.end();
}
