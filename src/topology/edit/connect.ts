/** Links two nodes: finds or makes their interfaces, gives addresses out of the network that is there. */

import { familyOf, LocalError } from "../../net/index.ts";
import type { HostSpec, InterfaceSpec, LinkEnd, LinkQuality, NetworkFile } from "../network-file.ts";
import { parseInterfaceAddress } from "../units.ts";
import {
  addressesOf,
  commonNameServers,
  freeAddress,
  freeInterface,
  freeName,
  freshNetwork,
  networksOf,
  segmentOf,
} from "./choices.ts";
import { addLink } from "./link-text.ts";
import { forgetAddress, renameAddress, setInterface } from "./references.ts";
import { renderQuality } from "./render.ts";
import type { YamlText } from "./yaml-text.ts";

export function connectNodes(
  text: YamlText,
  file: NetworkFile,
  a: string,
  b: string,
  quality: LinkQuality,
): string {
  return new Connecting(text, file).connect(a, b, quality);
}

/** One end, as far as it is known. */
interface Side {
  readonly node: string;
  /** Undefined: a switch. */
  readonly host: HostSpec | undefined;
  /** That was asked for. */
  readonly interface: string | undefined;
}

class Connecting {
  readonly #text: YamlText;
  /** As the file was; addresses that were given since are in `#given`. */
  readonly #file: NetworkFile;
  readonly #given: string[] = [];

  constructor(text: YamlText, file: NetworkFile) {
    this.#text = text;
    this.#file = file;
  }

  connect(a: string, b: string, quality: LinkQuality): string {
    const sides = [this.#side(a), this.#side(b)] as const;
    const [{ node }, second] = sides;
    if (node === second.node)
      throw new LocalError("same-node", `both ends are at ${node}, expected two machines`);
    const segment = this.#segment(sides);
    const networks = this.#networks(sides, segment);
    const ends = sides.map((side): LinkEnd => {
      const { host } = side;
      if (host === undefined) return { node: side.node, interface: undefined };
      const name = side.interface ?? this.#chooseInterface(host, networks);
      this.#address(host, name, networks);
      this.#giveNameServers(host, segment);
      return { node: side.node, interface: name };
    });
    return this.#plug(ends as [LinkEnd, LinkEnd], quality);
  }

  #side(end: string): Side {
    const [node, name] = end.split(":");
    const host = this.#file.hosts.find((each) => each.name === node);
    if (name === undefined) return { node, host, interface: undefined };
    if (host === undefined)
      throw new LocalError("bad-end", `a switch has no named interfaces, expected "${node}", found "${end}"`);
    const link = this.#linkAt(node, name);
    if (link !== undefined)
      throw new LocalError("interface-in-use", `${end} is linked already (by "${link}")`);
    return { node, host, interface: name };
  }

