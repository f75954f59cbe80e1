/** What an editor chooses when nobody says: names, interfaces, addresses out of the network that is there. */

import { familyOf, formatAddress, parseAddress } from "../../net/index.ts";
import type { HostSpec, LinkEnd, NetworkFile } from "../network-file.ts";
import { type InterfaceAddress, parseInterfaceAddress } from "../units.ts";

/** "host1", "host2": the first that is free, whatever the case. */
export function freeName(stem: string, taken: Iterable<string>): string {
  const names = new Set([...taken].map((name) => name.toLowerCase()));
  for (let i = 1; ; i++) if (!names.has(`${stem}${i}`)) return `${stem}${i}`;
}

/** "eth0", "eth1": the first that is free. */
export function freeInterface(host: HostSpec): string {
  for (let i = 0; ; i++) if (host.interfaces.every(({ name }) => name !== `eth${i}`)) return `eth${i}`;
}

/** The interfaces on the segment of an end (a switch, or an interface), the end itself left out. */
export function segmentOf(file: NetworkFile, end: LinkEnd): LinkEnd[] {
  const key = ({ node, interface: name }: LinkEnd): string => `${node}:${name ?? ""}`;
  const reached = new Map([[key(end), end]]);
  for (const at of reached.values()) {
    // What is no switch ends the segment, but where the search begins.
    if (at.interface !== undefined && at !== end) continue;
    for (const { ends } of file.links) {
      const there = ends.find(
        (each) => key(each) !== key(at) && ends.some((other) => key(other) === key(at)),
      );
      if (there !== undefined) reached.set(key(there), there);
    }
  }
  reached.delete(key(end));
  return [...reached.values()].filter((each) => each.interface !== undefined);
}

export function addressesOf(file: NetworkFile, end: LinkEnd): InterfaceAddress[] {
  const host = file.hosts.find(({ name }) => name === end.node);
  const found = host?.interfaces.find(({ name }) => name === end.interface);
  return (found?.addresses ?? []).flatMap((text) => parseInterfaceAddress(text) ?? []);
}

/** The network of each family that most of these addresses are in, the first among equals. */
export function networksOf(addresses: readonly InterfaceAddress[]): string[] {
  return ([4, 6] as const).flatMap((family) => {
    const counts = new Map<string, number>();
    for (const { address, network } of addresses) {
      if (familyOf(address) === family) counts.set(network, (counts.get(network) ?? 0) + 1);
    }
    const most = Math.max(...counts.values());
    const common = [...counts].find(([, count]) => count === most);
    return common === undefined ? [] : [common[0]];
  });
}

/** A network that nobody is in yet: for two routers one of four addresses, else one of 256. */
export function freshNetwork(file: NetworkFile, isBetweenRouters: boolean): string {
  const used = allAddresses(file);
  const overlaps = (network: string): boolean =>
    used.some(({ address, prefixLength }) => {
      const shorter = Math.min(prefixLength, lengthOf(network));
      return familyOf(address) === 4 && networkOf(address, shorter) === networkOf(baseOf(network), shorter);
    });
  for (let i = 1; i < NETWORKS_MAX; i++) {
    const network = isBetweenRouters ? `10.255.${i >> 6}.${(i & 63) * 4}/30` : `192.168.${i & 255}.0/24`;
    if (!overlaps(network)) return network;
  }
  throw new Error("no free network is left");
}

/**
 * The next free address of a network, with its prefix length: routers from the front, hosts from .10 where there is
 * room. An IPv6 address ends as the IPv4 address beside it does. `given`: what else is taken by now. Undefined when
 * the network is full.
 */
export function freeAddress(
  file: NetworkFile,
  network: string,
  kind: HostSpec["kind"],
  beside: string | undefined,
  given: readonly string[] = [],
): string | undefined {
  const taken = new Set(allAddresses(file).map(({ address }) => address));
  for (const address of given) taken.add(address.split("/")[0]);
  const length = lengthOf(network);
  const base = parseAddress(baseOf(network)) as Uint8Array;
  const bits = base.length * 8 - length;
  const isIpv4 = base.length === 4;
  const count = 2 ** Math.min(bits, SEARCHED_BITS_MAX);
  // The first and the last address of an IPv4 network are no hosts.
  const last = isIpv4 && bits > 1 ? count - 2 : count - 1;
  const first = isIpv4 && bits <= 1 ? 0 : 1;
  const liked =
    beside === undefined ? Number.NaN : Number.parseInt(beside.split("/")[0].split(".").at(-1) ?? "", 16);
  const start = Number.isNaN(liked) ? (kind === "host" && last > ROOMY ? HOSTS_FROM : first) : liked;
  for (let i = 0; i <= last - first; i++) {
    const number = first + ((start - first + i) % (last - first + 1));
    const address = formatAddress(plus(base, number));
    if (!taken.has(address)) return `${address}/${length}`;
  }
  return undefined;
}

/** Name servers that most hosts on a segment ask. */
export function commonNameServers(file: NetworkFile, segment: readonly LinkEnd[]): readonly string[] {
  const nodes = new Set(segment.map(({ node }) => node));
  const counts = new Map<string, { count: number; servers: readonly string[] }>();
  for (const { name, nameServers } of file.hosts) {
    if (!nodes.has(name) || nameServers.length === 0) continue;
    const key = nameServers.join();
    counts.set(key, { count: (counts.get(key)?.count ?? 0) + 1, servers: nameServers });
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  return most?.servers ?? [];
}

function allAddresses(file: NetworkFile): InterfaceAddress[] {
  return file.hosts.flatMap(({ interfaces }) =>
    interfaces.flatMap(({ addresses }) => addresses.flatMap((text) => parseInterfaceAddress(text) ?? [])),
  );
}

function networkOf(address: string, length: number): string | undefined {
  return parseInterfaceAddress(`${address}/${length}`)?.network;
}

function baseOf(network: string): string {
  return network.split("/")[0];
}

function lengthOf(network: string): number {
  return Number(network.split("/")[1]);
}

function plus(base: Uint8Array, number: number): Uint8Array {
  const sum = base.slice();
  let carry = number;
  for (let i = sum.length - 1; carry > 0 && i >= 0; i--) {
    carry += sum[i];
    sum[i] = carry & 0xff;
    carry = Math.floor(carry / 256);
  }
  return sum;
}

/** Where hosts begin, in networks of more addresses than `ROOMY`: what is below is left for routers and servers. */
const HOSTS_FROM = 10;
const ROOMY = 30;
/** Addresses that are looked at: more hosts than a world has. */
const SEARCHED_BITS_MAX = 16;
/** Of both kinds there are so many at most. */
const NETWORKS_MAX = 256;
