/** iperf3 measures with our server, and our client with iperf3's, judged by what iperf3 itself says. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { type TestContext, test } from "node:test";
import { type HamletError, Signal, sleep, type Task } from "../../src/net/index.ts";
import { mustFail } from "../../src/net/testing/suite-tools.ts";
import { OsNetwork } from "../../src/os/index.ts";
import {
  type MeterOptions,
  type MeterReport,
  type PartialMeterReport,
  runMeter,
  startMeterServer,
} from "../../src/protocols/meter/index.ts";
import { isInstalled } from "./programs.ts";

/** Loopback loses nothing at these rates, unless the machine is so busy that the reader is not woken in time. */
const BUSY_LOSS = 0.2;

const runs: readonly { words: string[]; udp?: boolean; streams: number; least: number }[] = [
  { words: ["-t", "1"], streams: 1, least: 1e7 },
  { words: ["-t", "1", "-R"], streams: 1, least: 1e7 },
  { words: ["-t", "1", "-P", "3"], streams: 3, least: 1e7 },
  { words: ["-t", "1", "-b", "20M", "-l", "8K"], streams: 1, least: 1.8e6 },
  { words: ["-n", "3M"], streams: 1, least: 3 * 1024 * 1024 },
  { words: ["-t", "1", "-O", "1"], streams: 1, least: 1e7 },
  { words: ["-u", "-t", "1", "-b", "10M", "-l", "1400"], udp: true, streams: 1, least: 0.9e6 },
  { words: ["-u", "-t", "1", "-b", "10M", "-l", "1400", "-R"], udp: true, streams: 1, least: 0.9e6 },
  {
    words: ["-u", "-t", "1", "-b", "5M", "-P", "2", "-R", "--udp-counters-64bit"],
    udp: true,
    streams: 2,
    least: 0.9e6,
  },
];

for (const { words, udp, streams, least } of runs) {
  test(`iperf3 -c ${words.join(" ")} against our server`, { timeout: 30_000 }, async (t) => {
    if (!hasIperf(t)) return;
    const os = networkFor(t);
    const server = await os.run(startMeterServer(os, { port: 0, address: "127.0.0.1" }));
    const result = await iperf(["-c", "127.0.0.1", "-p", String(server.local.port), ...words, "-J"]);
    assert.equal(result.error, undefined);
    assert.equal(result.end.streams.length, streams);
    const received = udp ? result.end.sum : result.end.sum_received;
    const sent = udp ? result.end.sum : result.end.sum_sent;
    assert.ok(received.bytes >= least, `${received.bytes} octets`);
    // Each end omits its own first second, so that what is under way then counts at one of them only.
    if (!words.includes("-O")) assert.ok(received.bytes <= sent.bytes);
    if (udp) {
      assert.ok(received.packets > 0);
      assert.ok(received.lost_packets <= received.packets * BUSY_LOSS, `${received.lost_packets} lost`);
    }
  });
}

test("iperf3 is told when we are busy, and what we do not do", { timeout: 30_000 }, async (t) => {
  if (!hasIperf(t)) return;
  const os = networkFor(t);
  const server = await os.run(startMeterServer(os, { port: 0, address: "127.0.0.1" }));
  const to = ["-c", "127.0.0.1", "-p", String(server.local.port), "-J"];
  assert.match((await iperf([...to, "-t", "1", "--bidir"])).error ?? "", /not implemented/);
  const first = iperf([...to, "-t", "1", "-b", "1M"]);
  await os.run(
    (function* (): Task {
      while (!server.isBusy) yield* sleep(os.clock, 10);
    })(),
  );
  assert.match((await iperf([...to, "-t", "1"])).error ?? "", /busy/);
  assert.equal((await first).error, undefined);
});

test("iperf3 is told when our server is stopped, and iperf3's server when our client is", {
  timeout: 30_000,
}, async (t) => {
  if (!hasIperf(t)) return;
  const os = networkFor(t);
  const server = await os.run(startMeterServer(os, { port: 0, address: "127.0.0.1" }));
  const asking = iperf(["-c", "127.0.0.1", "-p", String(server.local.port), "-t", "10", "-b", "1M", "-J"]);
  await os.run(
    (function* (): Task {
      while (!server.isBusy) yield* sleep(os.clock, 10);
      yield* sleep(os.clock, 500);
      yield* server.stop(0);
    })(),
  );
  assert.match((await asking).error ?? "", /the server has terminated/);

  const { port, ended } = await startIperfServer(os);
  const parameters = { ...clientRuns[2], durationMs: 10_000, octets: 0 };
  await os.run(
    (function* (): Task {
      const measuring = os.spawn("measure", meterSoon(os, port, parameters));
      yield* sleep(os.clock, 1500);
      measuring.cancel();
    })(),
  );
  assert.match((await ended).error ?? "", /the client has terminated/);
});

const clientRuns = [
  { protocol: "tcp", size: 131_072, rateBps: 0, reverse: false, parallel: 1 },
  { protocol: "tcp", size: 131_072, rateBps: 0, reverse: true, parallel: 2 },
  { protocol: "udp", size: 1400, rateBps: 1e7, reverse: false, parallel: 2 },
  { protocol: "udp", size: 1400, rateBps: 1e7, reverse: true, parallel: 1 },
] as const;

