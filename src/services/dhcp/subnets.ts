/** From what the network file says, and what is known of the host, to what a server gives. Pure. */

import { familyOf, LocalError, type LocalInterface } from "../../net/index.ts";
import {
  type AddressRange,
  addressOfNumber,
  type DhcpServerConfiguration,
  isInSubnet,
  LEASE_INFINITE,
  maskNumber,
  numberOf,
  type Reservation,
  type Subnet,
} from "../../protocols/dhcp/index.ts";
import type { DhcpConfiguration, NetworkConfiguration } from "./schema.ts";

/** The host that serves. */
export interface ServingHost {
  readonly interfaces: readonly LocalInterface[];
  readonly nameServers: readonly string[];
  /** Whether it has a name server of its own. */
  readonly servesNames: boolean;
  /** Its own default gateways. */
  readonly gateways: readonly string[];
  /** Whether it forwards packets of others. */
  readonly isRouter: boolean;
}

/** Throws LocalError "bad-dhcp" when the pool fits none of the host's networks. */
export function serverConfiguration(
  configuration: DhcpConfiguration,
  host: ServingHost,
): DhcpServerConfiguration {
  const { interfaces, networks = {}, only, ping = true } = configuration;
  const own = host.interfaces
    .filter(({ name }) => interfaces?.includes(name) ?? true)
    .flatMap(({ addresses }) => addresses.flatMap((text) => ipv4NetworkOf(text) ?? []));
  const ranges = rangesOf(configuration);
  // One configuration for all networks of the host: each takes of it what is in it.
  const wanted = own.filter(
    (network) => ranges.length === 0 || ranges.some(({ first }) => isIn(network, first)),
  );
  if (ranges.length > 0 && wanted.length === 0) {
    const there = own.map(prefixText).join(", ") || "none";
    const { first, last } = ranges[0];
    throw new LocalError("bad-dhcp", `the pool ${first}-${last} is in no network of this host (${there})`);
  }
  const homeless = Object.values(configuration.reservations ?? {}).find(
    (address) => !own.some((each) => isIn(each, address)),
  );
  if (homeless !== undefined) {
    const there = own.map(prefixText).join(", ") || "none";
    throw new LocalError(
      "bad-dhcp",
      `${homeless}, which is reserved, is in no network of this host (${there})`,
    );
  }
  const behindRelays = Object.entries(networks).map(([prefix, each]) =>
    subnetOf(ipv4NetworkOf(prefix) as Network, each ?? {}, host),
  );
  return {
    subnets: [...wanted.map((network) => subnetOf(network, configuration, host)), ...behindRelays],
    only: only?.map((each) => each.toLowerCase()),
    ping,
  };
}

export interface Network {
  /** Of the host in it, or the network itself. */
  readonly address: string;
  readonly network: string;
  readonly prefixLength: number;
}

/** "192.168.1.5/24"; undefined when it is no IPv4 address with a prefix length of a network of hosts. */
export function ipv4NetworkOf(text: string): Network | undefined {
  const match = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  if (match === null || familyOf(match[1]) !== 4) return undefined;
  const prefixLength = Number(match[2]);
  if (prefixLength < 1 || prefixLength > 30) return undefined;
  const network = addressOfNumber(numberOf(match[1]) & maskNumber(prefixLength));
  return { address: match[1], network, prefixLength };
}

/** Each of the ranges, with a single address as one of its own. */
export function rangesOf({ pool }: NetworkConfiguration): AddressRange[] {
  return listOf(pool).map((text) => {
    const [first, last = first] = text.split("-").map((part) => part.trim());
    return { first, last };
  });
}

export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function subnetOf(own: Network, configuration: NetworkConfiguration, host: ServingHost): Subnet {
  const { network, prefixLength, address } = own;
  const { domain, leaseSeconds = LEASE_SECONDS, renewalSeconds, rebindingSeconds } = configuration;
  const isOwn = address !== network;
  const ranges = rangesOf(configuration).filter(({ first }) => isIn(own, first));
  const known = isOwn && host.isRouter ? [address] : host.gateways.filter((each) => isIn(own, each));
  return {
    network,
    prefixLength,
    ranges: ranges.length > 0 ? ranges : [upperHalf(own)],
    routers: configuration.gateway === undefined ? known : listOf(configuration.gateway),
    nameServers: nameServersOf(configuration, host, isOwn ? address : undefined),
    domainName: domain,
    leaseTime: leaseSeconds === "forever" ? LEASE_INFINITE : leaseSeconds,
    renewalTime: renewalSeconds,
    rebindingTime: rebindingSeconds,
    reservations: reservationsOf(configuration, own),
  };
}

function nameServersOf(
  { nameServers }: NetworkConfiguration,
  host: ServingHost,
  address: string | undefined,
): readonly string[] {
  if (nameServers !== undefined) return listOf(nameServers);
  // What this host asks at its own loopback address, its clients ask at its address in their network.
  const asked = host.nameServers.flatMap((each) => (each.startsWith("127.") ? (address ?? []) : each));
  const ipv4 = asked.filter((each) => familyOf(each) === 4);
  if (ipv4.length > 0) return [...new Set(ipv4)];
  return host.servesNames && address !== undefined ? [address] : [];
}

function reservationsOf({ reservations = {} }: NetworkConfiguration, own: Network): Reservation[] {
  return Object.entries(reservations)
    .filter(([, address]) => isIn(own, address))
    .map(([client, address]) => ({ client: client.toLowerCase(), address }));
}

/** What is left for dynamic addresses when nobody says: people number servers from below. */
function upperHalf({ network, prefixLength }: Network): AddressRange {
  const size = 2 ** (32 - prefixLength);
  const half = Math.min(size / 2, POOL_MAX);
  const last = numberOf(network) + size - 2;
  return { first: addressOfNumber(last - half + 2), last: addressOfNumber(last) };
}

function isIn({ network, prefixLength }: Network, address: string): boolean {
  return isInSubnet({ network, prefixLength } as Subnet, address);
}

function prefixText({ network, prefixLength }: Network): string {
  return `${network}/${prefixLength}`;
}

/** An hour: a lab's hosts come and go. */
const LEASE_SECONDS = 3_600;
/** The table of leases holds every address that was ever given. */
export const POOL_MAX = 65_536;
