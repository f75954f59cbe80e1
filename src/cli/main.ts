/** The program `hamlet`. Read first: command-line.ts, catalogue.ts, then one of commands/. */

import { runCommandLine } from "./command-line.ts";
import { Interrupt, OUTPUT_CLOSED } from "./interrupt.ts";
import { Terminal } from "./terminal.ts";

const interrupt = new Interrupt((exitStatus) => process.exit(exitStatus));
const { stdin, stdout, stderr, env: environment } = process;
const terminal = new Terminal({ stdin, stdout, stderr, environment }, () => interrupt.trigger(OUTPUT_CLOSED));
interrupt.watchSignals();
const exitStatus = await runCommandLine(process.argv.slice(2), { terminal, interrupt });
await terminal.finish();
// Nothing that was forgotten may keep a finished program alive.
process.exit(exitStatus);
