import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { type Connection, NetworkError, serve, sleep, type Task } from "../net/index.ts";
import { Capture } from "./capture/index.ts";
import type { SimHost } from "./host.ts";
import { replayTo } from "./replay.ts";
import { ping, routedHosts, twoHosts } from "./testing/networks.ts";
import { World } from "./world.ts";

/** TCP and pings in both families over a link that does all the harm it can. */
function busyWorld(seed: number): World {
  const { world, a, b, link } = twoHosts({ seed, delayMs: 3, bandwidthBps: 1e7, queuePackets: 20 });
  link.setOptions({ jitterMs: 2, loss: 0.02, reorder: 0.05, duplicate: 0.02, corrupt: 0.01 });
  link.setOptions({ lossBurst: { enter: 0.002, leave: 0.3 } });
  b.network.spawn("serve", serve(b.network, { name: "echo", port: 7, connectionsMax: 9 }, echo));
  for (const address of ["10.0.0.2", "2001:db8::2"]) {
    a.network.spawn(`client of ${address}`, client(a, address));
    a.network.spawn(`pings to ${address}`, manyPings(a, address));
  }
  return world;
}

function* echo(connection: Connection): Task {
  for (;;) {
    const part = yield* connection.read(9999, 60_000);
    if (part === null) return;
    yield* connection.write(part, 60_000);
  }
}

/** Sends 30,000 octets and expects them back. */
function* client(host: SimHost, address: string): Task {
  const connection = yield* host.network.connect(address, 7, { timeoutMs: 60_000 });
  const sent = host.network.random.bytes(30_000);
  yield* connection.write(sent, 60_000);
  connection.end();
  assert.deepEqual(yield* connection.readExactly(sent.length, 60_000), sent);
  connection.close();
}

function* manyPings(host: SimHost, address: string): Task {
  for (let i = 0; i < 20; i++) {
    try {
      yield* ping(host, address, i * 200);
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
    }
  }
}

/** A fingerprint of every frame event of a world, and how many there were. */
function fingerprint(world: World): { hash: string; events: number } {
  const hash = createHash("sha256");
  let events = 0;
  world.addTap({
    handleFrame(event) {
      events++;
      hash.update(`${event.timeNs} ${event.kind} ${event.interfaceId} ${event.packetId} ${event.reason}\n`);
      hash.update(event.bytes);
    },
  });
  world.runUntil(400e9);
  return { hash: hash.digest("hex"), events };
}

describe("a world is repeatable", () => {
  test("the same seed gives the same frames at the same times, another seed others", () => {
    const first = fingerprint(busyWorld(1));
    assert.ok(first.events > 500, `${first.events} events`);
    assert.deepEqual(fingerprint(busyWorld(1)), first);
    assert.notEqual(fingerprint(busyWorld(2)).hash, first.hash);
  });

  test("watching changes nothing", () => {
    const watched = busyWorld(3);
    fingerprint(watched);
    const unwatched = busyWorld(3);
    unwatched.runUntil(400e9);
    assert.equal(unwatched.executed, watched.executed);
    assert.deepEqual(
      { ...unwatched.links[0].counters("a-to-b") },
      { ...watched.links[0].counters("a-to-b") },
    );
  });

  test("one more host changes nothing for the others", () => {
    const larger = busyWorld(1);
    larger.addHost("bystander").addInterface({ addresses: ["10.9.9.9/24"] });
    assert.equal(fingerprint(larger).hash, fingerprint(busyWorld(1)).hash);
  });

  test("going back is running again as far", () => {
    const world = busyWorld(1);
    world.runUntil(50e6);
    const { executed, nowNs } = world;
    const state = JSON.stringify(world.hosts.map((host) => host.kernel.tcp.sockets()));
    world.runUntil(400e9);
    const again = replayTo(() => busyWorld(1), executed);
    assert.equal(again.executed, executed);
    assert.ok(again.nowNs <= nowNs);
    assert.equal(JSON.stringify(again.hosts.map((host) => host.kernel.tcp.sockets())), state);
    assert.throws(() => replayTo(() => twoHosts().world, 1), RangeError);
  });
});

