/**
 * From one network file to another in a running world: what differs between the two is done, the rest is left alone,
 * whatever has happened to it meanwhile. No event of the world runs here; what takes time is handed back as tasks.
 */

import type { Host } from "../host/host.ts";
import type { Task } from "../net/index.ts";
import type { Link, NetworkInterface, SimHost, World } from "../sim/index.ts";
import { ETHERNET_MTU } from "../sim/kernel/interface.ts";
import { fullLinkOptions, type LinkOptions } from "../sim/link/options.ts";
import { linkOptions, NO_BURSTS } from "./link-options.ts";
import type { HostSpec, LinkQuality, NetworkFile } from "./network-file.ts";
import type { Parts } from "./parts.ts";

/** The lab that is changed. */
export interface ChangingLab {
  readonly world: World;
  readonly parts: Parts;
  readonly hosts: Map<string, Host>;
  readonly links: Map<string, Link>;
}

export class LabChange {
  /** Hosts that go; their power must go first. */
  readonly leaving: readonly string[];
  /** Hosts that have come; whose services are to be started. */
  readonly joined: Host[] = [];
  /** What services of hosts that stay have to do. */
  readonly tasks: { readonly host: Host; readonly task: Task }[] = [];
  readonly #lab: ChangingLab;
  readonly #before: NetworkFile;
  readonly #after: NetworkFile;
  readonly #hostsBefore: ReadonlyMap<string, HostSpec>;
  readonly #leavingNodes: ReadonlySet<string>;
  /** Where others may still believe in another MAC address. */
  readonly #news = new Set<NetworkInterface>();

  constructor(lab: ChangingLab, before: NetworkFile, after: NetworkFile) {
    this.#lab = lab;
    this.#before = before;
    this.#after = after;
    this.#hostsBefore = byName(before.hosts);
    const hostsAfter = byName(after.hosts);
    // A host that becomes a router, or gets another network card, is another machine.
    this.leaving = before.hosts
      .filter((host) => isAnother(host, hostsAfter.get(host.name)))
      .map(({ name }) => name);
    const switchesAfter = byName(after.switches);
    const switches = before.switches.filter(({ name }) => !switchesAfter.has(name));
    this.#leavingNodes = new Set([...this.leaving, ...switches.map(({ name }) => name)]);
  }

  make(): void {
    this.#removeLinks();
    this.#removeNodes();
    const added = this.#addMachines();
    for (const spec of this.#after.hosts) {
      const before = this.#hostsBefore.get(spec.name);
      if (!added.has(spec.name) && before !== undefined) this.#changeInterfaces(before, spec);
    }
    this.#changeLinks();
    for (const spec of this.#after.hosts) {
      const before = added.has(spec.name) ? undefined : this.#hostsBefore.get(spec.name);
      if (!isSame(before?.gateways ?? [], spec.gateways) || !isSame(before?.interfaces, spec.interfaces))
        this.#machine(spec.name).setGateways(spec.gateways);
    }
    this.#lab.world.computeRoutes();
    this.#changeHosts(added);
    for (const nic of this.#news) this.#machine(nic.hostName).announce(nic);
  }

  #removeLinks(): void {
    const after = byName(this.#after.links);
    for (const { name, ends } of this.#before.links) {
      const other = after.get(name);
      const stays = other !== undefined && isSame(other.ends, ends);
      if (stays && !ends.some(({ node }) => this.#leavingNodes.has(node))) continue;
      this.#lab.world.disconnect(this.#link(name));
      this.#lab.links.delete(name);
    }
  }

  #removeNodes(): void {
    const { world, parts, hosts } = this.#lab;
    for (const name of this.#leavingNodes) {
      if (world.switch(name) !== undefined) world.removeSwitch(name);
      else {
        world.removeHost(name);
        parts.addressing.delete(name);
        hosts.delete(name);
      }
    }
  }

  #addMachines(): ReadonlyMap<string, SimHost> {
    const { world, parts, hosts } = this.#lab;
    const added = new Map<string, SimHost>();
    for (const spec of this.#after.hosts)
      if (!hosts.has(spec.name)) added.set(spec.name, parts.addMachine(spec));
    for (const { name } of this.#after.switches) if (world.switch(name) === undefined) world.addSwitch(name);
    return added;
  }

  #changeInterfaces(before: HostSpec, after: HostSpec): void {
    const machine = this.#machine(after.name);
    const addressing = this.#lab.parts.addressing.get(after.name);
    const kept = byName(after.interfaces);
    // A lease is given back while its interface has a link.
    const staying = before.interfaces.filter(({ name }) => kept.get(name)?.dhcp);
    addressing?.follow({ ...after, interfaces: staying });
    for (const { name } of before.interfaces) {
      const nic = machine.interfaces.find((each) => each.name === name);
      if (nic !== undefined && !kept.has(name)) machine.removeInterface(nic);
    }
    for (const spec of after.interfaces) {
      const old = before.interfaces.find(({ name }) => name === spec.name);
      const nic = machine.interfaces.find((each) => each.name === spec.name);
      if (old === undefined || nic === undefined) {
        this.#lab.parts.addInterface(machine, spec);
        continue;
      }
      if (spec.mtu !== old.mtu) nic.mtu = spec.mtu ?? ETHERNET_MTU;
      if (isSame(spec.addresses, old.addresses)) continue;
      for (const address of old.addresses) machine.removeAddress(nic, address);
      for (const address of spec.addresses) machine.addAddress(nic, address);
      this.#news.add(nic);
    }
    addressing?.follow(after);
  }

  /** New links are plugged in, the others get their qualities; the order of all is that of the file. */
  #changeLinks(): void {
    const { parts, links } = this.#lab;
    const before = byName(this.#before.links);
    const inOrder = this.#after.links.map((spec): Link => {
      const old = before.get(spec.name);
      const link = links.get(spec.name);
      if (old === undefined || link === undefined) return this.#announced(parts.addLink(spec));
      link.setOptions(difference(old.forth, spec.forth), "a-to-b");
      link.setOptions(difference(old.back, spec.back), "b-to-a");
      return link;
    });
    links.clear();
    for (const link of inOrder) links.set(link.name, link);
  }

