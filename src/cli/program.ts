/**
 * What one word after `hamlet` does: "run", "up", "dig". A program is described as the commands of a host's shell
 * are (host/shell/command.ts), so both have one parser and one form of help; it runs with promises, at the edge.
 */

import type { Command, CommandInput, CommandOption } from "../host/shell/command.ts";
import { hanging, help, parseCommandLine } from "../host/shell/index.ts";
import type { Interrupt } from "./interrupt.ts";
import { asCalled } from "./program-call.ts";
import type { Terminal } from "./terminal.ts";

export interface Program extends Omit<Command, "run"> {
  /** Paragraphs shown by --help below the options. */
  readonly details: readonly string[];
  /** True: options end at the first operand, and what follows belongs to another command (`hamlet exec`). */
  readonly stopsAtOperand?: boolean;
  /** Runs it; the number is the exit status. Expected failures are thrown as HamletError. */
  run(context: ProgramContext, input: CommandInput): Promise<number>;
}

export interface ProgramContext {
  readonly terminal: Terminal;
  /** Ctrl-C and its kin. */
  readonly interrupt: Interrupt;
}

/** Sorts the words after the program's name; throws LocalError "usage". */
export function parseWords(program: Program, words: readonly string[]): CommandInput {
  const asTyped = { ...asCommand(program), options: [...program.options, DEBUG_OPTION] };
  return parseCommandLine(asTyped, program.stopsAtOperand ? separated(asTyped, words) : words);
}

/** `call` is how the person calls Hamlet, for the examples: "./hamlet". */
export function helpOf(program: Program, call: string): string {
  const asTyped = {
    ...asCommand(program),
    options: [...program.options, DEBUG_OPTION],
    examples: program.examples.map((example) => asCalled(example, call)),
  };
  return (
    help(asTyped) +
    program.details.map((paragraph) => `\n${hanging("", paragraph, COLUMNS).join("\n")}\n`).join("")
  );
}

/** Under the name that is typed: "hamlet run". */
function asCommand(program: Program): Command {
  return {
    ...program,
    name: `hamlet ${program.name}`,
    run() {
      throw new Error("a program is not run as a task");
    },
  };
}

/** Puts "--" before the first operand, so that what follows it is left alone. */
function separated(command: Command, words: readonly string[]): string[] {
  let at = 0;
  while (at < words.length && words[at].startsWith("-") && words[at] !== "--") {
    const takesNext = command.options.some(
      ({ name, short, value }) =>
        value !== undefined &&
        (words[at] === `--${name}` || (short !== undefined && words[at] === `-${short}`)),
    );
    at += takesNext ? 2 : 1;
  }
  if (at >= words.length || words[at] === "--") return [...words];
  return [...words.slice(0, at), "--", ...words.slice(at)];
}

/** Of a paragraph, as terminals begin. */
const COLUMNS = 80;
const DEBUG_OPTION: CommandOption = { name: "debug", help: "show where an error comes from" };

/** It was tried and did not work. */
export const EXIT_FAILED = 1;
/** It was not even tried: the words made no sense. */
export const EXIT_USAGE = 2;
