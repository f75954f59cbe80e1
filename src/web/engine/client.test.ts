import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { NetworkView, Request, TimeView } from "../../engine/protocol/index.ts";
import { EngineClient, type EngineError, retryAfterMs } from "./client.ts";
import type { TransportListener } from "./transport.ts";

/** The other end of a client, by hand: each connection it opens is kept with what was sent on it. */
function connected(version = 1) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const ends: { listener: TransportListener; sent: Request[]; closed: boolean }[] = [];
  const client = new EngineClient((listener) => {
    const end = { listener, sent: [] as Request[], closed: false };
    ends.push(end);
    return { send: (request) => end.sent.push(request), close: () => (end.closed = true) };
  });
  client.connect();
  const welcome = async (): Promise<void> => {
    const { listener, sent } = ends.at(-1)!;
    listener.onOpen();
    const result = {
      version,
      place: "worker",
      savesTo: "mine.yaml",
      network: {} as NetworkView,
      time: {} as TimeView,
    } as const;
    listener.onMessage({ id: sent[0]!.id, result });
    await settled();
  };
  return { client, ends, welcome };
}

/** All promises that can be settled are. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

test("it greets first, and is open only after the welcome", async () => {
  const { client, ends, welcome } = connected();
  await assert.rejects(client.request("time.play", {}), { code: "no-connection" });
  await welcome();
  assert.deepEqual(
    ends[0]!.sent.map(({ method }) => method),
    ["hello"],
  );
  assert.deepEqual(client.connection.get(), {
    state: "open",
    place: "worker",
    savesTo: "mine.yaml",
    epoch: 1,
  });
  mock.timers.reset();
});

test("answers find their requests in any order, problems are errors", async () => {
  const { client, ends, welcome } = connected();
  await welcome();
  const { listener, sent } = ends[0]!;
  const first = client.request("topology.remove", { node: "a" });
  const second = client.request("time.inputs", {});
  listener.onMessage({ id: sent[2]!.id, result: [] });
  listener.onMessage({ id: sent[1]!.id, error: { code: "no-node", message: "there is no node a" } });
  assert.deepEqual(await second, []);
  await assert.rejects(
    first,
    (error: EngineError) => error.code === "no-node" && /no node a/.test(error.message),
  );
  mock.timers.reset();
});

test("events go to those who listen, until they stop", async () => {
  const { client, ends, welcome } = connected();
  await welcome();
  const seen: number[] = [];
  const stop = client.on("inputs", (inputs) => seen.push(inputs.length));
  ends[0]!.listener.onMessage({ event: "inputs", data: [] });
  stop();
  ends[0]!.listener.onMessage({ event: "inputs", data: [] });
  assert.deepEqual(seen, [0]);
  mock.timers.reset();
});

test("a lost connection fails what waits, and comes back by itself, later each time", async () => {
  const { client, ends, welcome } = connected();
  await welcome();
  const waiting = client.request("time.play", {});
  ends[0]!.listener.onClose("gone");
  await assert.rejects(waiting, { code: "no-connection" });
  assert.equal(client.connection.get().state, "lost");
  mock.timers.tick(250);
  assert.equal(ends.length, 2);
  ends[1]!.listener.onClose("still gone");
  mock.timers.tick(499);
  assert.equal(ends.length, 2);
  mock.timers.tick(1);
  await welcome();
  assert.deepEqual(client.connection.get(), {
    state: "open",
    place: "worker",
    savesTo: "mine.yaml",
    epoch: 2,
  });
  assert.deepEqual([1, 2, 3, 6, 50].map(retryAfterMs), [250, 500, 1_000, 8_000, 8_000]);
  mock.timers.reset();
});

test("an engine of another version is refused, not misunderstood", async () => {
  const { client, ends, welcome } = connected(2);
  await welcome();
  assert.equal(client.connection.get().state, "refused");
  assert.ok(ends[0]!.closed);
  mock.timers.tick(60_000);
  assert.equal(ends.length, 1);
  mock.timers.reset();
});

test("an engine that never answers is lost", () => {
  const { client, ends } = connected();
  ends[0]!.listener.onOpen();
  mock.timers.tick(30_000);
  assert.equal(client.connection.get().state, "lost");
  mock.timers.reset();
});
