/** A terminal of streams in memory: what a command line prints, without a process. */

import { PassThrough } from "node:stream";
import { runCommandLine } from "../command-line.ts";
import { Interrupt } from "../interrupt.ts";
import type { ProgramContext } from "../program.ts";
import { Terminal } from "../terminal.ts";

export interface TestTerminal {
  readonly context: ProgramContext;
  readonly stdin: PassThrough;
  stdout(): string;
  stderr(): string;
}

export function testTerminal(environment: Record<string, string> = {}, isTTY = false): TestTerminal {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const output = { stdout: "", stderr: "" };
  stdout.on("data", (bytes) => (output.stdout += bytes));
  stderr.on("data", (bytes) => (output.stderr += bytes));
  const streams = { stdin, stdout: Object.assign(stdout, { isTTY }), stderr, environment };
  const terminal = new Terminal(streams, (error) => {
    throw error;
  });
  const interrupt = new Interrupt((status) => {
    throw new Error(`the process would end at once with ${status}`);
  });
  const context = { terminal, interrupt };
  return { context, stdin, stdout: () => output.stdout, stderr: () => output.stderr };
}

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process. */
export function runWords(...words: string[]): Promise<Ran> {
  return runWithInput("", ...words);
}

export async function runWithInput(input: string, ...words: string[]): Promise<Ran> {
  const terminal = testTerminal();
  terminal.stdin.end(input);
  const status = await runCommandLine(words, terminal.context);
  await terminal.context.terminal.finish();
  return { status, stdout: terminal.stdout(), stderr: terminal.stderr() };
}
