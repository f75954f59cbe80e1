/**
 * What a meter must do on any network: one suite for the operating system's sockets (meter.test.ts) and for the
 * simulated network (test/scenarios/meter.test.ts).
 */

import assert from "node:assert/strict";
import { type Network, Signal, serve, sleep, type Task } from "../../../net/index.ts";
import type { TwoHosts } from "../../../net/testing/network-suite.ts";
import { protocolSuite, type Scenario } from "../../../net/testing/protocol-suite.ts";
import { mustFail } from "../../../net/testing/suite-tools.ts";
import {
  type Interval,
  type MeterReport,
  type MeterServer,
  type MeterServerOptions,
  measureRoundTrips,
  type PartialMeterReport,
  type RoundTripReport,
  runMeter,
  startMeterServer,
} from "../index.ts";
import { emitParameters, type Parameters } from "../messages.ts";
import { emitCookie, State } from "../wire.ts";

export function meterSuite(name: string, makeTwoHosts: () => Promise<TwoHosts> | TwoHosts): void {
  protocolSuite(`meter on ${name}`, makeTwoHosts, start, scenarios);
}

/** One test between the two hosts, a short one unless `changes` say more. */
export function* measure(
  hosts: { client: Network; serverAddresses: TwoHosts["serverAddresses"] },
  port: number,
  changes: Partial<Parameters>,
  onInterval: (interval: Interval) => void = () => {},
): Task<MeterReport> {
  const parameters = { ...SHORT, ...changes };
  return yield* runMeter(hosts.client, hosts.serverAddresses[4], port, {
    parameters,
    timeoutMs: WAIT_MS,
    intervalMs: 50,
    onInterval,
  });
}

