/** `hamlet up [FILE]`: a network in real time, with ways in for real clients, until Ctrl-C. */

import type { CommandInput } from "../../host/shell/command.ts";
import { joinWords } from "../../host/shell/index.ts";
import { hasOption, optionInteger, optionText, optionTexts } from "../../host/shell/option-values.ts";
import { formatEndpoint, HamletError, LocalError, messageOf, silentLog } from "../../net/index.ts";
import { OsNetwork, systemTimers } from "../../os/index.ts";
import { RealTimeDriver } from "../../sim/index.ts";
import { buildNetwork, type Lab, type NetworkFile } from "../../topology/index.ts";
import { defaultControlPath } from "../control/location.ts";
import { openControlServer } from "../control/server.ts";
import { paintFor, visibleText } from "../format.ts";
import { labLog } from "../log.ts";
import { DEFAULT_NETWORK, loadNetwork } from "../network-source.ts";
import { openPageServer } from "../page/server.ts";
import { printProblems } from "../problems.ts";
import { EXIT_FAILED, type Program, type ProgramContext } from "../program.ts";
import { programCall } from "../program-call.ts";
import type { Terminal } from "../terminal.ts";
import { type Announcement, announcementJson, announcementText, pageView } from "../up/announce.ts";
import { LiveCapture } from "../up/live-capture.ts";
import { type OpenWayIn, openWaysIn, planWaysIn, type WayIn } from "../up/ways-in.ts";

export const up: Program = {
  name: "up",
  summary: "a network in real time, with ways in for real clients",
  operands: "[FILE]",
  options: [
    {
      name: "forward",
      value: "NAME=PORT",
      help: "another port for a way in, e.g. smtp=2526 (0: any)",
      repeatable: true,
    },
    { name: "no-forward", help: "open no way in" },
    { name: "http", value: "PORT", help: "port of the page that shows what runs (default: 8080)" },
    { name: "no-http", help: "serve no page" },
    { name: "speed", value: "N", help: "virtual time goes N times as fast (default: 1; 0: paused)" },
    { name: "seed", value: "N", help: "seed of all randomness (default: that of the file)" },
    { name: "story", help: "play the story of the file, too" },
    { name: "pcap", value: "OUT.pcapng", help: "write every packet to a file as it goes" },
    { name: "control", value: "FILE", help: "control socket for hamlet exec (default: one per user)" },
    { name: "verbose", short: "v", help: "print what the hosts log" },
  ],
  examples: [
    "hamlet up",
    "hamlet up ketchup --forward smtp=2526 --http 8081",
    "hamlet up my-network.yaml --pcap live.pcapng",
  ],
  details: [
    `FILE is a path or the name of a network that Hamlet ships (default: ${DEFAULT_NETWORK}). All ports are on 127.0.0.1 unless the file says otherwise. Clients come in at the host that the file names under forward.from: servers see its address, and it resolves the names that a SOCKS client asks for.`,
    "Ctrl-C ends it, with exit status 0; a second one at once.",
  ],
  run: runUp,
};

async function runUp(context: ProgramContext, input: CommandInput): Promise<number> {
  const settings = readSettings(context, input);
  const { terminal, interrupt } = context;
  const os = new OsNetwork();
  const lab: Lab = buildNetwork(settings.file, {
    ...(settings.seed === undefined ? {} : { seed: settings.seed }),
    log: (hostName) => labLog(terminal, settings.verbose, hostName, () => lab.world.nowNs),
  });
  const failures = new FailureReport(lab, terminal);
  const driver = new RealTimeDriver(lab.world, {
    speed: settings.speed,
    machine: systemTimers,
    onTurn: () => failures.print(),
  });
  const enter = <T>(action: () => T): T => driver.enter(action);
  const closers: (() => unknown)[] = [() => os.close()];
  try {
    const capture = settings.pcap === undefined ? undefined : LiveCapture.open(settings.pcap, lab);
    closers.push(() => capture?.close());
    lab.start({ story: hasOption(input, "story") });
    const { ways, pageUrl, problems } = await openDoors(settings, {
      os,
      lab,
      driver,
      enter,
      context,
      closers,
    });
    if (problems.length > 0) {
      printProblems(problems, hasOption(input, "json"), terminal);
      return EXIT_FAILED;
    }
    driver.start();
    // Services start at once: what is announced should be there.
    enter(() => {});
    failures.print();
    const announcement: Announcement = { lab, ways, pageUrl, speed: settings.speed, exec: settings.exec };
    terminal.print(
      hasOption(input, "json")
        ? `${JSON.stringify(announcementJson(announcement))}\n`
        : announcementText(announcement, paintFor(terminal.colour)),
    );
    const { text } = await interrupt.wait();
    terminal.printError(`\n${text}, closing\n`);
    return 0;
  } finally {
    driver.stop();
    for (const close of closers.reverse()) await close();
    lab.close();
  }
}

