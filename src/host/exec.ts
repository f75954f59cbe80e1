/** Runs one command line on a host: finds the command, parses its words, says in one line what fails. */

import { HamletError, LocalError, type Task } from "../net/index.ts";
import { failureJson } from "./failure.ts";
import type { Host } from "./host.ts";
import { hasOption, help, parseCommandLine } from "./shell/arguments.ts";
import type { Command, CommandInput, Shell } from "./shell/command.ts";
import { didYouMean } from "./suggest.ts";

/** Where a command's output goes and its input comes from. */
export interface ExecOptions {
  print(text: string): void;
  printError(text: string): void;
  readonly json?: boolean;
  readonly colour?: boolean;
  /** As many characters as a line of the output has room for; absent: for any. */
  readonly columns?: number;
  /** The next line of input; absent: there is none. */
  readLine?(): Task<string | null>;
}

/** The shell of a host: its commands may look at the machine and at its services, too. */
export interface HostShell extends Shell {
  readonly host: Host;
}

/** The host under a shell; on the machine's own network there is none, and the command says so. */
export function hostOf(shell: Shell, command: string): Host {
  if ("host" in shell) return (shell as HostShell).host;
  throw new LocalError(
    "no-host",
    `"${command}" works only on a host of a network: hamlet exec HOST ${command}`,
  );
}

/** The command that `words` begin with, and what its words mean; throws LocalError "unknown-command" or "usage". */
export function findCommand(
  commands: readonly Command[],
  words: readonly string[],
): { command: Command; input: CommandInput } {
  // "mail send" before "mail": the longest name that fits.
  const longestFirst = [...commands].sort((a, b) => b.name.length - a.name.length);
  const command = longestFirst.find((each) => each.name.split(" ").every((part, i) => words[i] === part));
  if (command !== undefined) {
    return { command, input: parseCommandLine(command, words.slice(command.name.split(" ").length)) };
  }
  const names = commands.map((each) => each.name);
  const begun = names.filter((name) => name.startsWith(`${words[0]} `)).map((name) => `"${name}"`);
  const hint = begun.length > 0 ? `; there is ${begun.join(", ")}` : didYouMean(words[0] ?? "", names);
  throw new LocalError(
    "unknown-command",
    `unknown command "${words[0] ?? ""}"${hint || '; "help" lists them'}`,
  );
}

/** For Host.exec: runs `words`; expected failures are printed, and their exit status is returned. */
export function* runCommand(host: Host, words: readonly string[], options: ExecOptions): Task<number> {
  let hasPrinted = false;
  // Known before the words are understood, for the understanding may be what fails.
  const jsonAsked = options.json === true || words.includes("--json");
  const print = (text: string): void => {
    hasPrinted = true;
    options.print(text);
  };
  try {
    const { command, input } = findCommand(host.commands, words);
    if (hasOption(input, "help")) {
      options.print(help(command, options.columns));
      return 0;
    }
    const shell: HostShell = {
      host,
      network: host.network,
      nameServers: host.nameServers,
      memory: host.memory,
      files: host.files,
      ...(host.mailAccount === undefined ? {} : { mailAccount: host.mailAccount }),
      print,
      printError: (text) => options.printError(text),
      json: options.json === true || hasOption(input, "json"),
      colour: options.colour === true,
      ...(options.columns === undefined ? {} : { columns: options.columns }),
      *readLine(): Task<string | null> {
        return options.readLine === undefined ? null : yield* options.readLine();
      },
    };
    return yield* command.run(shell, input);
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
    options.printError(`${error.message}\n`);
    // One document: what was printed before it failed is the result.
    if (jsonAsked && !hasPrinted) print(failureJson(error));
    return error.code === "usage" || error.code === "unknown-command" ? EXIT_USAGE : EXIT_FAILED;
  }
}

/** It was tried and did not work. */
export const EXIT_FAILED = 1;
/** It was not even tried: the words made no sense (as shells do). */
export const EXIT_USAGE = 2;
