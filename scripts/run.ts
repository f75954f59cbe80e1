/** Running programs one after the other or side by side, for check.ts and test.ts. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Below src, those that touch no platform: two halves that take the same time. "web" is the page, whose tests are of its
 * parts without a page.
 */
const PURE_FOLDERS = [
  ["engine", "protocols", "net"],
  ["sim", "topology", "host", "web", "dissect", "services", "store", "bytes"],
] as const;

const root = fileURLToPath(new URL("..", import.meta.url));
/** What a run leaves for the next one; every clone has its own. */
const cache = join(root, "node_modules", ".cache", "hamlet");
/** Each test file is a process; compiled code from the run before saves half of their start. */
const environment = { NODE_COMPILE_CACHE: cache, ...process.env };

export interface Step {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Steps side by side: prints the output of each that failed; true when all worked. */
export async function runTogether(steps: readonly Step[]): Promise<boolean> {
  const results = await Promise.all(steps.map((step) => runQuietly(step)));
  return results.every(Boolean);
}

/** One step with its output as it comes; its exit status. */
export function runLoudly(step: Step): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(step.command, step.args, { cwd: root, env: environment, stdio: "inherit" });
    // What a failed test has left open must not keep the runner for ever.
    const limit = setTimeout(() => {
      console.error(`${step.title}: not done after ${LIMIT_MS / 60_000} minutes`);
      child.kill();
    }, LIMIT_MS);
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(limit);
      resolve(status ?? 1);
    });
  });
}

function runQuietly(step: Step): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(step.command, step.args, {
      cwd: root,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const text = Buffer.concat(output).toString();
      console.log(`${status === 0 ? "ok  " : "FAIL"} ${step.title}${countsIn(text)} (${seconds} s)`);
      if (status !== 0) process.stdout.write(text);
      resolve(status === 0);
    });
  });
}

/** What the test runner counted: ": 600 tests, 599 passed, 1 skipped"; nothing of other programs. */
function countsIn(output: string): string {
  const count = (what: string): number =>
    Number(new RegExp(`^ℹ ${what} (\\d+)$`, "m").exec(output)?.[1] ?? 0);
  if (count("tests") === 0) return "";
  const skipped = count("skipped") > 0 ? `, ${count("skipped")} skipped` : "";
  return `: ${count("tests")} tests, ${count("pass")} passed${skipped}`;
}

/** What a look at the source can tell: types, style, and the rules of the house. */
export const staticSteps: readonly Step[] = [
  typesStep("types", "tsconfig"),
  typesStep("types of the pure folders, without any platform", "tsconfig.pure"),
  typesStep("types of the console's page", "tsconfig.web"),
  { title: "style", command: "biome", args: ["check", "--error-on-warnings", "."] },
  {
    title: "import table, forgotten yield*, long functions",
    command: "node",
    args: ["scripts/checks/main.ts"],
  },
];

/** Looks anew only at what has changed since the last time, and at what depends on it. */
function typesStep(title: string, config: string): Step {
  const kept = ["--incremental", "--tsBuildInfoFile", join(cache, `${config}.tsbuildinfo`)];
  return { title, command: "tsc", args: ["--noEmit", "-p", `${config}.json`, ...kept] };
}

/**
 * The tests of the folders that touch no platform, in two processes side by side: the start of 150 processes would take
 * as long as all their tests.
 */
export const pureTestSteps: readonly Step[] = PURE_FOLDERS.map((folders) => ({
  ...testStep([`src/{${folders.join(",")}}/**/*.test.ts`], ["--test-isolation=none"]),
  title: `tests of ${folders.slice(0, -1).join(", ")} and ${folders.at(-1)}`,
}));

/** All other unit tests: each file in a process of its own. */
export const platformTests = [`src/!(${PURE_FOLDERS.flat().join("|")})/**/*.test.ts`, "scripts/**/*.test.ts"];

/** The test runner over the given files; its own counts are the last thing it prints. */
export function testStep(patterns: readonly string[], more: readonly string[] = []): Step {
  // A test that hangs is a failure, not a wait: no test needs half of this. (No --test-force-exit: it loses tests
  // that a file registers late, without a word.)
  const options = ["--test", "--test-reporter=spec", "--test-timeout=180000"];
  return { title: "tests", command: "node", args: [...options, ...more, ...patterns] };
}

/** Ten times what all tests take on 2 cores. */
const LIMIT_MS = 30 * 60_000;