describe("time", () => {
  test("runUntil moves the clock exactly there, events at that instant included", () => {
    const { world } = twoHosts();
    const seen: number[] = [];
    for (const timeNs of [5, 10, 11]) world.schedule.at(timeNs, () => seen.push(timeNs));
    world.runUntil(10);
    assert.deepEqual(seen, [5, 10]);
    assert.equal(world.nowNs, 10);
    assert.equal(world.nextAtNs, 11);
    world.runUntil(100);
    assert.equal(world.nowNs, 100);
    assert.equal(world.step(), false);
  });

  test("runUntilIdle says whether all is quiet", () => {
    const { world, a } = twoHosts();
    a.network.spawn("sleeper", sleep(a.network.clock, 5000));
    assert.equal(world.runUntilIdle({ maxNs: 4e9 }), false);
    assert.equal(world.runUntilIdle({ maxNs: 6e9 }), true);
    assert.equal(world.nowNs, 5e9);
  });

  test("the wall clock starts where it is told to", () => {
    const world = new World({ seed: 1, startUnixMs: 1e12 });
    const host = world.addHost("a");
    world.runUntil(1.5e9);
    assert.equal(host.network.clock.unixMs(), 1e12 + 1500);
  });

  test("a task that waits for what never comes is an error, not an endless loop", () => {
    const { world, a } = twoHosts();
    const never = function* (): Task {
      const listener = yield* a.network.listen({ port: 7 });
      yield* listener.accept();
    };
    assert.throws(() => world.run(never()), /waits for something that will never happen/);
    assert.throws(() => world.run(sleep(a.network.clock, 5000), { maxNs: 1e9 }), /did not end within/);
  });

  test("the failure of a task that nobody joined is thrown, or told to whoever asked for it", () => {
    const { world, a } = twoHosts();
    a.network.spawn("broken", brokenTask());
    assert.throws(() => world.runUntil(1), /broken on purpose/);
    const heard: string[] = [];
    const other = new World({
      seed: 1,
      onTaskFailure: (error, task, host) => heard.push(`${host} ${task} ${error}`),
    });
    other.addHost("h").network.spawn("broken", brokenTask());
    other.runUntil(1);
    assert.deepEqual(heard, ["h broken Error: broken on purpose"]);
  });
});

describe("power", () => {
  test("a host that goes off says nothing, loses its tasks and its sockets, and comes back empty", () => {
    const { world, a, b } = twoHosts();
    const powers: boolean[] = [];
    b.onPower = (on) => powers.push(on);
    b.network.spawn("serve", serve(b.network, { name: "echo", port: 7, connectionsMax: 9 }, echo));
    world.runUntil(1);
    const connection = world.run(a.network.connect("10.0.0.2", 7, { timeoutMs: 1000 }));
    world.runUntil(world.nowNs + 1e6);
    assert.deepEqual(world.liveTaskNames, ["b: echo accept", `b: echo 10.0.0.1:${connection.local.port}`]);
    const sentBefore = world.links[0].counters("b-to-a").sentPackets;
    b.powerOff();
    world.runUntil(world.nowNs + 60e9);
    assert.equal(world.links[0].counters("b-to-a").sentPackets, sentBefore);
    assert.deepEqual(world.liveTaskNames, []);
    assert.throws(() => world.run(b.network.listen({ port: 9 })), { code: "closed" });
    assert.throws(() => world.run(a.network.connect("10.0.0.2", 7, { timeoutMs: 1000 })), {
      code: "timed-out",
    });
    b.powerOn();
    assert.deepEqual(powers, [false, true]);
    assert.deepEqual(b.kernel.tcp.sockets(), []);
    assert.throws(() => world.run(a.network.connect("10.0.0.2", 7, { timeoutMs: 9000 })), {
      code: "refused",
    });
    // The old connection is unknown to the new kernel, which says so.
    world.run(connection.write("hello", 1000));
    assert.throws(() => world.run(connection.read(9, 200_000)), { code: "reset" });
  });

  test("timers and tasks that are started while it is off do not run", () => {
    const { world, b } = twoHosts();
    let fired = false;
    b.network.clock.startTimer(1000, () => (fired = true));
    b.powerOff();
    const handle = b.network.spawn("late", sleep(b.network.clock, 10));
    world.runUntil(5e9);
    assert.equal(handle.done, true);
    assert.equal(fired, false);
    b.powerOn();
    assert.match(world.run(ping(b, "10.0.0.1")), /^reply/);
  });

  test("packets to a router that is off are lost, and said to be", () => {
    const { world, a, r } = routedHosts();
    world.run(ping(a, "10.0.2.2"));
    r.powerOff();
    const drops: string[] = [];
    world.addTap({
      handleFrame: ({ kind, reason }) => {
        if (kind === "drop") drops.push(`${reason}`);
      },
    });
    assert.throws(() => world.run(ping(a, "10.0.2.2")), { code: "timed-out" });
    assert.ok(drops.includes("the host is off"));
  });
});