const scenarios: readonly Scenario<MeterServer, MeterServerOptions>[] = [
  {
    title: "TCP streams, either way, one and several: what was sent is received",
    *run(hosts, server) {
      for (const reverse of [false, true]) {
        for (const parallel of [1, 3]) {
          let report = yield* measure(hosts, server.local.port, { reverse, parallel });
          // A machine that is busy with something else may hold the first octets up.
          for (let again = 0; again < 3 && report.received.seconds <= 0.1; again++)
            report = yield* measure(hosts, server.local.port, { reverse, parallel });
          assert.ok(report.received.octets > 0);
          assert.ok(report.received.octets <= report.sent.octets);
          assert.ok(report.received.seconds > 0.1, `${report.received.seconds} s`);
          assert.ok(report.latency !== undefined && report.latency.count > 0, "no probe came back");
          assert.equal(report.datagrams, undefined);
        }
      }
    },
  },
  {
    title: "UDP streams, either way, at their rate",
    *run(hosts, server) {
      for (const reverse of [false, true]) {
        const wanted = 2 * UDP.rateBps;
        const isNear = (bitsPerSecond: number): boolean => Math.abs(bitsPerSecond / wanted - 1) < 0.3;
        let report = yield* measure(hosts, server.local.port, { ...UDP, reverse, parallel: 2 });
        // A machine that is busy with something else may hold a sender up for most of so short a time.
        for (let again = 0; again < 3 && !isNear(report.sent.bitsPerSecond); again++)
          report = yield* measure(hosts, server.local.port, { ...UDP, reverse, parallel: 2 });
        const { sent, datagrams } = report;
        assert.ok(isNear(sent.bitsPerSecond), `${sent.bitsPerSecond} bit/s`);
        assert.equal(datagrams?.lost, 0);
        assert.equal(datagrams?.duplicates, 0);
        assert.ok(datagrams.packets > 10);
      }
    },
  },
  {
    title: "ends by octets: each of them arrives, over TCP and UDP, either way",
    *run(hosts, server) {
      for (const reverse of [false, true]) {
        for (const parallel of [1, 2]) {
          const limits = { durationMs: 0, octets: 640_000, size: 16_000, reverse, parallel };
          const { received } = yield* measure(hosts, server.local.port, limits);
          assert.equal(received.octets, 640_000, `reverse ${reverse}, ${parallel} streams`);
        }
        const limits = { ...UDP, durationMs: 0, octets: 50_000, reverse };
        assert.equal((yield* measure(hosts, server.local.port, limits)).received.octets, 50_000);
      }
    },
  },
  {
    title: "reports every interval, and their sum is the whole",
    *run(hosts, server) {
      const intervals: Interval[] = [];
      const report = yield* measure(hosts, server.local.port, UDP, (each) => intervals.push(each));
      assert.deepEqual(report.intervals, intervals);
      assert.ok(intervals.length >= 2 && intervals.length <= 5, `${intervals.length} intervals`);
      intervals.forEach((each, i) => {
        assert.equal(each.startSeconds, i === 0 ? 0 : intervals[i - 1].endSeconds);
      });
      const sum = intervals.reduce((octets, each) => octets + each.octets, 0);
      assert.ok(Math.abs(sum - report.sent.octets) <= 0.1 * report.sent.octets);
    },
  },
  {
    title: "is busy with one test at a time, and free again when its client has gone",
    *run(hosts, server) {
      const { port } = server.local;
      const first = yield* hosts.client.connect(hosts.serverAddresses[4], port, { timeoutMs: WAIT_MS });
      yield* first.write(emitCookie("first"), WAIT_MS);
      assert.deepEqual([...(yield* first.readExactly(1, WAIT_MS))], [State.parameterExchange]);
      assert.equal(server.isBusy, true);
      yield* mustFail("busy", measure(hosts, port, {}));
      first.abort();
      while (server.isBusy) yield* sleep(hosts.client.clock, 5);
      assert.ok((yield* measure(hosts, port, UDP)).received.octets > 0);
    },
  },
  {
    title: "gives a client up that does not go on",
    options: { answerMs: 30 },
    *run(hosts, server) {
      const { port } = server.local;
      const silent = yield* hosts.client.connect(hosts.serverAddresses[4], port, { timeoutMs: WAIT_MS });
      yield* silent.write(emitCookie("silent"), WAIT_MS);
      yield* silent.readExactly(1, WAIT_MS);
      yield* mustFail("reset", silent.read(1, WAIT_MS));
      silent.close();
      while (server.isBusy) yield* sleep(hosts.client.clock, 5);
    },
  },
  {
    title: "who is stopped in the middle says so to the other side",
    *run(hosts, server) {
      const { port } = server.local;
      const cancelled = hosts.client.spawn("cancelled", measure(hosts, port, { durationMs: WAIT_MS }));
      while (!server.isBusy) yield* sleep(hosts.client.clock, 5);
      yield* sleep(hosts.client.clock, 100);
      cancelled.cancel();
      while (server.isBusy) yield* sleep(hosts.client.clock, 5);
      const asked = hosts.client.spawn("asked", measure(hosts, port, { durationMs: WAIT_MS }));
      asked.whenDone(() => {});
      while (!server.isBusy) yield* sleep(hosts.client.clock, 5);
      yield* sleep(hosts.client.clock, 100);
      yield* server.stop(0);
      const { message } = yield* mustFail("protocol", asked.join());
      assert.match(message, /SERVER_TERMINATE: it was stopped$/);
    },
  },
  {
    title: "interrupted in the middle: what this side has counted is told, and the server is free at once",
    *run(hosts, server) {
      const { port } = server.local;
      for (const protocol of ["tcp", "udp"] as const) {
        for (const reverse of [false, true]) {
          const plan = { ...SHORT, ...(protocol === "udp" ? UDP : {}), reverse, parallel: 2 };
          const report = yield* interrupted<PartialMeterReport>(hosts, (reports) =>
            runMeter(hosts.client, hosts.serverAddresses[4], port, {
              parameters: { ...plan, durationMs: WAIT_MS },
              timeoutMs: WAIT_MS,
              intervalMs: 20,
              ...reports,
            }),
          );
          const [known, unknown] = reverse ? [report.received, report.sent] : [report.sent, report.received];
          assert.equal(report.interrupted, true);
          assert.ok(known !== undefined && known.octets > 0 && known.seconds > 0, JSON.stringify(known));
          assert.equal(unknown, undefined);
          assert.equal(report.datagrams !== undefined, reverse && protocol === "udp");
          const next = yield* measure(hosts, port, plan);
          assert.ok(next.received.octets > 0);
          assert.equal(next.interrupted, false);
        }
      }
    },
  },
  {
    title: "round trips that are interrupted: what was measured is told",
    *run(hosts, server) {
      for (const protocol of ["tcp", "udp"] as const) {
        const options = { protocol, size: 2, durationMs: WAIT_MS, timeoutMs: WAIT_MS, intervalMs: 20 };
        const report = yield* interrupted<RoundTripReport>(hosts, (reports) =>
          measureRoundTrips(hosts.client, hosts.serverAddresses[4], server.local.port, {
            ...options,
            ...reports,
          }),
        );
        assert.equal(report.interrupted, true);
        // The one that is under way is not lost.
        assert.equal(report.lost, 0);
        assert.ok(report.requests > 0);
        assert.ok(report.seconds > 0 && report.seconds < WAIT_MS / 1000);
      }
    },
  },
  {
    title: "a client that goes before it has opened its streams does not keep the server",
    *run(hosts, server) {
      const { client, serverAddresses } = hosts;
      const { port } = server.local;
      const control = yield* client.connect(serverAddresses[4], port, { timeoutMs: WAIT_MS });
      yield* control.write(emitCookie("gone"), WAIT_MS);
      yield* control.readExactly(1, WAIT_MS);
      const parameters = { ...SHORT, omitMs: 0, wideCounters: false, wantsRoundTrips: false };
      yield* control.write(emitParameters(parameters), WAIT_MS);
      assert.deepEqual([...(yield* control.readExactly(1, WAIT_MS))], [State.createStreams]);
      control.close();
      const beganNs = client.clock.nowNs();
      while (server.isBusy) yield* sleep(client.clock, 5);
      // It waits for streams for 30 s.
      assert.ok(client.clock.nowNs() - beganNs < 10e9);
    },
  },
  {
    title: "an echo of letters is no meter",
    *run(hosts) {
      const other = yield* serve(hosts.server, { name: "other", port: 0, connectionsMax: 1 }, (connection) =>
        connection.write(Uint8Array.of(0x45, 0x45), WAIT_MS),
      );
      const { message } = yield* mustFail("protocol", measure(hosts, other.local.port, {}));
      assert.match(message, /is no meter: it does not speak iperf3/);
      yield* other.stop(0);
    },
  },
  {
    title: "round trips of any size, over TCP and UDP",
    *run(hosts, server) {
      for (const protocol of ["tcp", "udp"] as const) {
        for (const size of [1, 2, 1400]) {
          const { client, serverAddresses } = hosts;
          const options = { protocol, size, durationMs: 150, timeoutMs: WAIT_MS, intervalMs: 20 };
          const report = yield* measureRoundTrips(client, serverAddresses[4], server.local.port, options);
          assert.equal(report.lost, 0);
          assert.ok(report.requests > 1, `${report.requests} requests in 150 ms`);
          assert.equal(report.latency?.count, report.requests);
          assert.ok(report.latency.minMs > 0 && report.latency.minMs <= report.latency.p50Ms);
        }
      }
    },
  },
  {
    title: "round trips to nobody fail, each within its time",
    *run(hosts) {
      const silent = yield* hosts.server.bind({ port: 0 });
      const options = { protocol: "udp", size: 2, durationMs: 50, timeoutMs: 5, intervalMs: 20 } as const;
      const { client, serverAddresses } = hosts;
      const trips = measureRoundTrips(client, serverAddresses[4], silent.local.port, options);
      yield* mustFail("timed-out", trips);
      silent.close();
      // A refusal takes the time that it takes: it is no silence.
      const slow = { ...options, timeoutMs: WAIT_MS };
      for (const address of Object.values(serverAddresses)) {
        for (const protocol of ["udp", "tcp"] as const) {
          const asked = measureRoundTrips(client, address, silent.local.port, { ...slow, protocol });
          yield* mustFail("refused", asked);
        }
      }
    },
  },
];

