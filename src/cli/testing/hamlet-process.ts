/** The real program in a process of its own, for tests: its output so far, waiting with a limit, its end. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class HamletProcess {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = "";
  stderr = "";
  readonly ended: Promise<Ended>;

  /** It is killed at the end of the test `t` at the latest, however that ends. */
  constructor(t: { after(action: () => unknown): void }, args: readonly string[]) {
    this.child = spawn(process.execPath, [MAIN, ...args]);
    t.after(() => this.child.kill("SIGKILL"));
    this.child.stdout.setEncoding("utf8").on("data", (text) => (this.stdout += text));
    this.child.stderr.setEncoding("utf8").on("data", (text) => (this.stderr += text));
    // A program that ended does not read its input any more.
    this.child.stdin.on("error", () => {});
    this.ended = new Promise((resolve) => {
      this.child.on("close", (status, signal) => {
        resolve({ status, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Waits until the output has what is looked for; throws with all that was said when it does not come. */
  async waitFor(pattern: RegExp, timeoutMs = WAIT_MS): Promise<RegExpExecArray> {
    const endAt = performance.now() + timeoutMs;
    for (;;) {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (found !== null) return found;
      if (performance.now() > endAt || this.child.exitCode !== null) {
        throw new Error(`${pattern} did not come; stdout:\n${this.stdout}\nstderr:\n${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  kill(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** Runs a command line to its end. */
export async function hamlet(t: TestContext, args: readonly string[], input = ""): Promise<Ended> {
  const program = new HamletProcess(t, args);
  program.child.stdin.end(input);
  const timer = setTimeout(() => program.child.kill("SIGKILL"), 30_000);
  const ended = await program.ended;
  clearTimeout(timer);
  return ended;
}

/** A busy machine takes its time: a start needs half a second of processor time. */
const WAIT_MS = 60_000;
const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
