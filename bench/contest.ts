/**
 * The frame of benchmarks beside other programs: each figure is the median of several rounds, and a round runs all
 * programs one after the other, so that a noisy machine disturbs all of them.
 */

import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** One program, or a pair: measures once. */
export interface Contender {
  readonly name: string;
  measure(): Promise<number>;
}

export interface Contest {
  readonly title: string;
  readonly unit: string;
  readonly contenders: readonly (Contender | undefined)[];
  /** Of the contender's median over the others': what must hold. */
  readonly bars: readonly { readonly ours: string; readonly theirs: string; readonly least: number }[];
}

/** Measures in so many rounds, and prints what came of it. */
export async function runContest({ title, unit, contenders, bars }: Contest, rounds: number): Promise<void> {
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

/** Its lines one by one, and its end. Only ever ended by its own handle. */
export function start(words: readonly string[]) {
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

/** Whether a program is there; says its first line, or what to install. */
export function installed(program: string, words: readonly string[], debianPackage = program): boolean {
  const { status, stdout } = spawnSync(program, words, { encoding: "utf8" });
  if (status === 0) print(stdout.split("\n")[0].trim());
  else print(`${program} is not measured: it is not installed (apt-get install ${debianPackage})`);
  return status === 0;
}

/** Programs that must be told their port get one of those that the system does not give out by itself. */
export function freePort(): number {
  return 20_000 + Math.floor(Math.random() * 10_000);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString("en").padStart(7);
}

/** A file beside this one. */
export function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

export function print(line: string): void {
  console.log(line);
}

/** No measurement takes so long: whatever hangs is ended. */
const LATE_MS = 30_000;
