/** `hamlet run FILE`: a network file in virtual time, from its story to its expectations. */

import { closeSync, openSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { CommandInput } from "../../host/shell/command.ts";
import { hasOption, optionDurationMs, optionInteger, optionText } from "../../host/shell/option-values.ts";
import { LocalError } from "../../net/index.ts";
import { fileProblem } from "../../os/index.ts";
import { Capture, streamPcapng } from "../../sim/capture/index.ts";
import { buildNetwork, type Lab, type LabReport, type RunOptions } from "../../topology/index.ts";
import { writeAll } from "../files.ts";
import { formatDuration, paintFor } from "../format.ts";
import type { Interruption } from "../interrupt.ts";
import { labLog } from "../log.ts";
import { loadNetwork } from "../network-source.ts";
import { EXIT_FAILED, type Program, type ProgramContext } from "../program.ts";
import { reportJson } from "../report/json.ts";
import { captureContents, observe } from "../report/observations.ts";
import { openDiagram } from "../report/sequence.ts";
import { reportText } from "../report/text.ts";

export const run: Program = {
  name: "run",
  summary: "play a network file in virtual time and check its expectations",
  operands: "FILE",
  options: [
    { name: "seed", value: "N", help: "seed of all randomness (default: that of the file)" },
    { name: "until", value: "TIME", help: 'virtual time at which it ends at the latest, e.g. "90s" or "2h"' },
    { name: "pcap", value: "OUT.pcapng", help: "write every packet to a file for Wireshark" },
    {
      name: "sequence",
      value: "OUT.svg|OUT.txt",
      help: "draw a conversation: packets, and the socket calls of both sides",
    },
    {
      name: "conversation",
      value: "N|WORDS",
      help: 'its number of --summary, or "smtp mail.crepes.fr"; .svg draws the first, .txt all',
    },
    { name: "packets", help: "print the packet list, too" },
    { name: "summary", help: "print the figures of the capture, too" },
    { name: "verbose", short: "v", help: "print what the hosts log, with virtual times" },
  ],
  examples: [
    "hamlet run ketchup",
    "hamlet run networks/ketchup.yaml --seed 1 --pcap a.pcapng",
    "hamlet run my-network.yaml --until 10m --json",
    "hamlet run ketchup --sequence ketchup.svg --conversation smtp",
  ],
  details: [
    "FILE is a path, or the name of a network that Hamlet ships. The same file with the same seed gives the same output and the same capture, octet for octet. Exit status: 0 when the story came to its end and every expectation is met, else 1.",
  ],
  run: runRun,
};

async function runRun(context: ProgramContext, input: CommandInput): Promise<number> {
  const { terminal } = context;
  const seed = optionInteger(input, "seed", { least: 0, most: Number.MAX_SAFE_INTEGER }, undefined);
  const untilMs = optionDurationMs(input, "until", { leastMs: 0, mostMs: UNTIL_MAX_MS }, undefined);
  const file = loadNetwork(input.operands[0], terminal);
  const pcap = openOutput(optionText(input, "pcap"));
  const diagram = openDiagram(input);
  const capture: Capture = new Capture({
    interfaceName: (id) => `${lab.world.interfaces[id].hostName} ${lab.world.interfaces[id].name}`,
  });
  const lab: Lab = buildNetwork(file, {
    ...(seed === undefined ? {} : { seed }),
    taps: [capture, ...(diagram?.taps ?? [])],
    callTaps: diagram?.taps ?? [],
    log: (hostName) => labLog(terminal, hasOption(input, "verbose"), hostName, () => lab.world.nowNs),
  });
  try {
    const report = await play(lab, untilMs === undefined ? {} : { untilNs: untilMs * 1e6 }, context);
    pcap?.write(lab, capture);
    const drawn = diagram?.write(captureContents(lab, capture));
    if (drawn !== undefined) terminal.printError(`${drawn}\n`);
    if (capture.lossNotice !== undefined) terminal.printError(`${capture.lossNotice}\n`);
    if ("exitStatus" in report) {
      terminal.printError(`\n${report.text} at ${formatDuration(lab.world.nowNs)} of virtual time\n`);
      return report.exitStatus;
    }
    const seen = observe(lab, report, capture, !hasOption(input, "json"));
    if (hasOption(input, "json")) terminal.print(`${JSON.stringify(reportJson(seen), undefined, 2)}\n`);
    else {
      const options = {
        packets: hasOption(input, "packets"),
        summary: hasOption(input, "summary"),
        paint: paintFor(terminal.colour),
      };
      for (const piece of reportText(seen, options)) terminal.print(piece);
    }
    return report.passed ? 0 : EXIT_FAILED;
  } finally {
    lab.close();
    pcap?.close();
    diagram?.close();
  }
}

/** Runs turn by turn, for Ctrl-C to be heard. */
async function play(
  lab: Lab,
  options: RunOptions,
  { interrupt }: ProgramContext,
): Promise<LabReport | Interruption> {
  const turns = lab.runInTurns(options);
  for (;;) {
    const turn = turns.next();
    if (turn.done) return turn.value;
    await setImmediate();
    if (interrupt.reason !== undefined) return interrupt.reason;
  }
}

/** Opens the capture's file before anything runs: a wrong path must not cost a long run. */
function openOutput(
  path: string | undefined,
): { write(lab: Lab, capture: Capture): void; close(): void } | undefined {
  if (path === undefined) return undefined;
  const complain = (error: unknown): LocalError =>
    new LocalError("no-capture-file", `the capture cannot be written to ${path}: ${fileProblem(error)}`, {
      cause: error,
    });
  let descriptor: number;
  try {
    descriptor = openSync(path, "w");
  } catch (error) {
    throw complain(error);
  }
  return {
    write(lab, capture) {
      const comment = `${lab.file.name}, seed ${lab.seed}`;
      try {
        streamPcapng(captureContents(lab, capture), (piece) => writeAll(descriptor, piece), { comment });
      } catch (error) {
        throw complain(error);
      }
    },
    close: () => closeSync(descriptor),
  };
}

/** 104 days: as far as nanoseconds are exact. */
const UNTIL_MAX_MS = 9_000_000_000;
