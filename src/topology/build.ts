/**
 * From a checked network file to a lab: a world with hosts, links, routes and resolvers, services installed but not
 * started. Everything is in virtual time and comes from the seed; `LabRun` (run.ts) then plays it.
 */

import { Host } from "../host/host.ts";
import type { Command } from "../host/shell/command.ts";
import { commands as allCommands } from "../host/shell/index.ts";
import type { Log } from "../net/index.ts";
import { StubResolver } from "../protocols/dns/index.ts";
import { services as allServices } from "../services/registry.ts";
import type { HostStores, ServiceDefinition } from "../services/service.ts";
import { type CallTap, type Link, type LinkEnd, type SimHost, type Tap, World } from "../sim/index.ts";
import { memoryStores } from "../store/memory/index.ts";
import type { Lab, LabFailure } from "./lab.ts";
import { linkOptions } from "./link-options.ts";
import { machineOf } from "./machine.ts";
import type { HostSpec, LinkSpec, NetworkFile } from "./network-file.ts";
import { LabRun } from "./run.ts";

export interface BuildOptions {
  /** Absent: that of the file. */
  readonly seed?: number;
  /** Where a host keeps what must survive; absent: in memory. */
  readonly stores?: (hostName: string) => HostStores;
  /** Absent: all of Hamlet; the same that the file was parsed with. */
  readonly services?: ReadonlyMap<string, ServiceDefinition>;
  readonly commands?: readonly Command[];
  /** Subscribers that see every packet from the first one on. */
  readonly taps?: readonly Tap[];
  /** Subscribers that hear every socket call. */
  readonly callTaps?: readonly CallTap[];
  /** What an operator would read of a host; absent: nobody reads it. */
  readonly log?: (hostName: string) => Log;
}

export function buildNetwork(file: NetworkFile, options: BuildOptions = {}): Lab {
  const failures: LabFailure[] = [];
  const seed = options.seed ?? file.seed;
  const world: World = new World({
    seed,
    onTaskFailure: (error, task, host) => failures.push({ timeNs: world.nowNs, host, task, error }),
  });
  for (const tap of options.taps ?? []) world.addTap(tap);
  for (const tap of options.callTaps ?? []) world.addCallTap(tap);
  const machines = new Map(file.hosts.map((spec) => [spec.name, addMachine(world, spec)]));
  const links = addLinks(world, file, machines);
  for (const spec of file.hosts) {
    for (const gateway of spec.gateways) machines.get(spec.name)?.setDefaultGateway(gateway);
  }
  world.computeRoutes();
  const hosts = new Map(
    file.hosts.map((spec) => [spec.name, makeHost(machines.get(spec.name) as SimHost, spec, options)]),
  );
  return new LabRun({ file, seed, world, hosts, links, failures });
}

function addMachine(world: World, spec: HostSpec): SimHost {
  const machine = spec.kind === "router" ? world.addRouter(spec.name) : world.addHost(spec.name);
  for (const { name, addresses, mtu } of spec.interfaces) {
    machine.addInterface({ name, addresses, ...(mtu === undefined ? {} : { mtu }) });
  }
  return machine;
}

function addLinks(
  world: World,
  file: NetworkFile,
  machines: ReadonlyMap<string, SimHost>,
): ReadonlyMap<string, Link> {
  const switches = new Map(file.switches.map(({ name }) => [name, world.addSwitch(name)]));
  const plug = (end: LinkSpec["ends"][number]): LinkEnd => {
    const place =
      end.interface === undefined
        ? switches.get(end.node)?.addPort()
        : machines.get(end.node)?.interfaces.find((nic) => nic.name === end.interface);
    if (place === undefined) throw new Error(`${end.node} has no interface ${end.interface}`);
    return place;
  };
  return new Map(
    file.links.map(({ name, ends, forth, back }) => {
      const qualities = { ...linkOptions(forth), back: linkOptions(back) };
      return [name, world.connect(plug(ends[0]), plug(ends[1]), { name, ...qualities })];
    }),
  );
}

function makeHost(machine: SimHost, spec: HostSpec, options: BuildOptions): Host {
  const { network } = machine;
  if (options.log !== undefined) network.log = options.log(spec.name);
  network.resolver = new StubResolver(network, spec.nameServers);
  const host = new Host({
    network,
    nameServers: spec.nameServers,
    users: spec.users,
    ...(spec.mailAccount === undefined ? {} : { mailAccount: spec.mailAccount }),
    stores: (options.stores ?? memoryStores)(spec.name),
    services: options.services ?? allServices,
    commands: options.commands ?? allCommands,
    machine: machineOf(machine),
  });
  for (const service of spec.services) host.install(service.name, service.configuration);
  return host;
}
