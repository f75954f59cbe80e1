/** Running programs one after the other or side by side, for check.ts and test.ts. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Below src; "web" is the page, whose tests are of its parts without a page. */
const PURE_FOLDERS = "net bytes protocols sim store services dissect host topology engine web".split(" ");

const root = fileURLToPath(new URL("..", import.meta.url));
/** Each test file is a process; compiled code from the run before saves half of their start. */
const environment = { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "hamlet"), ...process.env };

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
    const child = spawn(step.command, step.args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      console.log(`${status === 0 ? "ok  " : "FAIL"} ${step.title} (${seconds} s)`);
      if (status !== 0) process.stdout.write(Buffer.concat(output));
      resolve(status === 0);
    });
  });
}

/** What a look at the source can tell: types, style, and the rules of the house. */
export const staticSteps: readonly Step[] = [
  { title: "types", command: "tsc", args: ["--noEmit", "-p", "tsconfig.json"] },
  {
    title: "types of the pure folders, without any platform",
    command: "tsc",
    args: ["--noEmit", "-p", "tsconfig.pure.json"],
  },
  { title: "types of the console's page", command: "tsc", args: ["--noEmit", "-p", "tsconfig.web.json"] },
  { title: "style", command: "biome", args: ["check", "--error-on-warnings", "."] },
  {
    title: "import table, forgotten yield*, long functions",
    command: "node",
    args: ["scripts/checks/main.ts"],
  },
];

/**
 * The unit tests for `npm run check`: those of the folders that touch no platform in one process, for the start of 130
 * processes would take as long as all their tests; the others each in its own.
 */
export const unitTestSteps: readonly Step[] = [
  {
    ...testStep([`src/{${PURE_FOLDERS.join(",")}}/**/*.test.ts`], ["--test-isolation=none"]),
    title: "tests of the pure folders",
  },
  {
    ...testStep([`src/!(${PURE_FOLDERS.join("|")})/**/*.test.ts`, "scripts/**/*.test.ts"]),
    title: "tests of os, cli and scripts",
  },
];

/** The test runner over the given files; its own counts are the last thing it prints. */
export function testStep(patterns: readonly string[], more: readonly string[] = []): Step {
  // A test that hangs is a failure, not a wait: no test needs half of this. (No --test-force-exit: it loses tests
  // that a file registers late, without a word.)
  const options = ["--test", "--test-reporter=spec", "--test-timeout=180000"];
  return { title: "tests", command: "node", args: [...options, ...more, ...patterns] };
}

/** Ten times what all tests take on 2 cores. */
const LIMIT_MS = 30 * 60_000;
