/** How the commands of this folder answer. */

import type { Command, CommandInput, Shell } from "./command.ts";

/** Prints `text`, or `value` where JSON is wanted; 0, for the command to return. */
export function show(shell: Shell, value: unknown, text: string): number {
  shell.print(shell.json ? `${JSON.stringify(value)}\n` : text);
  return 0;
}

/** A command that never waits. */
export function atOnce(run: (shell: Shell, input: CommandInput) => number): Command["run"] {
  return function* (shell, input) {
    return run(shell, input);
  };
}
