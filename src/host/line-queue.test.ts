import assert from "node:assert/strict";
import { test } from "node:test";
import { testTerminal } from "../cli/testing/test-terminal.ts";
import { MemoryWorld } from "../net/testing/memory-world.ts";
import { LineQueue } from "./line-queue.ts";

test("lines come out in order, whether they or their reader were there first; then null for ever", () => {
  const world = new MemoryWorld();
  const queue = new LineQueue();
  queue.push("one");
  assert.equal(world.run(queue.readLine()), "one");
  world.clock.startTimer(5, () => queue.push("two"));
  assert.equal(world.run(queue.readLine()), "two");
  queue.push("three");
  queue.end();
  queue.push("too late");
  const read = () => world.run(queue.readLine());
  assert.deepEqual([read(), read(), read()], ["three", null, null]);
});

test("a reader that gave up takes no line with it", () => {
  const queue = new LineQueue();
  const giveUp = queue.read(() => assert.fail("it gave up"));
  giveUp();
  queue.push("for the next one");
  let got: string | null | undefined;
  queue.read((line) => (got = line));
  assert.equal(got, "for the next one");
});

test("a full queue asks to wait and says when there is room", () => {
  const queue = new LineQueue();
  let taken = 1;
  while (queue.push("x")) taken++;
  let rooms = 0;
  queue.onRoom = () => rooms++;
  for (let i = 0; i < taken; i++) queue.read(() => {});
  assert.deepEqual([taken, rooms], [1024, 1]);
});

test("a terminal's input: lines with any end, and a last one without", async () => {
  const { context, stdin } = testTerminal();
  const next = () => new Promise<string | null>((resolve) => context.terminal.input.read(resolve));
  stdin.write("one\r\ntw");
  assert.equal(await next(), "one");
  stdin.end("o\nthree");
  assert.deepEqual([await next(), await next(), await next()], ["two", "three", null]);
});
