/** What comes back for echo requests, until their socket is closed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { EchoSocket, Task } from "../net/index.ts";
import { routedHosts, twoHosts } from "./testing/networks.ts";

const payload = new Uint8Array(8);

test("a socket hears every answer to its requests, each as often as it comes", () => {
  for (const address of ["10.0.0.2", "2001:db8::2"]) {
    const { world, a } = twoHosts({ duplicate: 1 });
    const socket = a.network.pinger.open(address);
    for (const sequence of [1, 0x1_0002]) socket.send({ sequence, payload });
    const answers = world.run(answersTo(socket));
    // Both the request and its answer are doubled.
    assert.deepEqual(answers, [1, 2].flatMap((n) => Array(4).fill(`${n} reply ${address}`)).sort());
    socket.close();
  }
});

test("a socket hears of nobody else's, and of nothing once it is closed", () => {
  const { world, a } = twoHosts();
  const sockets = [1, 2].map(() => a.network.pinger.open("10.0.0.2"));
  for (const [i, socket] of sockets.entries()) socket.send({ sequence: i, payload });
  sockets[1].close();
  assert.deepEqual(world.run(answersTo(sockets[0])), ["0 reply 10.0.0.2"]);
  assert.deepEqual(world.run(answersTo(sockets[1])), []);
});

test("a router's error names the request that it is about", () => {
  for (const [address, router] of [
    ["10.0.2.2", "10.0.1.254"],
    ["2001:db8:2::2", "2001:db8:1::fe"],
  ]) {
    const { world, a } = routedHosts();
    const socket = a.network.pinger.open(address);
    socket.send({ sequence: 7, payload });
    socket.send({ sequence: 8, payload, ttl: 1 });
    const answers = world.run(answersTo(socket));
    assert.deepEqual(answers, [`7 reply ${address}`, `8 time-exceeded ${router}`]);
  }
});

test("what nobody takes is lost beyond a bound, and so are more sockets than there are identifiers", () => {
  const { world, a } = twoHosts();
  const socket = a.network.pinger.open("10.0.0.2");
  socket.send({ sequence: 0, payload });
  // The first one asks for the way; the others would wait for that, which has a bound of its own.
  world.runUntil(10e6);
  for (let sequence = 1; sequence < 300; sequence++) socket.send({ sequence, payload });
  world.runUntil(1e9);
  assert.equal(world.run(answersTo(socket)).length, 256);
  const others = Array.from({ length: 0xffff }, () => a.network.pinger.open("10.0.0.2"));
  assert.throws(() => a.network.pinger.open("10.0.0.2"), { code: "too-many" });
  others[5].close();
  a.network.pinger.open("10.0.0.2").send({ sequence: 1, payload });
});

/** "1 reply 10.0.0.2", sorted; all that come within a second of one another. */
function* answersTo(socket: EchoSocket): Task<string[]> {
  const answers: string[] = [];
  for (;;) {
    const answer = yield* socket.receive(1000);
    if (answer === undefined) return answers.sort();
    answers.push(`${answer.sequence} ${answer.kind} ${answer.from}`);
  }
}
