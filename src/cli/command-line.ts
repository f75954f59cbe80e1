/**
 * From the words after `hamlet` to an exit status: finds the program, its help, its errors in one line each.
 * Exit statuses: 0 it worked, 1 it did not, 2 the command line makes no sense, 128 and more: ended by a signal.
 */

import { failureJson } from "../host/failure.ts";
import { commands } from "../host/shell/index.ts";
import { hasOption } from "../host/shell/option-values.ts";
import { didYouMean } from "../host/suggest.ts";
import { HamletError, LocalError, messageOf } from "../net/index.ts";
import { clientPrograms, networkPrograms, programs } from "./catalogue.ts";
import { NetworkFileError } from "./network-source.ts";
import { EXIT_FAILED, EXIT_USAGE, helpOf, type Program, type ProgramContext, parseWords } from "./program.ts";
import { programCall } from "./program-call.ts";

/** Runs one command line; what goes wrong is printed. */
export async function runCommandLine(words: readonly string[], context: ProgramContext): Promise<number> {
  const { terminal } = context;
  // Known before the words are understood, for the understanding may be what fails.
  const debug = debugAsked(words);
  try {
    return await dispatch(
      words.filter((word, at) => !(word === "--debug" && at === 0)),
      context,
    );
  } catch (error) {
    const text = describeError(error, debug);
    // The parser's own messages begin with the program that they are about.
    terminal.printError(text.startsWith("hamlet ") ? `${text}\n` : `hamlet: ${text}\n`);
    // One document: what was printed before it failed is the result.
    if (jsonAsked(words) && !terminal.hasPrinted)
      terminal.print(error instanceof NetworkFileError ? error.json() : failureJson(error));
    return error instanceof LocalError && USAGE_CODES.has(error.code) ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function dispatch(words: readonly string[], context: ProgramContext): Promise<number> {
  const { terminal } = context;
  const call = programCall(terminal.environment);
  const [first] = words;
  if (first === undefined) {
    terminal.printError(overview());
    return EXIT_USAGE;
  }
  if (first === "--help" || first === "-h" || first === "help") {
    const rest = words.slice(1).filter((word) => !word.startsWith("-"));
    terminal.print(rest.length === 0 ? overview() : helpFor(rest, call));
    return 0;
  }
  if (first === "--version" || first === "-V" || first === "version") {
    terminal.print(`hamlet ${await readVersion()} (Node ${process.versions.node})\n`);
    return 0;
  }
  const begun = programs.filter(({ name }) => name.startsWith(`${first} `));
  if (begun.length > 0 && (words[1] === "--help" || words[1] === "-h")) {
    terminal.print(helpFor([first], call));
    return 0;
  }
  const program = findProgram(words, call);
  const rest = words.slice(program.name.split(" ").length);
  const input = parseWords(program, rest);
  if (hasOption(input, "help")) {
    terminal.print(helpOf(program, call));
    return 0;
  }
  return await program.run(context, input);
}

/** The program that `words` begin with: "mail send" before "mail". */
function findProgram(words: readonly string[], call: string): Program {
  const longestFirst = [...programs].sort((a, b) => b.name.length - a.name.length);
  const program = longestFirst.find((each) => each.name.split(" ").every((part, at) => words[at] === part));
  if (program !== undefined) return program;
  const [first] = words;
  if (first.startsWith("-")) throw usage(`there is no option ${first} before the command`);
  const begun = programs.map(({ name }) => name).filter((name) => name.startsWith(`${first} `));
  if (begun.length > 0)
    throw usage(`"${first}" is the beginning of ${begun.map((name) => `"${name}"`).join(", ")}`);
  if (commands.some(({ name }) => name.split(" ")[0] === first)) {
    throw usage(
      `"${first}" is typed at a host of a network that is up: ${call} exec HOST ${words.join(" ")}`,
    );
  }
  throw usage(
    `there is no command "${first}"${didYouMean(
      first,
      programs.map(({ name }) => name),
    )}`,
  );
}

/** Of one program, or of all that begin with a word: "mail". */
function helpFor(words: readonly string[], call: string): string {
  const begun = programs.filter(({ name }) => words.length === 1 && name.startsWith(`${words[0]} `));
  const found = begun.length > 0 ? begun : [findProgram(words, call)];
  return found.map((program) => helpOf(program, call)).join("\n");
}

function overview(): string {
  const width = Math.max(...programs.map(({ name }) => name.length));
  const list = (group: readonly Program[]): string[] =>
    group.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "Usage: hamlet COMMAND [options] [operands]",
    "",
    "A small Internet that you can run, see and take apart.",
    "",
    "Networks and servers:",
    ...list(networkPrograms),
    "",
    "Clients, on the machine's own network (on a host of a network: hamlet exec HOST ...):",
    ...list(clientPrograms),
    "",
    "  hamlet help COMMAND    explains one of them, with examples",
    "  hamlet --version       says which Hamlet this is",
    "",
    "Exit status: 0 it worked, 1 it did not, 2 the command line makes no sense.",
    'With --json a result is one JSON document, and so is a failure: {"error":{"code":...,"message":...}},',
    'of a network file {"errors":[{"file":...,"line":...,"column":...,"message":...}]}.',
    "",
  ].join("\n");
}

/** One line for a person; with `debug` the stack, and what lies beneath. */
export function describeError(error: unknown, debug: boolean): string {
  const message = messageOf(error);
  if (!debug) {
    const ours = error instanceof HamletError ? "" : ' (a mistake in Hamlet; "--debug" shows where)';
    return `${message.replaceAll("\n", " ")}${ours}`;
  }
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const cause =
    error instanceof Error && error.cause !== undefined
      ? `\ncaused by: ${describeError(error.cause, true)}`
      : "";
  return stack + cause;
}

/** "--json" for the program or, after exec, for the command there. */
function jsonAsked(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return words.slice(0, end === -1 ? undefined : end).includes("--json");
}

/** "--debug" among the words of the program itself, not among those that `exec` passes on. */
function debugAsked(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  const own = words.slice(0, end === -1 ? undefined : end);
  return words[0] === "exec" ? own[1] === "--debug" : own.includes("--debug");
}

async function readVersion(): Promise<string> {
  const { default: description } = await import("../../package.json", { with: { type: "json" } });
  return description.version;
}

function usage(problem: string): LocalError {
  return new LocalError(
    "usage",
    problem.endsWith("?") ? problem : `${problem}; "hamlet --help" lists what there is`,
  );
}

const USAGE_CODES: ReadonlySet<string> = new Set(["usage", "unknown-command"]);
