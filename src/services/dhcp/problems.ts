/** What is wrong with the pools, prefixes and reservations of a configuration, each mistake at its place in it. */

import { familyOf } from "../../net/index.ts";
import { type AddressRange, edgesOf, numberOf } from "../../protocols/dhcp/index.ts";
import type { ServiceProblem } from "../service.ts";
import type { DhcpConfiguration, NetworkConfiguration } from "./schema.ts";
import { ipv4NetworkOf, listOf, type Network, POOL_MAX, rangesOf } from "./subnets.ts";

type Path = ServiceProblem["path"];

/** `addresses`: those of the host, with prefix length, as far as they are known. */
export function dhcpProblems(
  configuration: DhcpConfiguration,
  addresses: readonly string[] = [],
): ServiceProblem[] {
  const { networks = {} } = configuration;
  const own = networkProblems([], configuration);
  const inside = addresses.flatMap((text) => ipv4NetworkOf(text) ?? []);
  return [
    ...own,
    ...(own.length > 0 ? [] : inside.flatMap((each) => edgeProblems([], configuration, each))),
    ...Object.entries(networks).flatMap(([prefix, each]) => {
      const path = ["networks", prefix];
      const network = ipv4NetworkOf(prefix);
      if (network === undefined || network.address !== network.network)
        return [{ path, message: `"${prefix}" is no IPv4 network such as 10.2.0.0/24` }];
      return networkProblems(path, each ?? {}, network);
    }),
  ];
}

function networkProblems(
  path: Path,
  configuration: NetworkConfiguration,
  network?: Network,
): ServiceProblem[] {
  const problems = [
    ...poolProblems(path, configuration),
    ...addressProblems([...path, "gateway"], configuration.gateway),
    ...addressProblems([...path, "nameServers"], configuration.nameServers),
    ...reservationProblems([...path, "reservations"], configuration),
    ...timeProblems(path, configuration),
  ];
  if (problems.length > 0 || network === undefined) return problems;
  const { pool, reservations = {} } = configuration;
  const inside = (address: string): boolean =>
    ipv4NetworkOf(`${address}/${network.prefixLength}`)?.network === network.network;
  const where = `${network.network}/${network.prefixLength}`;
  return [
    ...rangesOf(configuration).flatMap(({ first, last }, i) =>
      inside(first) && inside(last)
        ? []
        : [{ path: placeOf([...path, "pool"], pool, i), message: `${first}-${last} is not in ${where}` }],
    ),
    ...Object.entries(reservations).flatMap(([client, address]) =>
      inside(address)
        ? []
        : [{ path: [...path, "reservations", client], message: `${address} is not in ${where}` }],
    ),
    ...edgeProblems(path, configuration, network),
  ];
}

/** The first and the last address of a network can be given to nobody. */
function edgeProblems(path: Path, configuration: NetworkConfiguration, network: Network): ServiceProblem[] {
  const { first, last } = edgesOf(network);
  const where = `${first}/${network.prefixLength}`;
  const { pool, reservations = {} } = configuration;
  const given: [Path, AddressRange][] = [
    ...rangesOf(configuration).map((range, i): [Path, AddressRange] => [
      placeOf([...path, "pool"], pool, i),
      range,
    ]),
    ...Object.entries(reservations).map(([client, address]): [Path, AddressRange] => [
      [...path, "reservations", client],
      { first: address, last: address },
    ]),
  ];
  const holds = (range: AddressRange, address: string): boolean =>
    numberOf(range.first) <= numberOf(address) && numberOf(address) <= numberOf(range.last);
  return given.flatMap(([at, range]) => [
    ...(holds(range, first)
      ? [{ path: at, message: `${first} is the network ${where}, and no host's` }]
      : []),
    ...(holds(range, last)
      ? [{ path: at, message: `${last} is the broadcast address of ${where}, and no host's` }]
      : []),
  ]);
}

function poolProblems(path: Path, configuration: NetworkConfiguration): ServiceProblem[] {
  const { pool } = configuration;
  const problems: ServiceProblem[] = [];
  let size = 0;
  for (const [i, { first, last }] of rangesOf(configuration).entries()) {
    const at = placeOf([...path, "pool"], pool, i);
    const wrong = [first, last].find((each) => familyOf(each) !== 4);
    if (wrong !== undefined) problems.push({ path: at, message: `"${wrong}" is no IPv4 address` });
    else if (numberOf(last) < numberOf(first))
      problems.push({ path: at, message: `the pool ends before it begins: ${first} to ${last}` });
    else size += numberOf(last) - numberOf(first) + 1;
  }
  if (size > POOL_MAX)
    problems.push({
      path: [...path, "pool"],
      message: `${size} addresses, at most ${POOL_MAX} can be given`,
    });
  return problems;
}

function addressProblems(path: Path, value: string | readonly string[] | undefined): ServiceProblem[] {
  return listOf(value).flatMap((text, i) =>
    familyOf(text) === 4 ? [] : [{ path: placeOf(path, value, i), message: `"${text}" is no IPv4 address` }],
  );
}

function reservationProblems(path: Path, { reservations = {} }: NetworkConfiguration): ServiceProblem[] {
  const owners = new Map<string, string>();
  return Object.entries(reservations).flatMap(([client, address]) => {
    const owner = owners.get(address);
    owners.set(address, client);
    if (familyOf(address) !== 4)
      return [{ path: [...path, client], message: `"${address}" is no IPv4 address` }];
    if (owner !== undefined)
      return [{ path: [...path, client], message: `${address} is reserved for ${owner} already` }];
    return [];
  });
}

function timeProblems(path: Path, configuration: NetworkConfiguration): ServiceProblem[] {
  const { leaseSeconds, renewalSeconds = 0, rebindingSeconds = Number.POSITIVE_INFINITY } = configuration;
  const lease = typeof leaseSeconds === "number" ? leaseSeconds : Number.POSITIVE_INFINITY;
  const last = Math.min(rebindingSeconds, lease);
  if (renewalSeconds >= last)
    return [{ path: [...path, "renewalSeconds"], message: `${renewalSeconds} s is not before ${last} s` }];
  if (rebindingSeconds !== Number.POSITIVE_INFINITY && rebindingSeconds >= lease)
    return [
      { path: [...path, "rebindingSeconds"], message: `${rebindingSeconds} s is not before ${lease} s` },
    ];
  return [];
}

/** A single value stands for itself, several in a list. */
function placeOf(path: Path, value: unknown, i: number): Path {
  return Array.isArray(value) ? [...path, i] : path;
}
