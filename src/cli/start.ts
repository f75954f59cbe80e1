/** The process: its words, streams and signals, its exit status. Read first: command-line.ts, catalogue.ts, then commands/. */

import { describeError, runCommandLine } from "./command-line.ts";
import { Interrupt, OUTPUT_CLOSED } from "./interrupt.ts";
import { EXIT_FAILED } from "./program.ts";
import { Terminal } from "./terminal.ts";

const words = process.argv.slice(2);
const interrupt = new Interrupt((exitStatus) => process.exit(exitStatus));
const { stdin, stdout, stderr, env: environment } = process;
const terminal = new Terminal({ stdin, stdout, stderr, environment }, (error) => {
  // A reader that has gone is no failure of ours, and there is nobody to tell.
  if (error.code === "EPIPE") return interrupt.trigger(OUTPUT_CLOSED);
  terminal.printError(`hamlet: the output cannot be written: ${error.message}\n`);
  process.exit(EXIT_FAILED);
});
interrupt.watchSignals();
process.on("uncaughtException", (error) => {
  terminal.printError(`hamlet: ${describeError(error, words.includes("--debug"))}\n`);
  process.exit(EXIT_FAILED);
});
const exitStatus = await runCommandLine(words, { terminal, interrupt });
await terminal.finish();
// Nothing that was forgotten may keep a finished program alive.
process.exit(exitStatus);
