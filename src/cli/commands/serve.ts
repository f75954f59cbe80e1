/** `hamlet serve FILE`: one host of a network file on the machine's own network, with its data on disk. */

import { join, resolve } from "node:path";
import { Host } from "../../host/index.ts";
import type { CommandInput } from "../../host/shell/command.ts";
import { hasOption, optionInteger, optionText, optionTexts } from "../../host/shell/option-values.ts";
import { didYouMean } from "../../host/suggest.ts";
import { canonicalAddress, LocalError, messageOf, type Resolver } from "../../net/index.ts";
import { fileProblem, OsNetwork, systemNameServers } from "../../os/index.ts";
import { StubResolver } from "../../protocols/dns/index.ts";
import { services } from "../../services/registry.ts";
import { makeFolder, sqliteStores } from "../../store/index.ts";
import type { HostSpec, NetworkFile } from "../../topology/index.ts";
import { serverLog } from "../log.ts";
import { loadNetwork } from "../network-source.ts";
import { parseAssignment, parsePortOrName } from "../ports.ts";
import { printProblems } from "../problems.ts";
import { EXIT_FAILED, type Program, type ProgramContext } from "../program.ts";
import { MappedNetwork, type PortMap } from "../serve/mapped-network.ts";

export const serve: Program = {
  name: "serve",
  summary: "one host of a network file on this machine's own network, its data on disk",
  operands: "FILE",
  options: [
    { name: "host", value: "NAME", help: "which host of the file (needed when several have services)" },
    { name: "data", value: "FOLDER", help: "where its data are kept (default: hamlet-data/NAME)" },
    {
      name: "listen",
      value: "ADDRESS",
      help: 'local address of its services (default: 127.0.0.1; "::" is all)',
    },
    {
      name: "port",
      value: "SERVICE=PORT",
      help: "another port for a service, e.g. smtp=2525",
      repeatable: true,
    },
    { name: "port-offset", value: "N", help: "added to every port without --port, e.g. 2000: pop3 on 2110" },
    {
      name: "name-server",
      value: "ADDRESS",
      help: "name server to ask (default: the machine's)",
      repeatable: true,
    },
    { name: "verbose", short: "v", help: "say more of what goes on" },
  ],
  examples: [
    "hamlet serve networks/ketchup.yaml --host mail.hamburger.edu --port smtp=2525 --port pop3=2110",
    "hamlet serve my-mail.yaml --data /var/lib/my-mail --listen ::",
  ],
  details: [
    "What the servers acknowledge is on the disk before, and is there again after the next start. SERVICE is a name (smtp, pop3, dns, echo ...) or the number of the port that it has otherwise; ports below 1024 need the privileges that the operating system asks for them. Ctrl-C ends it: open dialogues get 2 seconds.",
  ],
  run: runServe,
};

async function runServe(context: ProgramContext, input: CommandInput): Promise<number> {
  const { terminal, interrupt } = context;
  const map = readPortMap(input);
  const nameServers = readNameServers(input);
  const file = loadNetwork(input.operands[0], terminal);
  const spec = chooseHost(file, optionText(input, "host"));
  const folder = openFolder(optionText(input, "data") ?? join("hamlet-data", spec.name));
  const log = serverLog(terminal, hasOption(input, "verbose"));
  const os = new OsNetwork({ hostName: spec.name, log, fastUdp: "auto" });
  const stores = sqliteStores(folder);
  try {
    const host = makeHost(spec, os, map, nameServers, stores);
    const problems = await startServices(host, os);
    if (problems.length > 0) {
      printProblems(problems, hasOption(input, "json"), terminal);
      await os.run(host.stopAll(0));
      return EXIT_FAILED;
    }
    announce(host, folder, context, hasOption(input, "json"));
    const { text } = await interrupt.wait();
    terminal.printError(`\n${spec.name}: ${text}, closing\n`);
    await os.run(host.stopAll());
    return 0;
  } finally {
    await os.close();
    stores.close();
  }
}

