/** The meter in virtual time, where what it must find is known: rates, loss, delay. First the suite of both networks. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type MeterReport, measureRoundTrips, startMeterServer } from "../../src/protocols/meter/index.ts";
import type { Parameters } from "../../src/protocols/meter/messages.ts";
import { measure, meterSuite } from "../../src/protocols/meter/testing/meter-suite.ts";
import type { LinkOptions } from "../../src/sim/index.ts";
import { twoHosts } from "./two-hosts.ts";

meterSuite("two simulated hosts", () => twoHosts({ delayMs: 1, bandwidthBps: 1e8 }));

test("TCP over 10 Mbit/s is 10 Mbit/s less the headers, either way", () => {
  for (const reverse of [false, true]) {
    const { received } = measureOver(
      { delayMs: 5, bandwidthBps: 1e7 },
      { durationMs: 5000, size: 65_536, reverse },
    );
    // 1,460 octets of 1,514 on the line: Ethernet, IPv4 and TCP without options. And a start that is slow.
    const most = 1e7 * (1460 / 1514);
    assert.ok(received.bitsPerSecond <= most * 1.001, `${received.bitsPerSecond} of ${most}`);
    assert.ok(received.bitsPerSecond > most * 0.97, `${received.bitsPerSecond} of ${most}`);
  }
});

test("UDP beyond 10 Mbit/s is 10 Mbit/s less the headers, and the rest is lost", () => {
  const { received, datagrams } = measureOver(
    { delayMs: 5, bandwidthBps: 1e7, queuePackets: 50 },
    { protocol: "udp", durationMs: 3000, size: 1000, rateBps: 2e7 },
  );
  // 42 octets of Ethernet, IPv4 and UDP before each 1,000; the probes take ten times 98 octets a second.
  const most = 1e7 * (1000 / 1042);
  assert.ok(Math.abs(received.bitsPerSecond / most - 1) < 0.01, `${received.bitsPerSecond} of ${most}`);
  assert.ok(
    datagrams !== undefined && Math.abs(datagrams.lossPercent - 51.5) < 1,
    `${datagrams?.lossPercent} %`,
  );
});

test("UDP as fast as it goes fills the line, and waits for it instead of losing", () => {
  for (const reverse of [false, true]) {
    for (const queuePackets of [50, 1000]) {
      const line = { delayMs: 5, bandwidthBps: 1e7, queuePackets };
      const plan = {
        protocol: "udp",
        durationMs: 3000,
        size: 1000,
        rateBps: 0,
        reverse,
        parallel: 2,
      } as const;
      const { sent, received, datagrams, latency } = measureOver(line, plan);
      const most = 1e7 * (1000 / 1042);
      const what = `reverse ${reverse}, queue ${queuePackets}: `;
      assert.equal(datagrams?.lost, 0, what);
      assert.ok(Math.abs(received.bitsPerSecond / most - 1) < 0.02, `${what}${received.bitsPerSecond}`);
      // What is sent and has not come is on its way: a socket's buffer of it and what 5 ms take, at most.
      assert.ok(sent.octets - received.octets < 230_000, `${what}${sent.octets - received.octets}`);
      assert.ok((latency?.maxMs ?? 0) < 200, `${what}${latency?.maxMs} ms`);
    }
  }
});

test("UDP at its rate is exact, with no jitter on a line that has none", () => {
  const { sent, received, datagrams, latency } = measureOver(
    { delayMs: 20 },
    { protocol: "udp", durationMs: 4000, size: 500, rateBps: 1e6 },
  );
  assert.equal(sent.octets, 500_000);
  assert.equal(received.octets, 500_000);
  assert.equal(datagrams?.lost, 0);
  assert.ok(datagrams.jitterMs < 0.001, `${datagrams.jitterMs} ms`);
  assert.ok(latency !== undefined && latency.minMs >= 40 && latency.maxMs < 41, JSON.stringify(latency));
});

test("loss is the line's, within its confidence interval, either way", () => {
  for (const loss of [0.01, 0.1, 0.25]) {
    for (const reverse of [false, true]) {
      const { datagrams } = measureOver(
        { delayMs: 2, loss },
        { protocol: "udp", durationMs: 4000, size: 200, rateBps: 1.6e6, reverse },
      );
      assert.ok(datagrams !== undefined && datagrams.packets > 3900, `${datagrams?.packets} packets`);
      const { packets, lost } = datagrams;
      // Four standard deviations of the binomial distribution: one in 16,000, and the seed is fixed.
      const most = 4 * Math.sqrt(packets * loss * (1 - loss));
      assert.ok(Math.abs(lost - packets * loss) < most, `${lost} of ${packets} lost at ${loss}`);
    }
  }
});

test("what overtakes and what comes twice is counted, and is no loss", () => {
  const plan = { protocol: "udp", durationMs: 2000, size: 200, rateBps: 1.6e6 } as const;
  const doubled = measureOver({ delayMs: 2, duplicate: 0.2 }, plan).datagrams;
  assert.equal(doubled?.lost, 0);
  assert.ok(Math.abs((doubled.duplicates ?? 0) / doubled.packets - 0.2) < 0.05, `${doubled.duplicates}`);
  const overtaken = measureOver({ delayMs: 2, jitterMs: 8 }, plan).datagrams;
  assert.ok(overtaken !== undefined && overtaken.jitterMs > 0.5, `${overtaken?.jitterMs} ms`);
  assert.equal(overtaken.duplicates, 0);
});

test("the delay under load shows the queue", () => {
  const line = { delayMs: 5, bandwidthBps: 1e7, queuePackets: 100 };
  const idle = measureOver(line, { protocol: "udp", durationMs: 2000, size: 1000, rateBps: 1e5 });
  const full = measureOver(line, { protocol: "udp", durationMs: 2000, size: 1000, rateBps: 2e7 });
  assert.ok((idle.latency?.p50Ms ?? 0) < 13);
  // A hundred packets of 1,042 octets take 83 ms.
  const waited = (full.latency?.p50Ms ?? 0) - (idle.latency?.p50Ms ?? 0);
  assert.ok(waited > 70 && waited < 90, `${waited} ms`);
});

test("round trips per second are one over the delay, and what is lost is counted", () => {
  const hosts = twoHosts({ delayMs: 10 });
  const trips = (loss: number) => {
    const { client, server, run, serverAddresses } = loss === 0 ? hosts : twoHosts({ delayMs: 10, loss });
    return run(
      (function* () {
        const running = yield* startMeterServer(server);
        const options = {
          protocol: "udp",
          size: 2,
          durationMs: 10_000,
          timeoutMs: 100,
          intervalMs: 1000,
        } as const;
        const report = yield* measureRoundTrips(client, serverAddresses[4], running.local.port, options);
        yield* running.stop(0);
        return report;
      })(),
    ) as { requests: number; lost: number; intervals: readonly unknown[]; latency?: { maxMs: number } };
  };
  const clean = trips(0);
  assert.deepEqual([clean.lost, clean.intervals.length], [0, 10]);
  assert.ok(Math.abs(clean.requests - 500) <= 3, `${clean.requests} requests`);
  const lossy = trips(0.2);
  // Two ways of 0.8 each.
  assert.ok(Math.abs(lossy.lost / lossy.requests - 0.36) < 0.12, `${lossy.lost} of ${lossy.requests}`);
});

test("the same seed measures the same", () => {
  const run = () =>
    measureOver({ delayMs: 3, loss: 0.05, jitterMs: 2 }, { protocol: "udp", durationMs: 1000, rateBps: 1e6 });
  assert.deepEqual(run(), run());
});

function measureOver(line: LinkOptions, parameters: Partial<Parameters>): MeterReport {
  const hosts = twoHosts(line);
  return hosts.run(
    (function* () {
      const server = yield* startMeterServer(hosts.server);
      const size = { size: 1000, ...parameters };
      const report = yield* measure(hosts, server.local.port, size);
      yield* server.stop(0);
      return report;
    })(),
  ) as MeterReport;
}
