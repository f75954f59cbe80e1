/** Every word after `hamlet`: the one place where a new one is entered. In the order in which the help lists them. */

import { commands } from "../host/shell/index.ts";
import { clientProgram } from "./commands/client.ts";
import { exec } from "./commands/exec.ts";
import { run } from "./commands/run.ts";
import { serve } from "./commands/serve.ts";
import { up } from "./commands/up.ts";
import type { Program } from "./program.ts";

/** Networks and servers. */
export const networkPrograms: readonly Program[] = [up, run, exec, serve];

/** Clients, which work on the machine's own network, too. */
export const clientPrograms: readonly Program[] = [
  "dig",
  "mail send",
  "pop",
  "imap",
  "echo",
  "upper",
  "fetch",
  "http",
  "ping",
  "meter",
  "voice",
].flatMap((name) => commands.filter((command) => command.name === name).map(clientProgram));

export const programs: readonly Program[] = [...networkPrograms, ...clientPrograms];