function makeHost(
  spec: HostSpec,
  os: OsNetwork,
  map: PortMap,
  nameServers: readonly string[] | undefined,
  stores: ReturnType<typeof sqliteStores>,
): Host {
  // Asking servers of one's own choice for one's own names is what --name-server is for; else names are the machine's.
  const resolver: Resolver = nameServers === undefined ? os.resolver : new StubResolver(os, nameServers);
  const network = new MappedNetwork(os, map, spec.name, resolver);
  const host = new Host({
    network,
    nameServers: nameServers ?? systemNameServers(),
    users: spec.users,
    stores,
    services,
  });
  for (const service of spec.services) host.install(service.name, service.configuration);
  return host;
}

/** Starts one after the other, and goes on when one fails: all problems are told at once. */
async function startServices(host: Host, os: OsNetwork): Promise<string[]> {
  const problems: string[] = [];
  for (const { name } of host.services) {
    try {
      await os.run(host.startService(name));
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      problems.push(`${name}: ${messageOf(error)}${hintFor(error.code, name)}`);
    }
  }
  return problems;
}

function hintFor(code: unknown, service: string): string {
  if (code === "address-in-use" || code === "permission")
    return `: choose another port with --port ${service}=PORT`;
  if (code === "address-not-available") return ": --listen takes an address of this machine";
  return "";
}

function announce(host: Host, folder: string, { terminal }: ProgramContext, json: boolean): void {
  const running = host.services.map(({ name, running }) => ({
    name,
    description: running?.description ?? "",
  }));
  if (json) {
    terminal.print(`${JSON.stringify({ host: host.name, data: folder, services: running })}\n`);
    return;
  }
  terminal.print(`${host.name} is up, its data are in ${folder}\n`);
  for (const { name, description } of running) terminal.print(`  ${name} ${description}\n`);
  terminal.print("Ctrl-C ends it.\n");
}

function chooseHost(file: NetworkFile, name: string | undefined): HostSpec {
  const serving = file.hosts.filter(({ services }) => services.length > 0);
  const names = serving.map((host) => host.name);
  if (name === undefined) {
    if (serving.length === 1) return serving[0];
    const problem =
      serving.length === 0
        ? "has no host with services"
        : `has several hosts: --host ${names.join(", --host ")}`;
    throw new LocalError("usage", `${file.fileName} ${problem}`);
  }
  const host = file.hosts.find((candidate) => candidate.name === name);
  if (host === undefined) {
    throw new LocalError(
      "usage",
      `${file.fileName} has no host "${name}"${didYouMean(name, names) || `; there is ${names.join(", ")}`}`,
    );
  }
  if (host.services.length === 0) throw new LocalError("no-services", `${name} has no services to serve`);
  return host;
}

function readPortMap(input: CommandInput): PortMap {
  const ports = new Map<number, number>();
  for (const text of optionTexts(input, "port")) {
    const { name, port } = parseAssignment(text, "--port");
    ports.set(parsePortOrName(name, "--port"), port);
  }
  const address = optionText(input, "listen") ?? "127.0.0.1";
  const canonical = canonicalAddress(address);
  if (canonical === undefined)
    throw new LocalError("usage", `--listen must be an IP address, not "${address}"`);
  const offset = optionInteger(input, "port-offset", { least: 0, most: 60_000 }, 0);
  return { address: canonical, ports, offset };
}

function readNameServers(input: CommandInput): readonly string[] | undefined {
  const texts = optionTexts(input, "name-server");
  if (texts.length === 0) return undefined;
  return texts.map((text) => {
    const address = canonicalAddress(text);
    if (address === undefined)
      throw new LocalError("usage", `--name-server must be an IP address, not "${text}"`);
    return address;
  });
}

/** Mail is private: what is made for it is its owner's alone. */
function openFolder(name: string): string {
  process.umask(0o077);
  const folder = resolve(name);
  try {
    makeFolder(folder);
  } catch (error) {
    const text = `the data folder ${folder} cannot be made: ${fileProblem(error)}: choose another with --data FOLDER`;
    throw new LocalError("no-data-folder", text, { cause: error });
  }
  return folder;
}
