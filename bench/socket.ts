/**
 * `npm run bench:socket [ROUNDS]`: Hamlet's sockets beside iperf3, sockperf, plain Python, blocking C and bare
 * node:dgram, in one run on the loopback. Each figure is the median of several rounds; a round runs all programs one
 * after the other, so that a noisy machine disturbs all of them. What is not installed is left out, and said so.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Contender,
  type Contest,
  freePort,
  installed,
  print,
  runContest,
  script,
  start,
} from "./contest.ts";

/** Of each measurement: what a just-in-time compiler needs at first is then a small part, as in any server. */
const SECONDS = 3;
const METER = "hamlet meter, both ends";
const rounds = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), "hamlet-bench-"));
const node = [process.execPath, script("./socket-peer.ts")];
const python = installed("python3", ["--version"]) ? ["python3", script("./udp_pair.py")] : undefined;
const c = compile(join(folder, "udp_pair"));
const iperf3 = installed("iperf3", ["--version"]);
const sockperf = installed("sockperf", ["--version"]);

try {
  await runContest(roundTrips(), rounds);
  await runContest(datagramStream(), rounds);
  await runContest(octetStream(), rounds);
} finally {
  rmSync(folder, { recursive: true });
}

function roundTrips(): Contest {
  const asking = [String(SECONDS), "2"];
  return {
    title: "round trips of 2 octets over UDP, one client",
    unit: "per second",
    contenders: [
      c && pair("C server, C client", [...c, "serve"], [...c, "ask"], asking),
      python && pair("Python server, Python client", [...python, "serve"], [...python, "ask"], asking),
      c && pair("node:dgram server, C client", [...node, "dgram"], [...c, "ask"], asking),
      c && pair("Hamlet server, C client", [...node, "serve"], [...c, "ask"], asking),
      python && pair("Hamlet server, Python client", [...node, "serve"], [...python, "ask"], asking),
      pair("Hamlet server, Hamlet client", [...node, "serve"], [...node, "ask"], asking),
      sockperf ? sockperfPair() : undefined,
    ],
    bars: [
      { ours: "Hamlet server, C client", theirs: "C server, C client", least: 0.8 },
      { ours: "Hamlet server, Python client", theirs: "Python server, Python client", least: 1 },
      { ours: "Hamlet server, C client", theirs: "Python server, Python client", least: 1 },
    ],
  };
}

function datagramStream(): Contest {
  const sending = [String(SECONDS + 0.5), "1400"];
  return {
    title: "a stream of 1,400 octets over UDP, as received",
    unit: "Mbit/s",
    contenders: [
      iperf3 ? iperfPair("iperf3", ["-u", "-b", "0", "-l", "1400"]) : undefined,
      c && streamPair("C receiver, C sender", [...c, "sink", String(SECONDS)], [...c, "blast"], sending),
      streamPair(
        "Hamlet receiver, Hamlet sender",
        [...node, "sink", String(SECONDS)],
        [...node, "blast"],
        sending,
      ),
      pair(METER, [...node, "meter-serve"], [...node, "meter-ask"], [String(SECONDS), "1400", "udp"]),
    ],
    bars: [
      { ours: "Hamlet receiver, Hamlet sender", theirs: "iperf3", least: 1 },
      { ours: METER, theirs: "iperf3", least: 1 },
    ],
  };
}

function octetStream(): Contest {
  const sending = [String(SECONDS), String(128 * 1024)];
  return {
    title: "one TCP stream, as received",
    unit: "Mbit/s",
    contenders: [
      iperf3 ? iperfPair("iperf3", []) : undefined,
      iperf3 ? iperfPair("iperf3, writes of 1 MiB", ["-l", "1M"]) : undefined,
      streamPair("Hamlet receiver, Hamlet sender", [...node, "tcp-sink"], [...node, "tcp-send"], sending),
      pair(METER, [...node, "meter-serve"], [...node, "meter-ask"], [...sending, "tcp"]),
    ],
    bars: [
      { ours: "Hamlet receiver, Hamlet sender", theirs: "iperf3", least: 0.8 },
      { ours: METER, theirs: "iperf3", least: 0.8 },
      { ours: METER, theirs: "iperf3, writes of 1 MiB", least: 0.8 },
    ],
  };
}

/** The server prints its port, the client the figure. */
function pair(name: string, server: string[], client: string[], options: string[]): Contender {
  return {
    name,
    async measure() {
      const serving = start(server);
      const port = await serving.line();
      const asking = start([...client, port, ...options]);
      const figure = Number(await asking.line());
      serving.stop();
      await Promise.all([serving.ended, asking.ended]);
      return figure;
    },
  };
}

/** The receiver prints its port and at last the bits per second. */
function streamPair(name: string, receiver: string[], sender: string[], options: string[]): Contender {
  return {
    name,
    async measure() {
      const receiving = start(receiver);
      const sending = start([...sender, await receiving.line(), ...options]);
      const figure = Number(await receiving.line()) / 1e6;
      await Promise.all([receiving.ended, sending.ended]);
      return figure;
    },
  };
}

function iperfPair(name: string, options: readonly string[]): Contender {
  return {
    name,
    async measure() {
      const port = String(freePort());
      const serving = start(["iperf3", "-s", "-1", "-p", port, "--forceflush"]);
      while (!(await serving.line()).startsWith("Server listening"));
      const words = ["-c", "127.0.0.1", "-p", port, "-t", String(SECONDS), "-J", ...options];
      const result = spawnSync("iperf3", words, { encoding: "utf8", maxBuffer: 1 << 26 });
      await serving.ended;
      const { end } = JSON.parse(result.stdout) as IperfReport;
      if (end.sum_received !== undefined && end.sum_received.bits_per_second > 0) {
        return end.sum_received.bits_per_second / 1e6;
      }
      const { bits_per_second: rate, lost_percent: lost } = end.sum as NonNullable<IperfReport["end"]["sum"]>;
      return (rate * (1 - lost / 100)) / 1e6;
    },
  };
}

interface IperfReport {
  readonly end: {
    readonly sum_received?: { readonly bits_per_second: number };
    readonly sum?: { readonly bits_per_second: number; readonly lost_percent: number };
  };
}

function sockperfPair(): Contender {
  return {
    name: "sockperf",
    async measure() {
      const port = String(freePort());
      const serving = start(["sockperf", "server", "-i", "127.0.0.1", "-p", port]);
      while (!(await serving.line()).includes("[tid"));
      const words = ["ping-pong", "-i", "127.0.0.1", "-p", port, "-t", String(SECONDS), "-m", "14"];
      const { stdout } = spawnSync("sockperf", words, { encoding: "utf8" });
      serving.stop();
      await serving.ended;
      // "[Valid Duration] RunTime=0.95 sec; SentMessages=41000; ReceivedMessages=41000"
      const found = /Valid Duration\D*RunTime=([\d.]+).*ReceivedMessages=(\d+)/.exec(stdout);
      if (found === null) throw new Error(`sockperf said: ${stdout}`);
      return Number(found[2]) / Number(found[1]);
    },
  };
}

function compile(program: string): [string] | undefined {
  const result = spawnSync("cc", ["-O2", "-o", program, script("./c/udp_pair.c")], { encoding: "utf8" });
  if (result.status === 0) return [program];
  print("C is not measured: it needs a C compiler, cc (apt-get install gcc libc6-dev)");
  return undefined;
}