/** Says what goes wrong in the lab while nobody waits for it: a service that does not start. */
class FailureReport {
  readonly #lab: Lab;
  readonly #terminal: Terminal;
  #printed = 0;

  constructor(lab: Lab, terminal: Terminal) {
    this.#lab = lab;
    this.#terminal = terminal;
  }

  print(): void {
    const { failures } = this.#lab;
    for (; this.#printed < failures.length; this.#printed++) {
      const { host, task, error } = failures[this.#printed];
      this.#terminal.printError(`hamlet: ${host}, ${task}: ${visibleText(messageOf(error))}\n`);
    }
  }
}

interface Settings {
  readonly file: NetworkFile;
  readonly seed: number | undefined;
  readonly speed: number;
  readonly ways: readonly WayIn[];
  readonly httpPort: number | undefined;
  readonly controlPath: string;
  /** How `hamlet exec` is called for this network. */
  readonly exec: string;
  readonly pcap: string | undefined;
  readonly verbose: boolean;
}

function readSettings({ terminal }: ProgramContext, input: CommandInput): Settings {
  const port = { least: 0, most: 65_535 };
  const speed = Number(optionText(input, "speed") ?? 1);
  if (!(speed >= 0))
    throw new LocalError("usage", `--speed must be a number from 0, not "${optionText(input, "speed")}"`);
  const httpPort = hasOption(input, "no-http") ? undefined : optionInteger(input, "http", port, HTTP_PORT);
  const seed = optionInteger(input, "seed", { least: 0, most: Number.MAX_SAFE_INTEGER }, undefined);
  const file = loadNetwork(input.operands[0] ?? DEFAULT_NETWORK, terminal);
  const ways = planWaysIn(file, optionTexts(input, "forward"));
  const control = optionText(input, "control");
  const call = `${programCall(terminal.environment)} exec`;
  return {
    ...{ file, seed, speed, httpPort },
    ways: hasOption(input, "no-forward") ? [] : ways,
    controlPath: control ?? defaultControlPath(terminal.environment),
    exec: control === undefined ? call : `${call} --control ${joinWords([control])}`,
    pcap: optionText(input, "pcap"),
    verbose: hasOption(input, "verbose"),
  };
}

interface Building {
  readonly os: OsNetwork;
  readonly lab: Lab;
  readonly driver: RealTimeDriver;
  enter<T>(action: () => T): T;
  readonly context: ProgramContext;
  /** What must be closed at the end, in the order in which it was opened. */
  readonly closers: (() => unknown)[];
}

/** Opens ports, page and control socket; all that cannot be opened is told at once. */
async function openDoors(
  { ways, httpPort, controlPath, exec, verbose }: Settings,
  { os, lab, driver, enter, context, closers }: Building,
): Promise<{ ways: readonly OpenWayIn[]; pageUrl: string | undefined; problems: readonly string[] }> {
  const say = (text: string): void => context.terminal.printError(`forward ${text}\n`);
  const log = { ...silentLog, warn: say, ...(verbose ? { info: say } : {}) };
  const { open, problems } = await openWaysIn(ways, os, lab, enter, log);
  closers.push(() => {
    for (const { forward } of open) forward.close();
  });
  const tryTo = async <T>(opening: Promise<T>, hint: string): Promise<T | undefined> => {
    try {
      return await opening;
    } catch (error) {
      if (!(error instanceof HamletError)) throw error;
      problems.push(`${messageOf(error)}: ${hint}`);
      return undefined;
    }
  };
  let pageUrl: string | undefined;
  if (httpPort !== undefined) {
    const view = () => pageView(lab, open, driver.speed, exec);
    const listen = { address: "127.0.0.1", port: httpPort };
    const page = await tryTo(
      openPageServer(listen, () => enter(view)),
      "choose another port with --http PORT, or --no-http",
    );
    closers.push(() => page?.close());
    if (page !== undefined) pageUrl = `http://${formatEndpoint(page.local)}/`;
  }
  const control = await tryTo(
    openControlServer(controlPath, { hosts: lab.hosts, enter }),
    "choose another control socket with --control FILE, here and for hamlet exec",
  );
  closers.push(() => control?.close());
  return { ways: open, pageUrl, problems };
}

const HTTP_PORT = 8080;