for (const plan of clientRuns) {
  const title = `${plan.parallel} ${plan.protocol} ${plan.reverse ? "from" : "to"} iperf3 -s`;
  test(`our client: ${title}`, { timeout: 30_000 }, async (t) => {
    if (!hasIperf(t)) return;
    const os = networkFor(t);
    const { port, ended } = await startIperfServer(os);
    const parameters = { ...plan, durationMs: 1000, octets: 0 };
    const report = await os.run(meterSoon(os, port, parameters));
    const judged = await ended;
    assert.equal(judged.error, undefined);
    assert.ok(report.received.octets > 1e6, `${report.received.octets} octets`);
    assert.ok(report.sent.octets >= report.received.octets);
    assert.equal(report.latency, undefined, "iperf3 answers no probes");
    if (plan.protocol === "udp") {
      const { lost, packets } = report.datagrams ?? assert.fail("no datagrams");
      assert.ok(lost <= packets * BUSY_LOSS, `${lost} of ${packets} lost`);
      assert.ok(Math.abs(report.received.bitsPerSecond / (plan.parallel * 1e7) - 1) < 2 * BUSY_LOSS);
    }
    // What iperf3 counted itself is what we were told, or what we sent.
    if (!plan.reverse) assert.equal(judged.end.sum_received.bytes, report.received.octets);
  });
}

test("our client is interrupted, and iperf3's server measures on", { timeout: 60_000 }, async (t) => {
  if (!hasIperf(t)) return;
  const os = networkFor(t);
  const port = await freePort(os);
  const server = spawn("iperf3", ["-s", "-B", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const exited = new Promise((resolve) => server.once("close", resolve));
  t.after(() => server.kill() && exited);
  for (const plan of clientRuns) {
    const rows = new Signal();
    const reports: PartialMeterReport[] = [];
    await os.run(
      (function* (): Task {
        const parameters = { ...plan, durationMs: 3_600_000, octets: 0 };
        const measuring = os.spawn(
          "measure",
          meterSoon(os, port, parameters, {
            intervalMs: 50,
            onInterval: ({ octets }) => octets > 0 && rows.notify(),
            onInterrupted: (report) => reports.push(report),
          }),
        );
        measuring.whenDone(() => rows.notify());
        yield* rows.wait(os.clock, 10_000);
        measuring.cancel();
        yield* mustFail("cancelled", measuring.join());
      })(),
    );
    // It takes a moment to notice, and says that it is busy until then.
    const report = await os.run(meterSoon(os, port, { ...plan, durationMs: 200, octets: 0 }));
    assert.ok(report.received.octets > 0);
    assert.equal(reports.length, 1);
    const { sent, received } = reports[0];
    assert.ok(((plan.reverse ? received : sent)?.octets ?? 0) > 0);
  }
});

interface IperfSum {
  readonly bytes: number;
  readonly packets: number;
  readonly lost_packets: number;
}

interface IperfResult {
  readonly error?: string;
  readonly end: {
    readonly streams: unknown[];
    readonly sum: IperfSum;
    readonly sum_sent: IperfSum;
    readonly sum_received: IperfSum;
  };
}

/** `ended` is what the server says of its one test. */
async function startIperfServer(os: OsNetwork): Promise<{ port: number; ended: Promise<IperfResult> }> {
  const port = await freePort(os);
  return { port, ended: iperf(["-s", "-1", "-B", "127.0.0.1", "-p", String(port), "-J"]) };
}

/** A port that is free now; iperf3 takes no 0. */
async function freePort(os: OsNetwork): Promise<number> {
  const free = await os.run(os.listen({ port: 0, address: "127.0.0.1" }));
  free.close();
  return free.local.port;
}

/** Iperf3 does not say when it listens, nor when it has done with a test. */
function* meterSoon(
  os: OsNetwork,
  port: number,
  parameters: MeterOptions["parameters"],
  options: Partial<MeterOptions> = {},
): Task<MeterReport> {
  for (let attempt = 1; ; attempt++) {
    try {
      const usual = { timeoutMs: 5000, intervalMs: 1000 };
      return yield* runMeter(os, "127.0.0.1", port, { parameters, ...usual, ...options });
    } catch (error) {
      // One that is busy may close before it has read our cookie, which resets us.
      if (!["refused", "busy", "reset"].includes((error as HamletError).code) || attempt === 500) throw error;
      yield* sleep(os.clock, 20);
    }
  }
}

function iperf(words: string[]): Promise<IperfResult> {
  return new Promise((resolve, reject) => {
    const program: ChildProcess = spawn("iperf3", words, {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 20_000,
    });
    let output = "";
    program.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
    program.once("error", reject);
    program.once("close", () => {
      try {
        resolve(JSON.parse(output) as IperfResult);
      } catch {
        reject(new Error(`iperf3 ${words.join(" ")} said: ${output.slice(0, 500)}`));
      }
    });
  });
}

/** Closed with the test, whatever becomes of it: what is left open would keep the process alive. */
function networkFor(t: TestContext): OsNetwork {
  const os = new OsNetwork();
  t.after(() => os.close());
  return os;
}

function hasIperf(t: TestContext): boolean {
  return isInstalled(t, "iperf3", "iperf3");
}