/** What `measuring` tells when it is cancelled, after a row in which something was counted. */
function* interrupted<Report>(
  hosts: TwoHosts,
  measuring: (reports: {
    onInterval(interval: Interval): void;
    onInterrupted(report: Report): void;
  }) => Task<unknown>,
): Task<Report> {
  const counted = new Signal();
  const reports: Report[] = [];
  const task = measuring({
    onInterval: ({ octets }) => {
      if (octets > 0) counted.notify();
    },
    onInterrupted: (report) => reports.push(report),
  });
  const handle = hosts.client.spawn("interrupted", task);
  assert.ok(yield* counted.wait(hosts.client.clock, WAIT_MS));
  handle.cancel();
  yield* mustFail("cancelled", handle.join());
  assert.equal(reports.length, 1);
  return reports[0];
}

function* start(network: Network, options: MeterServerOptions = {}): Task<MeterServer> {
  return yield* startMeterServer(network, { port: 0, ...options });
}

const WAIT_MS = 60_000;
const SHORT = {
  protocol: "tcp",
  durationMs: 150,
  octets: 0,
  size: 16_384,
  parallel: 1,
  reverse: false,
  rateBps: 0,
} as const;
const UDP = { protocol: "udp", size: 1000, rateBps: 2_000_000 } as const;
