/** Makes the parts of a lab from what the file says of each: a machine in the world, its host, a link. */

import { Host } from "../host/host.ts";
import { HostLog } from "../host/log.ts";
import type { Command } from "../host/shell/command.ts";
import { commands as allCommands } from "../host/shell/index.ts";
import type { Log } from "../net/index.ts";
import { StubResolver } from "../protocols/dns/index.ts";
import { services as allServices } from "../services/registry.ts";
import type { HostStores, ServiceDefinition } from "../services/service.ts";
import type { Link, LinkEnd, SimHost, World } from "../sim/index.ts";
import { memoryStores } from "../store/memory/index.ts";
import { HostAddressing } from "./host-addressing.ts";
import { linkOptions } from "./link-options.ts";
import { machineOf } from "./machine.ts";
import type { HostSpec, InterfaceSpec, LinkSpec } from "./network-file.ts";

export interface PartsOptions {
  /** Where a host keeps what must survive; absent: in memory. */
  readonly stores?: (hostName: string) => HostStores;
  /** Absent: all of Hamlet; the same that the file was parsed with. */
  readonly services?: ReadonlyMap<string, ServiceDefinition>;
  readonly commands?: readonly Command[];
  /** What an operator would read of a host; absent: nobody but who looks at `Host.log`. */
  readonly log?: (hostName: string) => Log;
}

export class Parts {
  readonly #world: World;
  readonly #options: PartsOptions;
  /** How each host gets the addresses that its file does not say. */
  readonly addressing = new Map<string, HostAddressing>();

  constructor(world: World, options: PartsOptions) {
    this.#world = world;
    this.#options = options;
  }

  addMachine(spec: HostSpec): SimHost {
    const world = this.#world;
    const machine = spec.kind === "router" ? world.addRouter(spec.name) : world.addHost(spec.name);
    for (const each of spec.interfaces) this.addInterface(machine, each);
    return machine;
  }

  addInterface(machine: SimHost, { name, addresses, mtu, mac }: InterfaceSpec): void {
    machine.addInterface({
      name,
      addresses,
      ...(mtu === undefined ? {} : { mtu }),
      ...(mac === undefined ? {} : { mac }),
    });
  }

  addLink({ name, ends, forth, back }: LinkSpec): Link {
    const qualities = { ...linkOptions(forth), back: linkOptions(back) };
    return this.#world.connect(this.#plug(ends[0]), this.#plug(ends[1]), { name, ...qualities });
  }

  /** The host of a machine that stands on its links: services installed, not started. */
  makeHost(machine: SimHost, spec: HostSpec): Host {
    const options = this.#options;
    const { network } = machine;
    const log = new HostLog(network.clock, options.log?.(spec.name));
    network.log = log;
    network.resolver = new StubResolver(network, () => host.nameServers);
    const addressing = new HostAddressing(machine, {
      setNameServers: (addresses) => host.setNameServers(addresses),
      routesChanged: () => this.#world.computeRoutes(),
    });
    this.addressing.set(spec.name, addressing);
    const host: Host = new Host({
      network,
      nameServers: spec.nameServers,
      users: spec.users,
      ...(spec.mailAccount === undefined ? {} : { mailAccount: spec.mailAccount }),
      stores: (options.stores ?? memoryStores)(spec.name),
      services: options.services ?? allServices,
      commands: options.commands ?? allCommands,
      machine: machineOf(machine, () => host, addressing),
      log,
    });
    addressing.follow(spec);
    for (const service of spec.services) host.install(service.name, service.configuration);
    return host;
  }

  #plug(end: LinkSpec["ends"][number]): LinkEnd {
    const place =
      end.interface === undefined
        ? this.#world.switch(end.node)?.addPort()
        : this.#world.host(end.node)?.interfaces.find((nic) => nic.name === end.interface);
    if (place === undefined) throw new Error(`${end.node} has no interface ${end.interface}`);
    return place;
  }
}
