/** The meter on the machine's own sockets, and what needs no network at all. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { type Network, NetworkError, sleep, type Task } from "../../net/index.ts";
import { mustFail } from "../../net/testing/suite-tools.ts";
import { osHosts } from "../../os/testing/os-hosts.ts";
import { World } from "../../sim/index.ts";
import { Latencies, startMeterServer } from "./index.ts";
import { emitParameters, emitResults, parseParameters, parseResults } from "./messages.ts";
import { Receipts } from "./receipts.ts";
import { measure, meterSuite } from "./testing/meter-suite.ts";
import {
  describe as describeBytes,
  emitCookie,
  emitDatagram,
  isUdpConnect,
  isUdpConnectReply,
  makeCookie,
  parseCookie,
  parseDatagram,
  State,
  UDP_CONNECT,
  UDP_CONNECT_REPLY,
} from "./wire.ts";

meterSuite("the operating system", osHosts);

describe("the meter's octets", () => {
  test("as iperf3 3.12 was seen to send them", () => {
    assert.equal(isUdpConnect(Uint8Array.of(0x39, 0x38, 0x37, 0x36)), true);
    assert.equal(isUdpConnectReply(Uint8Array.of(0x36, 0x37, 0x38, 0x39)), true);
    assert.deepEqual(
      [...UDP_CONNECT, ...UDP_CONNECT_REPLY],
      [..."98766789"].map((c) => c.charCodeAt(0)),
    );
    const seen =
      '{"udp":true,"omit":0,"time":1,"num":0,"blockcount":0,"parallel":2,"reverse":true,"len":32768,' +
      '"bandwidth":1048576,"pacing_timer":1000,"udp_counters_64bit":1,"client_version":"3.12"}';
    const { parameters, unsupported } = parseParameters(Buffer.from(seen));
    assert.equal(unsupported, undefined);
    assert.deepEqual(parameters, {
      protocol: "udp",
      durationMs: 1000,
      omitMs: 0,
      octets: 0,
      size: 32_768,
      parallel: 2,
      reverse: true,
      rateBps: 1_048_576,
      wideCounters: true,
      wantsRoundTrips: false,
    });
    assert.match(describeBytes(Uint8Array.of(State.accessDenied)), /ACCESS_DENIED/);
  });

  test("iperf3's results, with its -1 of 64 bits", () => {
    const seen =
      '{"cpu_util_total":17.6,"sender_has_retransmits":18446744073709551615,"streams":[{"id":1,"bytes":563609600,' +
      '"retransmits":18446744073709551615,"jitter":2.5e-05,"errors":3,"packets":9,"start_time":0,"end_time":1.05}]}';
    const [stream] = parseResults(Buffer.from(seen), [1]);
    assert.equal(stream.octets, 563_609_600);
    assert.deepEqual(
      [stream.lost, stream.packets, stream.seconds, stream.reordered],
      [3, 9, 1.05, undefined],
    );
    assert.ok(Math.abs(stream.jitterMs - 0.025) < 1e-9);
    assert.throws(() => parseResults(Buffer.from(seen), [3]), FormatError);
    assert.throws(() => parseResults(Buffer.from(seen), [1, 3]), FormatError);
  });

  test("cookies, headers, parameters and results survive the way there and back", () => {
    const { random } = new World({ seed: 1 }).addHost("h").network;
    const cookie = makeCookie(random);
    assert.match(cookie, /^[a-z2-7]{36}$/);
    assert.equal(parseCookie(emitCookie(cookie)), cookie);
    const sizes = fc.integer({ min: 16, max: 3000 });
    const counts = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(
        sizes,
        counts,
        fc.boolean(),
        fc.integer({ min: 0, max: 2 ** 41 }),
        (size, packet, wide, us) => {
          const bytes = emitDatagram({ sentAtNs: us * 1000, packet }, size, wide);
          assert.deepEqual(parseDatagram(bytes, wide), { sentAtNs: us * 1000, packet });
          assert.equal(bytes.length, size);
        },
      ),
    );
    const results = [1, 3].map((id) => ({
      id,
      octets: 5 * id,
      packets: 9,
      lost: 1,
      jitterMs: 0.25,
      seconds: 2,
      reordered: id,
      duplicates: 0,
    }));
    assert.deepEqual(parseResults(emitResults(results).subarray(4), [1, 3]), results);
  });

  test("any octets parse, or throw a FormatError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        for (const parse of [parseCookie, parseParameters, (b: Uint8Array) => parseDatagram(b, true)])
          mayThrowFormatError(() => parse(bytes));
        describeBytes(bytes);
      }),
    );
    const names = fc.constantFrom(
      ...["len", "time", "parallel", "num", "udp", "bandwidth", "streams", "omit"],
    );
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), (value) => {
        const json = Buffer.from(JSON.stringify(value));
        mayThrowFormatError(() => {
          const { parameters } = parseParameters(json);
          assert.ok(parameters.size <= 2 ** 20 && parameters.parallel <= 128);
          emitParameters(parameters);
        });
        mayThrowFormatError(() => parseResults(json, [1]));
      }),
    );
  });
});

describe("what a receiver learns", () => {
  test("loss, order and duplicates of any shuffled, thinned and doubled row are counted exactly", () => {
    const rows = fc.array(fc.record({ lost: fc.boolean(), twice: fc.boolean(), late: fc.boolean() }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(rows, (row) => {
        const sent = row.map((fate, i) => ({ ...fate, packet: i + 1 })).filter(({ lost }) => !lost);
        const late = sent.filter((each) => each.late);
        const arrivals = [...sent.filter((each) => !each.late), ...late];
        const receipts = new Receipts();
        let highest = 0;
        let overtaken = 0;
        for (const { packet, twice } of arrivals) {
          if (packet < highest) overtaken++;
          highest = Math.max(highest, packet);
          for (let i = 0; i < (twice ? 2 : 1); i++) receipts.handle({ sentAtNs: 0, packet }, 100, 0);
        }
        assert.equal(receipts.packets, highest);
        assert.equal(receipts.lost, highest - arrivals.length);
        assert.equal(receipts.reordered, overtaken);
        assert.equal(receipts.duplicates, arrivals.filter(({ twice }) => twice).length);
      }),
    );
  });

  test("jitter is that of RFC 3550: a transit time that jumps by d moves it by d / 16", () => {
    const receipts = new Receipts();
    receipts.handle({ sentAtNs: 0, packet: 1 }, 100, 5000);
    assert.equal(receipts.jitterNs, 0);
    receipts.handle({ sentAtNs: 1000, packet: 2 }, 100, 6000 + 1600);
    assert.equal(receipts.jitterNs, 100);
    receipts.handle({ sentAtNs: 2000, packet: 3 }, 100, 7000 + 1600);
    assert.equal(receipts.jitterNs, 100 - 100 / 16);
  });

  test("after the omitted time everything begins anew", () => {
    const receipts = new Receipts();
    for (const packet of [1, 2, 5]) receipts.handle({ sentAtNs: 0, packet }, 100, 0);
    assert.equal(receipts.lost, 2);
    receipts.reset();
    for (const packet of [6, 8]) receipts.handle({ sentAtNs: 0, packet }, 100, 0);
    assert.deepEqual([receipts.packets, receipts.lost, receipts.octets], [3, 1, 200]);
  });
});

test("percentiles are within one percent, minimum, mean and maximum exact", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1e12 }), { minLength: 1, maxLength: 300 }), (times) => {
      const latencies = new Latencies();
      for (const ns of times) latencies.add(ns);
      const sorted = [...times].sort((a, b) => a - b);
      for (const percent of [50, 90, 99]) {
        const exact = sorted[Math.ceil((percent / 100) * sorted.length) - 1];
        assert.ok(Math.abs(latencies.percentileNs(percent) / exact - 1) <= 0.01, `${percent} of ${times}`);
      }
      const summary = latencies.summary();
      assert.deepEqual([summary?.minMs, summary?.maxMs], [sorted[0] / 1e6, sorted[sorted.length - 1] / 1e6]);
    }),
  );
});

describe("hostile peers", () => {
  test("whatever a client says, in whatever state, ends; and the server serves the next one", () => {
    const words = fc.array(
      fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.constantFrom(
          emitCookie("fuzz"),
          emitParameters({ ...PARAMETERS, parallel: 1 }),
          emitParameters({ ...PARAMETERS, protocol: "udp", size: 100 }),
          Uint8Array.of(State.testEnd),
          Uint8Array.of(State.clientTerminate),
          emitResults([]),
          Uint8Array.of(255, 255, 255, 255),
        ),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(words, fc.boolean(), (pieces, polite) => {
        const { world, hosts } = simHosts();
        world.run(
          (function* () {
            const server = yield* startMeterServer(hosts.server, { answerMs: 50 });
            const client = yield* hosts.client.connect("10.0.1.2", 5201, { timeoutMs: 1000 });
            const udp = yield* hosts.client.bind({ port: 0 });
            try {
              // In its right state, so that the words meet a server that is deep in a test.
              if (polite) yield* client.write(emitCookie("fuzz"), 1000);
              for (const piece of pieces) {
                yield* client.write(piece, 1000);
                udp.send(piece, { address: "10.0.1.2", port: 5201 });
                yield* sleep(hosts.client.clock, 3);
              }
            } catch (error) {
              assert.ok(error instanceof NetworkError, String(error));
            }
            client.abort();
            udp.close();
            while (server.isBusy) yield* sleep(hosts.client.clock, 10);
            const report = yield* measure(hosts, 5201, { durationMs: 20 });
            assert.ok(report.received.octets > 0);
            yield* server.stop(0);
          })(),
        );
        assert.deepEqual(world.liveTaskNames, []);
      }),
      { numRuns: 60 },
    );
  });

  test("whatever a server says, the client ends, with an error that names it", () => {
    const answers = fc.array(
      fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.constantFrom(...Object.values(State)).map((state) => Uint8Array.of(state)),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(answers, (pieces) => {
        const { world, hosts } = simHosts();
        world.run(
          (function* () {
            const listener = yield* hosts.server.listen({ port: 5201 });
            const serving = hosts.server.spawn(
              "hostile",
              (function* () {
                const connection = yield* listener.accept();
                // The right beginning, then anything.
                yield* connection.write(Uint8Array.of(State.parameterExchange), 1000);
                for (const piece of pieces) yield* connection.write(piece, 1000);
                connection.end();
              })(),
            );
            serving.whenDone(() => {});
            yield* mustFailSomehow(measure(hosts, 5201, { durationMs: 20, protocol: "udp", size: 100 }));
            serving.cancel();
            listener.close();
          })(),
        );
      }),
      { numRuns: 100 },
    );
  });

  test("a refusal is said in iperf3's words", () => {
    const { world, hosts } = simHosts();
    world.run(
      (function* () {
        const server = yield* startMeterServer(hosts.server);
        yield* mustFail("server-error", measure(hosts, 5201, { size: 5_000_000 }));
        yield* server.stop(0);
      })(),
    );
  });

  test("no octets come back to who has not said hello, and not more than were sent", () => {
    const { world, hosts } = simHosts();
    world.run(
      (function* () {
        const server = yield* startMeterServer(hosts.server);
        const udp = yield* hosts.client.bind({ port: 0 });
        for (const bytes of [new Uint8Array(0), new Uint8Array(1400), UDP_CONNECT, emitCookie("hello")])
          udp.send(bytes, { address: "10.0.1.2", port: 5201 });
        assert.equal(yield* udp.receive(100), undefined);
        udp.close();
        yield* server.stop(0);
      })(),
    );
  });
});

function* mustFailSomehow(task: Task<unknown>): Task {
  try {
    yield* task;
  } catch (error) {
    assert.match(String(error), /^(Remote|Network)Error: .*10\.0\.1\.2/);
    return;
  }
  assert.fail("a test with a hostile server worked");
}

function simHosts() {
  const world = new World({ seed: 1 });
  const [client, server] = [world.addHost("client.test"), world.addHost("server.test")];
  world.connect(
    client.addInterface({ addresses: ["10.0.1.1/24"] }),
    server.addInterface({ addresses: ["10.0.1.2/24"] }),
    { delayMs: 1 },
  );
  world.computeRoutes();
  const networks: { client: Network; server: Network } = { client: client.network, server: server.network };
  return { world, hosts: { ...networks, serverAddresses: { 4: "10.0.1.2", 6: "" } } };
}

function mayThrowFormatError(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
  }
}

const PARAMETERS = {
  protocol: "tcp",
  durationMs: 20,
  omitMs: 0,
  octets: 0,
  size: 1000,
  parallel: 1,
  reverse: false,
  rateBps: 0,
  wideCounters: false,
  wantsRoundTrips: false,
} as const;
