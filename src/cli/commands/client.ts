/** A command of a host's shell, run on the machine's own network: `hamlet dig`, `hamlet mail send`. */

import type { Command, Shell } from "../../host/shell/command.ts";
import { hasOption } from "../../host/shell/option-values.ts";
import { LocalError, type Log, silentLog } from "../../net/index.ts";
import { diskFiles, OsNetwork, systemNameServers } from "../../os/index.ts";
import type { Program, ProgramContext } from "../program.ts";
import type { Terminal } from "../terminal.ts";

export function clientProgram(command: Command): Program {
  const { run, ...description } = command;
  return {
    ...description,
    examples: command.examples.map((example) => `hamlet ${example}`),
    details: [],
    async run(context, input): Promise<number> {
      const { terminal } = context;
      const network = new OsNetwork({ log: errorLog(terminal), fastUdp: "auto" });
      const shell: Shell = {
        network,
        nameServers: systemNameServers(),
        print: (text) => terminal.print(text),
        printError: (text) => terminal.printError(text),
        json: hasOption(input, "json"),
        colour: terminal.colour,
        readLine: () => terminal.input.readLine(),
        files: diskFiles,
        ...(terminal.columns === undefined
          ? {}
          : {
              columns: terminal.columns,
              terminal: { columns: terminal.columns, environment: terminal.environment },
            }),
      };
      const status = await runUntilInterrupted(network, context, () => run(shell, input));
      // A server has no other end.
      return status === context.interrupt.reason?.exitStatus && hasOption(input, "serve") ? 0 : status;
    },
  };
}

/** Runs a task on `network`; Ctrl-C cancels it and is then the exit status, unless it cannot save what it has. */
async function runUntilInterrupted(
  network: OsNetwork,
  { interrupt }: ProgramContext,
  begin: () => ReturnType<Command["run"]>,
): Promise<number> {
  const handle = network.spawn("command", begin());
  const forget = interrupt.onInterrupt(() => handle.cancel());
  try {
    return await new Promise<number>((resolve, reject) => {
      handle.whenDone((outcome) => {
        const error = "error" in outcome ? outcome.error : undefined;
        if (interrupt.reason !== undefined && !(error instanceof LocalError))
          resolve(interrupt.reason.exitStatus);
        else if ("error" in outcome) reject(outcome.error);
        else resolve(outcome.value);
      });
    });
  } finally {
    forget();
    await network.close();
  }
}

function errorLog(terminal: Terminal): Log {
  const say = (text: string): void => terminal.printError(`hamlet: ${text}\n`);
  return { ...silentLog, warn: say, error: say };
}
