/**
 * `npm run bench:sim`: the simulator beside ns-3 (Debian's libns3), the same two workloads in one run; what a simulated
 * host and connection cost in memory; what a forwarded connection carries. Each figure beside ns-3 is the median of
 * several rounds; a round runs the two programs one after the other, so that a noisy machine disturbs both. ns-3 is
 * left out, and said so, where g++ or libns3-dev is missing.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Result {
  readonly packets: number;
  readonly wallSeconds: number;
}

/** Virtual seconds of each workload: some seconds of real time for the slower program. */
const workloads = [
  { name: "bulk", title: "one bulk transfer at 100 Mbit/s", virtualSeconds: 20 },
  { name: "bottleneck", title: "100 flows over one bottleneck", virtualSeconds: 5 },
] as const;

const rounds = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), "hamlet-bench-"));
try {
  const ns3 = buildNs3(folder);
  for (const { name, title, virtualSeconds } of workloads) {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      if (ns3 !== undefined) theirs.push(rate(run(ns3, [name, String(virtualSeconds)])));
      ours.push(rate(run("node", [script("./sim-workload.ts"), name, String(virtualSeconds)])));
    }
    print(`${title} (${virtualSeconds} s of virtual time, ${rounds} rounds)`);
    print(`  Hamlet  ${thousands(median(ours))} packets/s`);
    if (ns3 !== undefined) {
      print(`  ns-3    ${thousands(median(theirs))} packets/s`);
      print(`  ratio   ${(median(ours) / median(theirs)).toFixed(1)} (bar: 3)`);
    }
  }
  print(output(["--expose-gc", script("./sim-memory.ts")]));
  print("a forwarded connection in real time, over links without delay (bar: 50 MB/s)");
  print(output([script("./forward.ts"), "200"]).replace(/^/gm, "  "));
} finally {
  rmSync(folder, { recursive: true });
}

/** Compiles the ns-3 program; undefined, with a word on why, where that cannot be done. */
function buildNs3(into: string): string | undefined {
  const program = join(into, "ns3-tcp");
  const libraries = ["core", "network", "internet", "point-to-point", "applications"].map(
    (name) => `-lns3-${name}`,
  );
  const arguments_ = ["-O2", "-std=c++17", "-o", program, script("./ns3/tcp.cc"), ...libraries];
  const result = spawnSync("g++", arguments_, { encoding: "utf8" });
  if (result.status === 0) return program;
  print("ns-3 is not measured: it needs Debian's g++ and libns3-dev (apt-get install g++ libns3-dev)");
  if (result.stderr) print(`  ${result.stderr.split("\n")[0]}`);
  return undefined;
}

function run(program: string, args: readonly string[]): Result {
  const result = spawnSync(program, args, { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${result.stderr}`);
  return JSON.parse(result.stdout) as Result;
}

/** What one of our own programs prints. */
function output(args: readonly string[]): string {
  const result = spawnSync("node", args, { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`node ${args.join(" ")} failed: ${result.stderr}`);
  return result.stdout.trimEnd();
}

function rate({ packets, wallSeconds }: Result): number {
  return packets / wallSeconds;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString("en").padStart(9);
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function print(line: string): void {
  console.log(line);
}
