/** `hamlet up [FILE]`: a network in real time, with a console and ways in for real clients, until Ctrl-C. */

import type { Engine } from "../../engine/engine.ts";
import type { WayInView } from "../../engine/protocol/index.ts";
import type { CommandInput } from "../../host/shell/command.ts";
import { joinWords } from "../../host/shell/index.ts";
import {
  hasOption,
  optionInteger,
  optionText,
  optionTexts,
  parseListenAddresses,
} from "../../host/shell/option-values.ts";
import { HamletError, LocalError, messageOf, silentLog } from "../../net/index.ts";
import { OsNetwork } from "../../os/index.ts";
import { BUILT_FOLDER, readBuiltPage } from "../console/built-page.ts";
import { consoleUrl, openConsoleServer } from "../console/server.ts";
import { defaultControlPath } from "../control/location.ts";
import { paintFor } from "../format.ts";
import { DEFAULT_NETWORK, type LoadedNetwork, loadSource } from "../network-source.ts";
import { printProblems } from "../problems.ts";
import { EXIT_FAILED, type Program, type ProgramContext } from "../program.ts";
import { programCall } from "../program-call.ts";
import type { Terminal } from "../terminal.ts";
import { type Announcement, announcementJson, announcementText } from "../up/announce.ts";
import { Doors } from "../up/doors.ts";
import { FailureReport } from "../up/failure-report.ts";
import type { LabFollower } from "../up/follower.ts";
import { LiveCapture } from "../up/live-capture.ts";
import { startEngine } from "../up/start-engine.ts";
import { planWaysIn } from "../up/ways-in.ts";

export const up: Program = {
  name: "up",
  summary: "a network in real time, with a console and ways in for real clients",
  operands: "[FILE]",
  options: [
    {
      name: "forward",
      value: "NAME=PORT",
      help: "another port for a way in, e.g. smtp=2526 (0: any)",
      repeatable: true,
    },
    { name: "no-forward", help: "open no way in" },
    {
      name: "http",
      value: "[ADDRESS:]PORT",
      help: "where the console is (default: 8080, for this machine alone)",
    },
    { name: "no-http", help: "serve no console" },
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
    "hamlet up --http 0.0.0.0:8080",
  ],
  details: [
    `FILE is a path or the name of a network that Hamlet ships (default: ${DEFAULT_NETWORK}). All ports are on 127.0.0.1 unless the file says otherwise. Clients come in at the host that the file names under forward.from: servers see its address, and it resolves the names that a SOCKS client asks for.`,
    "The console is a web page: see the network, take it apart. On another address than 127.0.0.1 or ::1 it asks for the token in the address that is printed. Where another network is opened there, or another moment visited, the ways in and the capture follow.",
    "Ctrl-C ends it, with exit status 0; a second one at once.",
  ],
  run: runUp,
};

async function runUp(context: ProgramContext, input: CommandInput): Promise<number> {
  const settings = readSettings(context, input);
  const { terminal, interrupt } = context;
  const closers: (() => unknown)[] = [];
  const followers: LabFollower[] = [];
  const waysIn = (): WayInView[] => doors.wayInViews();
  const engine = startEngine(settings, { terminal, followers, waysIn, story: hasOption(input, "story") });
  closers.push(() => engine.close());
  const os = new OsNetwork();
  closers.push(() => os.close());
  const doors = newDoors(settings, os, engine, terminal);
  const failures = new FailureReport(engine.lab, terminal);
  followers.push(failures, doors);
  closers.push(() => failures.close());
  try {
    if (settings.pcap !== undefined) {
      const capture = new LiveCapture(settings.pcap, engine.lab);
      followers.push(capture);
      closers.push(() => capture.close());
    }
    closers.push(() => doors.close());
    const { pageUrl, problems } = await openAll(settings, engine, doors, closers);
    if (problems.length > 0) {
      printProblems(problems, hasOption(input, "json"), terminal);
      return EXIT_FAILED;
    }
    if (settings.speed > 0) engine.time.play();
    // Services start at once: what is announced should be there.
    engine.time.enter(() => {});
    failures.print();
    const { speed, exec } = settings;
    const announcement: Announcement = { lab: engine.lab, ways: doors.ways, pageUrl, speed, exec };
    terminal.print(
      hasOption(input, "json")
        ? `${JSON.stringify(announcementJson(announcement))}\n`
        : announcementText(announcement, paintFor(terminal.colour)),
    );
    const { text } = await interrupt.wait();
    terminal.printError(`\n${text}, closing\n`);
    return 0;
  } finally {
    engine.time.pause();
    for (const close of closers.reverse()) await close();
  }
}

