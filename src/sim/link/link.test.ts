import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sleep, type Task } from "../../net/index.ts";
import { twoHosts } from "../testing/networks.ts";
import { Transcript } from "../testing/transcript.ts";
import type { ConnectOptions } from "../world.ts";

interface Arrival {
  readonly number: number;
  readonly atNs: number;
  readonly sentAtNs: number;
}

/** What arrives at b of `count` datagrams of 972 octets (1014 as frames), one each `everyNs`. */
function send(options: ConnectOptions & { seed?: number }, count: number, everyNs: number): Arrival[] {
  const { world, a, b, link } = twoHosts();
  const arrivals: Arrival[] = [];
  const firstAtNs = 1e9;
  world.run(
    (function* (): Task {
      const receiver = yield* b.network.bind({ port: 9 });
      const sender = yield* a.network.bind({ port: 0 });
      // The neighbour cache is filled before the faults begin.
      sender.send(new Uint8Array(972), { address: "10.0.0.2", port: 9 });
      yield* receiver.receive(1000);
      link.setOptions(options);
      for (let i = 0; i < count; i++) {
        const bytes = new Uint8Array(972);
        bytes.set([i >> 16, i >> 8, i]);
        world.schedule.at(firstAtNs + i * everyNs, () =>
          sender.send(bytes, { address: "10.0.0.2", port: 9 }),
        );
      }
      for (;;) {
        const datagram = yield* receiver.receive(2000);
        if (datagram === undefined) break;
        const number = (datagram.bytes[0] << 16) | (datagram.bytes[1] << 8) | datagram.bytes[2];
        const sentAtNs = firstAtNs + number * everyNs;
        arrivals.push({ number, sentAtNs, atNs: world.nowNs });
      }
    })(),
  );
  return arrivals;
}

/** `count` of `n` is `p` within 4 standard deviations of a binomial distribution: it fails once in 16,000 seeds. */
function assertRate(count: number, n: number, p: number): void {
  const deviation = Math.sqrt(n * p * (1 - p));
  assert.ok(
    Math.abs(count - n * p) < 4 * deviation,
    `${count} of ${n} is not ${p} (± ${4 * deviation} of ${n * p})`,
  );
}

const N = 5000;
const EVERY = 100_000;

