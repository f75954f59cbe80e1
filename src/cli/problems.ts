/** Several things that hinder a start: all are told at once. */

import type { Terminal } from "./terminal.ts";

/** A line for each, and for programs one document beside them. */
export function printProblems(problems: readonly string[], json: boolean, terminal: Terminal): void {
  for (const problem of problems) terminal.printError(`hamlet: ${problem}\n`);
  if (json) terminal.print(`${JSON.stringify({ errors: problems.map((message) => ({ message })) })}\n`);
}