  #announced(link: Link): Link {
    for (const { hostName, name } of [link.a, link.b]) {
      const nic = this.#lab.world.host(hostName)?.interfaces.find((each) => each.name === name);
      if (nic !== undefined) this.#news.add(nic);
    }
    return link;
  }

  /** Accounts, name servers, services; and the hosts of new machines. In the order of the file. */
  #changeHosts(added: ReadonlyMap<string, SimHost>): void {
    const { parts, hosts } = this.#lab;
    const inOrder = this.#after.hosts.map((spec): Host => {
      const machine = added.get(spec.name);
      const host = hosts.get(spec.name);
      const before = this.#hostsBefore.get(spec.name);
      if (machine === undefined && host !== undefined && before !== undefined) {
        this.#changeHost(host, before, spec);
        return host;
      }
      const made = parts.makeHost(this.#machine(spec.name), spec);
      this.joined.push(made);
      return made;
    });
    hosts.clear();
    for (const host of inOrder) hosts.set(host.name, host);
  }

  #changeHost(host: Host, before: HostSpec, after: HostSpec): void {
    if (!isSame(before.mailAccount, after.mailAccount)) host.mailAccount = after.mailAccount;
    const users = byName(after.users);
    for (const { name } of before.users) {
      if (!users.has(name) && host.users.some((user) => user.name === name)) host.removeUser(name);
    }
    for (const { name, password } of after.users) {
      if (before.users.find((user) => user.name === name)?.password === password) continue;
      if (host.users.some((user) => user.name === name)) host.setPassword(name, password);
      else host.addUser(name, password);
    }
    this.#changeServices(host, before, after);
  }

  #changeServices(host: Host, before: HostSpec, after: HostSpec): void {
    const installed = (name: string) => host.services.find((service) => service.name === name);
    const kept = byName(after.services);
    for (const { name } of before.services) {
      if (kept.has(name) || installed(name) === undefined) continue;
      this.tasks.push({ host, task: host.uninstall(name) });
    }
    for (const { name, configuration } of after.services) {
      const old = before.services.find((service) => service.name === name);
      if (old !== undefined && isSame(old.configuration, configuration)) continue;
      const isNew = old === undefined;
      const runs = installed(name)?.running !== undefined;
      host.install(name, configuration);
      if (isNew || runs) this.tasks.push({ host, task: startAgain(host, name) });
    }
  }

  #machine(name: string): SimHost {
    const machine = this.#lab.world.host(name);
    if (machine === undefined) throw new Error(`${name} is not in the world`);
    return machine;
  }

  #link(name: string): Link {
    const link = this.#lab.links.get(name);
    if (link === undefined) throw new Error(`there is no link ${name}`);
    return link;
  }
}

function* startAgain(host: Host, name: string): Task {
  yield* host.stopService(name, 0);
  yield* host.startService(name);
}

/** The knobs that the second quality turns; what the first one had and the second one has not goes to its default. */
function difference(before: LinkQuality, after: LinkQuality): LinkOptions {
  const old = fullLinkOptions(linkOptions(before));
  const { lossBurst, ...others } = fullLinkOptions(linkOptions(after));
  const turned = Object.entries(others).filter(([key, value]) => old[key as keyof typeof others] !== value);
  const bursts = isSame(old.lossBurst, lossBurst) ? {} : { lossBurst: lossBurst ?? NO_BURSTS };
  return { ...Object.fromEntries(turned), ...bursts };
}

function isAnother(before: HostSpec, after: HostSpec | undefined): boolean {
  if (before.kind !== after?.kind) return true;
  const cards = byName(after.interfaces);
  return before.interfaces.some(({ name, mac }) => cards.has(name) && cards.get(name)?.mac !== mac);
}

function byName<T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  return new Map(all.map((each) => [each.name, each]));
}

/** Whether two parts of a file say the same; the order of keys counts, for it is that of the file. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