describe("each knob does what it says", () => {
  test("who asks for room gets what the queue takes, but for a part that others may need", () => {
    const cases: [ConnectOptions, number, number][] = [
      [{ bandwidthBps: 1e6, queuePackets: 40 }, 30, 0],
      [{ bandwidthBps: 1e6, queueBytes: 4056 }, 3, 0],
      // As many as Linux has on their way for one socket.
      [{ bandwidthBps: 1e6, queuePackets: 10_000 }, 210, 0],
      [{ bandwidthBps: 1e6, queuePackets: 1 }, 1, 0],
    ];
    for (const [options, first, then] of cases) {
      const { world, a, link } = twoHosts();
      link.setOptions(options);
      const to = { address: "10.0.0.2", port: 9 };
      const direction = a.interfaces.find((nic) => nic.outgoing !== undefined && !nic.isLoopback)?.outgoing;
      assert.equal(direction?.room(1014), first);
      world.run(
        (function* (): Task {
          const socket = yield* a.network.bind({ port: 0 });
          // The neighbour is asked for first.
          socket.send(new Uint8Array(10), to);
          yield* sleep(a.network.clock, 100);
          for (let i = 0; i < first; i++) socket.send(new Uint8Array(972), to);
        })(),
      );
      assert.equal(direction?.room(1014), then);
      link.setUp(false);
      assert.equal(direction?.room(1014), Number.POSITIVE_INFINITY);
    }
  });

  test("delay: a packet arrives when it has been sent and has travelled", () => {
    const [first, second] = send({ delayMs: 7, bandwidthBps: 1e6 }, 2, 0);
    // 1014 octets take 8.112 ms at 1 Mbit/s.
    assert.equal(first.atNs - first.sentAtNs, 8_112_000 + 7_000_000);
    assert.equal(second.atNs - second.sentAtNs, 2 * 8_112_000 + 7_000_000);
  });

  test("bandwidth: packets leave at its rate", () => {
    const arrivals = send({ delayMs: 0, bandwidthBps: 1e7 }, 100, 0);
    assert.equal(arrivals[99].atNs - arrivals[0].atNs, 99 * 811_200);
  });

  test("queuePackets: so many wait, with one being sent; the rest is dropped", () => {
    const arrivals = send({ bandwidthBps: 1e6, queuePackets: 10 }, 100, 0);
    assert.deepEqual(
      arrivals.map(({ number }) => number),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
  });

  test("queueBytes: so many octets wait", () => {
    const arrivals = send({ bandwidthBps: 1e6, queueBytes: 3 * 1014 + 1 }, 100, 0);
    assert.deepEqual(
      arrivals.map(({ number }) => number),
      [0, 1, 2, 3],
    );
  });

  test("jitter: up to so much later, never out of order", () => {
    const arrivals = send({ delayMs: 3, jitterMs: 2, bandwidthBps: 1e12 }, 1000, 10e6);
    assert.deepEqual(
      arrivals.map(({ number }) => number),
      [...arrivals.keys()],
    );
    const delays = arrivals.map(({ atNs, sentAtNs }) => (atNs - sentAtNs) / 1e6);
    const [least, most] = [Math.min(...delays), Math.max(...delays)];
    assert.ok(least >= 3 && least < 3.05 && most <= 5.01 && most > 4.95, `${least} to ${most}`);
    const mean = delays.reduce((sum, delay) => sum + delay) / 1000;
    assert.ok(Math.abs(mean - 4) < 0.08, `mean ${mean}`);
  });

  test("jitter: packets closer together than the jitter stay in order too", () => {
    const arrivals = send({ delayMs: 3, jitterMs: 2 }, 500, EVERY);
    assert.deepEqual(
      arrivals.map(({ number }) => number),
      [...Array(500).keys()],
    );
  });

  for (const loss of [0.001, 0.05, 0.3]) {
    test(`loss ${loss}`, () => assertRate(N - send({ loss }, N, EVERY).length, N, loss));
  }

  test("loss 0 loses nothing, loss 1 everything", () => {
    assert.equal(send({ loss: 0 }, 100, EVERY).length, 100);
    assert.equal(send({ loss: 1 }, 100, EVERY).length, 0);
  });

  test("lossBurst: the rate and the length of bursts", () => {
    const n = 20_000;
    const arrivals = send({ lossBurst: { enter: 0.01, leave: 0.2 } }, n, EVERY);
    const numbers = [-1, ...arrivals.map(({ number }) => number), n];
    const gaps = numbers
      .slice(1)
      .map((number, i) => number - numbers[i] - 1)
      .filter((gap) => gap > 0);
    const lost = gaps.reduce((sum, gap) => sum + gap);
    // In the long run enter / (enter + leave) of all packets, in bursts of 1 / leave.
    assert.ok(Math.abs(lost / n - 0.01 / 0.21) < 0.01, `lost ${lost / n}`);
    assert.ok(Math.abs(lost / gaps.length - 5) < 1, `bursts of ${lost / gaps.length}`);
  });

  test("reorder: so many packets are overtaken", () => {
    const arrivals = send({ reorder: 0.1, reorderMs: 3 }, N, EVERY);
    assert.equal(arrivals.length, N);
    const late = arrivals.filter(({ atNs, sentAtNs }) => atNs - sentAtNs > 3e6);
    assertRate(late.length, N, 0.1);
    let highest = -1;
    let overtaken = 0;
    for (const { number } of arrivals) {
      if (number < highest) overtaken++;
      highest = Math.max(highest, number);
    }
    assert.equal(overtaken, late.length);
  });

  test("duplicate: so many packets arrive twice", () => {
    const arrivals = send({ duplicate: 0.1 }, N, EVERY);
    assertRate(arrivals.length - N, N, 0.1);
    assert.equal(new Set(arrivals.map(({ number }) => number)).size, N);
  });

  test("corrupt: the checksums find so many packets, and nothing wrong gets through", () => {
    const arrivals = send({ corrupt: 0.1 }, N, EVERY);
    const lost = N - arrivals.length;
    assertRate(lost, N, 0.1);
    for (const { number } of arrivals) assert.ok(number < N);
  });

  test("a knob that makes no sense is refused", () => {
    const { link } = twoHosts();
    for (const wrong of [
      { loss: 1.1 },
      { loss: Number.NaN },
      { delayMs: -1 },
      { bandwidthBps: 0 },
      { reorder: -0.1 },
    ]) {
      assert.throws(() => link.setOptions(wrong), RangeError);
    }
    assert.throws(() => link.setOptions({ lossBurst: { enter: 2, leave: 0 } }), RangeError);
  });
});

describe("a link", () => {
  function* pingOnce(from: ReturnType<typeof twoHosts>["a"], timeoutMs: number): Task<string> {
    try {
      const options = { sequence: 1, payload: new Uint8Array(0), timeoutMs };
      return (yield* from.network.pinger.ping("10.0.0.2", options)).kind;
    } catch {
      return "nothing";
    }
  }

  test("a partition holds in one direction or in both, and heals", () => {
    const { world, a, link } = twoHosts();
    assert.equal(world.run(pingOnce(a, 500)), "reply");
    const transcript = new Transcript(world);
    link.partition("b-to-a");
    assert.equal(world.run(pingOnce(a, 500)), "nothing");
    const [request, arrival, answer, drop] = transcript.take();
    assert.match(request, /origin a\/eth0: .* Echo request/);
    assert.match(arrival, /receive b\/eth0: .* Echo request/);
    assert.match(answer, /origin b\/eth0: .* Echo reply/);
    assert.match(drop, /drop b\/eth0: .* Echo reply.* \(partition\)$/);
    link.partition("a-to-b");
    assert.equal(world.run(pingOnce(a, 500)), "nothing");
    assert.equal(transcript.take("receive").length, 0);
    link.partition("none");
    assert.equal(world.run(pingOnce(a, 500)), "reply");
  });

  test("an unplugged link loses what is on its way", () => {
    const { world, a, link } = twoHosts({ delayMs: 10 });
    assert.equal(world.run(pingOnce(a, 500)), "reply");
    const transcript = new Transcript(world);
    const handle = world.spawn("ping", pingOnce(a, 500));
    world.runUntil(world.nowNs + 5e6);
    link.setUp(false);
    assert.equal(world.finish(handle), "nothing");
    assert.match(transcript.take("drop")[0], /drop a\/eth0: .*Echo request.* \(the link is down\)$/);
    link.setUp(true);
    assert.equal(world.run(pingOnce(a, 500)), "reply");
  });

  test("counts what it does", () => {
    const { world, a, link } = twoHosts();
    world.run(pingOnce(a, 500));
    link.partition("a-to-b");
    world.run(pingOnce(a, 500));
    assert.deepEqual(
      { ...link.counters("a-to-b") },
      { sentPackets: 3, sentBytes: 3 * 42, deliveredPackets: 2, droppedPackets: 1 },
    );
  });

  test("each direction has its own options", () => {
    const { world, a } = twoHosts({ delayMs: 10, back: { delayMs: 30 } });
    world.run(pingOnce(a, 500));
    const startNs = world.nowNs;
    world.run(pingOnce(a, 500));
    assert.equal(world.nowNs - startNs, 40e6);
  });

  test("an end has one link", () => {
    const { world, a, b, link } = twoHosts();
    assert.throws(() => world.connect(link.a, b.addInterface()), /has a link already/);
    const nic = a.addInterface();
    assert.throws(() => world.connect(nic, nic), /itself/);
  });
});

describe("rules", () => {
  test("the first answer that is not pass wins, in order of installation; a removed rule says nothing", () => {
    const { world, a } = twoHosts();
    const asked: string[] = [];
    const rule = (name: string, verdict: "pass" | { drop: string } | { deliverAfterNs: number }) => ({
      onPacket: (packet: { link: string }) => {
        asked.push(`${name} ${packet.link}`);
        return verdict;
      },
    });
    world.run(pingKind(a));
    const removeFirst = world.addRule(rule("one", "pass"));
    const removeSecond = world.addRule(rule("two", { drop: "because of two" }));
    world.addRule(rule("three", { deliverAfterNs: 25e6 }));
    const transcript = new Transcript(world);
    assert.equal(world.run(pingKind(a)), "nothing");
    assert.deepEqual(asked, ["one a/eth0 - b/eth0", "two a/eth0 - b/eth0"]);
    assert.match(transcript.take("drop")[0], /\(because of two\)$/);
    removeSecond();
    removeFirst();
    const startNs = world.nowNs;
    assert.equal(world.run(pingKind(a)), "reply");
    // There and back, past the link's own delay.
    assert.equal(world.nowNs - startNs, 50e6);
    assert.deepEqual(asked.slice(2), ["three a/eth0 - b/eth0", "three a/eth0 - b/eth0"]);
  });

  function* pingKind(a: ReturnType<typeof twoHosts>["a"]): Task<string> {
    try {
      const options = { sequence: 1, payload: new Uint8Array(0), timeoutMs: 100 };
      return (yield* a.network.pinger.ping("10.0.0.2", options)).kind;
    } catch {
      return "nothing";
    }
  }
});