  #linkAt(node: string, name: string): string | undefined {
    const isHere = (end: LinkEnd): boolean => end.node === node && end.interface === name;
    return this.#file.links.find(({ ends }) => ends.some(isHere))?.name;
  }

  #freeInterfaces({ name: node, interfaces }: HostSpec): readonly InterfaceSpec[] {
    return interfaces.filter(({ name }) => this.#linkAt(node, name) === undefined);
  }

  /** Who is on the segments that are joined. */
  #segment(sides: readonly Side[]): readonly LinkEnd[] {
    return sides.flatMap(({ node, host }) =>
      host === undefined ? segmentOf(this.#file, { node, interface: undefined }) : [],
    );
  }

  /** The networks of the segment that comes about: of who is on it, else of who is plugged in, else a new one. */
  #networks(sides: readonly Side[], segment: readonly LinkEnd[]): readonly string[] {
    const found = networksOf(segment.flatMap((end) => addressesOf(this.#file, end)));
    if (found.length > 0) return found;
    const hosts = sides.filter((side): side is Side & { host: HostSpec } => side.host !== undefined);
    if (hosts.length === 0) return [];
    // A router keeps its addresses, a host may get others.
    const routers = hosts.filter(({ host }) => host.kind === "router");
    for (const { host, interface: given } of [...routers, ...hosts]) {
      const free = this.#freeInterfaces(host).find(({ name }) => given === undefined || name === given);
      const networks = networksOf(free?.addresses.flatMap((each) => parseInterfaceAddress(each) ?? []) ?? []);
      if (networks.length > 0) return networks;
    }
    return [freshNetwork(this.#file, routers.length === 2)];
  }

  #chooseInterface(host: HostSpec, networks: readonly string[]): string {
    const free = this.#freeInterfaces(host);
    const fits = free.find(({ addresses }) => addresses.some((each) => isInOneOf(each, networks)));
    const empty = free.find(({ addresses }) => addresses.length === 0);
    // A PC that is carried to another place gets an address of that place; a router keeps what it has.
    const carried = host.kind === "host" ? free[0] : undefined;
    return (fits ?? empty ?? carried)?.name ?? freeInterface(host);
  }

  /** An address in each of the networks, unless the interface has one there. */
  #address(host: HostSpec, name: string, networks: readonly string[]): void {
    const spec = host.interfaces.find((each) => each.name === name);
    // Who asks a DHCP server asks that of the new place.
    if (spec?.dhcp) return;
    const old = spec?.addresses ?? [];
    const kept = old.filter((each) => isInOneOf(each, networks));
    const addresses = [...kept];
    for (const network of networks) {
      if (addresses.some((each) => isInOneOf(each, [network]))) continue;
      const found = freeAddress(this.#file, network, host.kind, addresses[0], this.#given);
      if (found === undefined) throw new LocalError("network-full", `no address is free in ${network}`);
      addresses.push(found);
      this.#given.push(found);
    }
    const isKnown = host.interfaces.some((each) => each.name === name);
    if (networks.length === 0 || (isKnown && addresses.length === kept.length && old.length === kept.length))
      return;
    setInterface(this.#text, this.#file, host, name, addresses);
    for (const before of old.filter((each) => !kept.includes(each))) {
      const after = addresses.find((each) => familyOf(hostPart(each)) === familyOf(hostPart(before)));
      if (after === undefined) forgetAddress(this.#text, hostPart(before));
      else renameAddress(this.#text, hostPart(before), hostPart(after));
    }
    this.#dropGateways(host, addresses);
  }

  /** A gateway of the place where the host was is none here. */
  #dropGateways({ kind, name, gateways, interfaces }: HostSpec, addresses: readonly string[]): void {
    const own = [...addresses, ...interfaces.slice(1).flatMap((each) => each.addresses)];
    const networks = own.flatMap((each) => parseInterfaceAddress(each)?.network ?? []);
    const path = [kind === "router" ? "routers" : "hosts", name, "gateway"];
    if (gateways.every((gateway) => networks.some((network) => isIn(gateway, network)))) return;
    if (this.#text.has(path)) this.#text.delete(path);
  }

  /** Who asks nobody for names asks whom its neighbours ask. */
  #giveNameServers({ kind, name, nameServers }: HostSpec, segment: readonly LinkEnd[]): void {
    const servers = commonNameServers(this.#file, segment);
    if (kind !== "host" || nameServers.length > 0 || servers.length === 0) return;
    this.#text.set(["hosts", name, "nameServers"], servers.length === 1 ? servers[0] : servers);
  }

  /** In the cables of a switch where it is one of many alike, else as a link of its own. */
  #plug(ends: readonly [LinkEnd, LinkEnd], quality: LinkQuality): string {
    const names = new Set(this.#file.links.map(({ name }) => name));
    const [from, to] =
      ends[1].interface === undefined && ends[0].interface !== undefined ? [ends[1], ends[0]] : ends;
    const automatic = `${from.node}--${to.node}`;
    if (from.interface === undefined && Object.keys(quality).length === 0 && !names.has(automatic)) {
      this.#text.append(["switches", from.node, "connects"], this.#written(to));
      return automatic;
    }
    const name = names.has(automatic) ? freeName(`${automatic}-`, names) : automatic;
    const between = [this.#written(from), this.#written(to)];
    addLink(this.#text, { ...(name === automatic ? {} : { name }), between, ...renderQuality(quality) });
    return name;
  }

  /** As short as it can be: the interface is named where there are several. */
  #written({ node, interface: name }: LinkEnd): string {
    const host = this.#file.hosts.find((each) => each.name === node);
    if (host === undefined || name === undefined) return node;
    const names = new Set([...host.interfaces.map((each) => each.name), name]);
    return names.size === 1 ? node : `${node}:${name}`;
  }
}

function isInOneOf(address: string, networks: readonly string[]): boolean {
  const network = parseInterfaceAddress(address)?.network;
  return network !== undefined && networks.includes(network);
}

function isIn(address: string, network: string): boolean {
  return parseInterfaceAddress(`${address}/${network.split("/")[1]}`)?.network === network;
}

function hostPart(address: string): string {
  return address.split("/")[0];
}