describe("what the tap sees", () => {
  test("each packet has one origin, and keeps its number on the way", () => {
    const { world, a } = routedHosts();
    world.run(ping(a, "10.0.2.2"));
    const kinds = new Map<number, string[]>();
    world.addTap({
      handleFrame({ packetId, kind }) {
        kinds.set(packetId, [...(kinds.get(packetId) ?? []), kind]);
      },
    });
    world.run(ping(a, "10.0.2.2"));
    assert.deepEqual(
      [...kinds.values()],
      [
        ["origin", "receive", "forward", "receive"],
        ["origin", "receive", "forward", "receive"],
      ],
    );
  });

  test("what it was shown does not change any more", () => {
    const { world, a } = routedHosts();
    const seen: { bytes: Uint8Array; copy: Uint8Array }[] = [];
    world.addTap({ handleFrame: ({ bytes }) => seen.push({ bytes, copy: bytes.slice() }) });
    world.run(ping(a, "10.0.2.2"));
    world.run(ping(a, "2001:db8:2::2"));
    assert.ok(seen.length > 10);
    for (const { bytes, copy } of seen) assert.deepEqual(bytes, copy);
  });

  test("interfaces are at the index that is their number", () => {
    const { world } = routedHosts();
    for (const [i, nic] of world.interfaces.entries()) assert.equal(nic.id, i);
    assert.deepEqual(
      world.interfaces.map(({ hostName, name }) => `${hostName}/${name}`),
      ["a/lo", "r/lo", "b/lo", "a/eth0", "r/eth0", "r/eth1", "b/eth0"],
    );
  });
});

describe("building", () => {
  test("mistakes are refused with a sentence", () => {
    const { world, a } = twoHosts();
    assert.throws(() => world.addHost("a"), /already/);
    assert.throws(() => world.addSwitch("b"), /already/);
    assert.throws(() => a.addInterface({ name: "eth0" }), /has an interface eth0 already/);
    assert.throws(() => a.addInterface({ addresses: ["10.0.0.1"] }), TypeError);
    assert.throws(() => a.addInterface({ name: "x", mac: "zz" }), TypeError);
    assert.throws(() => a.addInterface({ name: "y", mtu: 10 }), RangeError);
  });
});

function* brokenTask(): Task {
  throw new Error("broken on purpose");
}

test("what a receiver throws away for its checksum is a drop, and the capture says so beside the packet", () => {
  const world = busyWorld(1);
  const capture = new Capture();
  const reasons = new Set<string | undefined>();
  world.addTap(capture);
  world.addTap({ handleFrame: ({ kind, reason }) => kind === "drop" && reasons.add(reason) });
  world.runUntilIdle({ maxNs: 600e9 });
  assert.ok(reasons.has("wrong TCP checksum"), [...reasons].join("; "));
  const comments = [...capture.packets()].map(({ comment }) => comment ?? "");
  assert.ok(comments.some((comment) => /dropped at .* after .* ms: wrong TCP checksum/.test(comment)));
});