interface Settings {
  readonly network: LoadedNetwork;
  readonly seed: number | undefined;
  readonly speed: number;
  /** The values of --forward; undefined with --no-forward. */
  readonly forwards: readonly string[] | undefined;
  /** Undefined with --no-http. */
  readonly http: { readonly addresses: readonly string[]; readonly port: number } | undefined;
  readonly controlPath: string;
  /** How `hamlet exec` is called for this network. */
  readonly exec: string;
  readonly pcap: string | undefined;
  readonly verbose: boolean;
}

function readSettings({ terminal }: ProgramContext, input: CommandInput): Settings {
  const speed = Number(optionText(input, "speed") ?? 1);
  if (!(speed >= 0))
    throw new LocalError("usage", `--speed must be a number from 0, not "${optionText(input, "speed")}"`);
  const http = hasOption(input, "no-http")
    ? undefined
    : parseListenAddresses(optionText(input, "http") ?? HTTP_PORT, "--http");
  const seed = optionInteger(input, "seed", { least: 0, most: Number.MAX_SAFE_INTEGER }, undefined);
  const network = loadSource(input.operands[0] ?? DEFAULT_NETWORK, terminal);
  const forwards = optionTexts(input, "forward");
  // A wrong name is told before anything is begun.
  planWaysIn(network.file, forwards);
  const control = optionText(input, "control");
  const call = `${programCall(terminal.environment)} exec`;
  return {
    ...{ network, seed, speed, http },
    forwards: hasOption(input, "no-forward") ? undefined : forwards,
    controlPath: control ?? defaultControlPath(terminal.environment),
    exec: control === undefined ? call : `${call} --control ${joinWords([control])}`,
    pcap: optionText(input, "pcap"),
    verbose: hasOption(input, "verbose"),
  };
}

function newDoors(settings: Settings, os: OsNetwork, engine: Engine, terminal: Terminal): Doors {
  const say = (text: string): void => terminal.printError(`forward ${text}\n`);
  const log = { ...silentLog, warn: say, ...(settings.verbose ? { info: say } : {}) };
  return new Doors({ os, engine, log, changes: settings.forwards });
}

/** Opens ports, console and control socket; all that cannot be opened is told at once. */
async function openAll(
  { http, controlPath }: Settings,
  engine: Engine,
  doors: Doors,
  closers: (() => unknown)[],
): Promise<{ pageUrl: string | undefined; problems: readonly string[] }> {
  const problems: string[] = [];
  const tryTo = async <T>(opening: Promise<T>, hint: string): Promise<T | undefined> => {
    try {
      return await opening;
    } catch (error) {
      if (!(error instanceof HamletError)) throw error;
      problems.push(`${messageOf(error)}: ${hint}`);
      return undefined;
    }
  };
  // First: that another network is up is why its ports are taken.
  await tryTo(
    doors.openControl(controlPath),
    "choose another control socket with --control FILE, here and for hamlet exec",
  );
  problems.push(...(await doors.openWays()));
  const server =
    http &&
    (await tryTo(
      openConsoleServer({ ...http, engine, page: readBuiltPage(BUILT_FOLDER) }),
      "choose another port with --http PORT, or --no-http",
    ));
  closers.push(() => server?.close());
  return { pageUrl: server && consoleUrl(server), problems };
}

/** For this machine alone, unless it is told otherwise. */
const HTTP_PORT = "8080";
