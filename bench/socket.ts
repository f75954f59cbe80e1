/**
 * `npm run bench:socket [ROUNDS]`: Hamlet's sockets beside iperf3, sockperf, plain Python, blocking C and bare
 * node:dgram, in one run on the loopback. Each figure is the median of several rounds; a round runs all programs one
 * after the other, so that a noisy machine disturbs all of them. What is not installed is left out, and said so.
 */

import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** One program, or a pair: measures once. */
interface Contender {
  readonly name: string;
  measure(): Promise<number>;
}

interface Contest {
  readonly title: string;
  readonly unit: string;
  readonly contenders: readonly (Contender | undefined)[];
  /** Of the contender's median over the others': what must hold. */
  readonly bars: readonly { readonly ours: string; readonly theirs: string; readonly least: number }[];
}

/** Of each measurement: what a just-in-time compiler needs at first is then a small part, as in any server. */
const SECONDS = 3;
/** No measurement takes so long: whatever hangs is ended. */
const LATE_MS = 30_000;
const METER = "hamlet meter, both ends";
const rounds = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), "hamlet-bench-"));
const node = [process.execPath, script("./socket-peer.ts")];
const python = installed("python3", ["--version"]) ? ["python3", script("./udp_pair.py")] : undefined;
const c = compile(join(folder, "udp_pair"));
const iperf3 = installed("iperf3", ["--version"]);
const sockperf = installed("sockperf", ["--version"]);

try {
  await run(roundTrips());
  await run(datagramStream());
  await run(octetStream());
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

async function run({ title, unit, contenders, bars }: Contest): Promise<void> {
  const figures = new Map<string, number[]>();
  const present = contenders.filter((contender) => contender !== undefined);
  for (let round = 0; round < rounds; round++) {
    for (const { name, measure } of present) {
      figures.set(name, [...(figures.get(name) ?? []), await measure()]);
    }
  }
  print(`${title}: median, and from lowest to highest of ${rounds} rounds`);
  for (const [name, values] of figures) {
    const range = `${thousands(Math.min(...values))} to ${thousands(Math.max(...values))}`;
    print(`  ${name.padEnd(32)} ${thousands(median(values))} ${unit} (${range})`);
  }
  for (const { ours, theirs, least } of bars) {
    const [mine, other] = [figures.get(ours), figures.get(theirs)];
    if (mine === undefined || other === undefined) continue;
    print(`  ${ours} over ${theirs}: ${(median(mine) / median(other)).toFixed(2)} (bar: ${least})`);
  }
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

/** Its lines one by one, and its end. Only ever ended by its own handle. */
function start(words: readonly string[]) {
  const stdio = ["ignore", "pipe", "inherit"] as ["ignore", "pipe", "inherit"];
  const child: ChildProcessByStdio<null, Readable, null> = spawn(words[0], words.slice(1), { stdio });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const late = setTimeout(() => child.kill(), LATE_MS);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  void ended.then(() => clearTimeout(late));
  return {
    ended,
    stop: () => void child.kill(),
    async line(): Promise<string> {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${words.join(" ")} ended without a word`);
      return value;
    },
  };
}

function compile(program: string): [string] | undefined {
  const result = spawnSync("cc", ["-O2", "-o", program, script("./c/udp_pair.c")], { encoding: "utf8" });
  if (result.status === 0) return [program];
  print("C is not measured: it needs a C compiler, cc (apt-get install gcc libc6-dev)");
  return undefined;
}

function installed(program: string, words: readonly string[]): boolean {
  const { status, stdout } = spawnSync(program, words, { encoding: "utf8" });
  if (status === 0) print(stdout.split("\n")[0].trim());
  else print(`${program} is not measured: it is not installed (apt-get install ${program})`);
  return status === 0;
}

/** Programs that must be told their port get one of those that the system does not give out by itself. */
function freePort(): number {
  return 20_000 + Math.floor(Math.random() * 10_000);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString("en").padStart(7);
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function print(line: string): void {
  console.log(line);
}
