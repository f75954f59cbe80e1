/** Runs one command line on a host: finds the command, parses its words, says in one line what fails. */

import { HamletError, LocalError, messageOf, type Task } from "../net/index.ts";
import type { Host } from "./host.ts";
import { help, parseCommandLine } from "./shell/arguments.ts";
import type { Command, Shell } from "./shell/command.ts";

/** Where a command's output goes and its input comes from. */
export interface ExecOptions {
  print(text: string): void;
  printError(text: string): void;
  readonly json?: boolean;
  readonly colour?: boolean;
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
  throw new LocalError("no-host", `"${command}" works only on a host of a network: hamlet exec HOST ${command}`);
}
