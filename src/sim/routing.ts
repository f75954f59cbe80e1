/**
 * Routes from the topology: for every host and router the shortest path to every network (Dijkstra). The weight of a
 * hop is the delay of the links that it crosses, in the direction of travel, plus 1 ns, so that among equals fewer
 * hops win, and then what was added first. There is no routing protocol: nothing changes until it is called again.
 */

import type { AddressFamily } from "../net/index.ts";
import type { SimHost } from "./host.ts";
import type { NetworkInterface } from "./kernel/interface.ts";
import type { IpAddress } from "./kernel/ip-address.ts";
import { maskedBytes, matchesPrefix, type Prefix } from "./kernel/prefix.ts";
import type { Route } from "./kernel/routes.ts";
import type { Link, LinkEnd } from "./link/link.ts";
import { type Switch, SwitchPort } from "./link/switch.ts";

export function computeRoutes(hosts: readonly SimHost[], links: readonly Link[]): void {
  const topology = new Topology(hosts, links);
  for (const host of hosts) {
    const computed = ([4, 6] as const).flatMap((family) => routesOf(host, family, topology));
    const before = host.routes.list().filter(isComputed);
    // In a large network a change concerns few: the others keep what they have.
    if (areSame(before, computed)) continue;
    host.routes.removeWhere(isComputed);
    for (const route of computed) host.routes.add(route);
  }
}

/** A hop from an interface to a router on the same link. */
interface Hop {
  readonly from: NetworkInterface;
  readonly router: SimHost;
  readonly gateway: IpAddress;
  readonly weight: number;
}

/** How a router is reached. */
interface Reached {
  readonly router: SimHost;
  readonly distance: number;
  /** The hop with which the way begins. */
  readonly first: Hop;
}

/** A network that a host is in. */
interface OwnNetwork {
  readonly key: string;
  readonly prefix: Prefix;
}

/** What frames reach, and how long they take. */
interface Neighbour {
  readonly end: LinkEnd;
  readonly delayNs: number;
}

class Topology {
  readonly #linkAt = new Map<LinkEnd, Link>();
  readonly #hostOf = new Map<LinkEnd, SimHost>();
  readonly #hops = new Map<string, Hop[]>();
  readonly #networks = new Map<string, OwnNetwork[]>();
  /** The routers of a segment, as each of its switches sees them. */
  readonly #routersBehind = new Map<Switch, Neighbour[]>();

  constructor(hosts: readonly SimHost[], links: readonly Link[]) {
    for (const link of links) {
      if (!link.isUp) continue;
      this.#linkAt.set(link.a, link);
      this.#linkAt.set(link.b, link);
    }
    for (const host of hosts) for (const nic of host.interfaces) this.#hostOf.set(nic, host);
  }

  /** The hops from `host` to routers. */
  hopsFrom(host: SimHost, family: AddressFamily): readonly Hop[] {
    const key = `${family} ${host.name}`;
    let hops = this.#hops.get(key);
    if (hops === undefined) {
      hops = host.interfaces.flatMap((nic) => this.#hopsOver(nic, family));
      this.#hops.set(key, hops);
    }
    return hops;
  }

  /** The networks that a host is in. */
  networksOf(host: SimHost, family: AddressFamily): readonly OwnNetwork[] {
    const key = `${family} ${host.name}`;
    let networks = this.#networks.get(key);
    if (networks === undefined) {
      networks = host.interfaces.flatMap((nic) => networksOn(nic, family));
      this.#networks.set(key, networks);
    }
    return networks;
  }

  #hopsOver(nic: NetworkInterface, family: AddressFamily): Hop[] {
    return this.#routersFrom(nic).flatMap(({ end, delayNs }) => {
      const router = this.#hostOf.get(end);
      const gateway = sharedAddress(end as NetworkInterface, nic, family);
      if (router === undefined || gateway === undefined) return [];
      return [{ from: nic, router, gateway, weight: delayNs + 1 }];
    });
  }

  /** The interfaces of routers that frames from `nic` reach, through switches. */
  #routersFrom(nic: NetworkInterface): Neighbour[] {
    const next = this.#across(nic);
    if (next === undefined) return [];
    if (!(next.end instanceof SwitchPort)) return this.#isRouter(next.end) ? [next] : [];
    const routers = this.#routersFromSwitch(next.end.owner).filter(({ end }) => end !== nic);
    return routers.map(({ end, delayNs }) => ({ end, delayNs: next.delayNs + delayNs }));
  }

  /** Every host asks for the same, so it is looked for once for each switch. */
  #routersFromSwitch(owner: Switch): readonly Neighbour[] {
    const known = this.#routersBehind.get(owner);
    if (known !== undefined) return known;
    const found: Neighbour[] = [];
    const follow = (ports: readonly SwitchPort[], cameBy: SwitchPort | undefined, soFarNs: number): void => {
      for (const port of ports) {
        const next = port === cameBy ? undefined : this.#across(port);
        if (next === undefined) continue;
        const { end } = next;
        const delayNs = soFarNs + next.delayNs;
        if (end instanceof SwitchPort) follow(end.owner.ports, end, delayNs);
        else if (this.#isRouter(end)) found.push({ end, delayNs });
      }
    };
    follow(owner.ports, undefined, 0);
    this.#routersBehind.set(owner, found);
    return found;
  }

  #isRouter(end: LinkEnd): boolean {
    const host = this.#hostOf.get(end);
    return host?.forwards === true && host.isOn;
  }

  /** What is at the other end of a link, if there is one. */
  #across(from: LinkEnd): Neighbour | undefined {
    const link = this.#linkAt.get(from);
    if (link === undefined) return undefined;
    const isForth = link.a === from;
    const { delayMs } = link.options(isForth ? "a-to-b" : "b-to-a");
    return { end: isForth ? link.b : link.a, delayNs: Math.round(delayMs * 1e6) };
  }
}

/** The address of `gateway` in a network that `nic` is in too. */
function sharedAddress(
  gateway: NetworkInterface,
  nic: NetworkInterface,
  family: AddressFamily,
): IpAddress | undefined {
  return gateway.assigned.find(({ address }) => {
    if (address.family !== family) return false;
    return nic.assigned.some((own) => matchesPrefix(address, own.address.bytes, own.prefixLength));
  })?.address;
}

function routesOf(host: SimHost, family: AddressFamily, topology: Topology): Route[] {
  const everything: Prefix = { bytes: new Uint8Array(family === 4 ? 4 : 16), length: 0 };
  const hops = topology.hopsFrom(host, family);
  if (hops.length === 0) return [];
  if (!host.forwards && host.gatewayIsGiven && family === 4) return [];
  const routes: Route[] = [];
  if (!host.forwards) {
    const defaultByHand = host.routes.list().some((route) => {
      return !isComputed(route) && arePrefixesSame(route.prefix, everything);
    });
    if (defaultByHand) return [];
    const nearest = hops.reduce((best, hop) => (hop.weight < best.weight ? hop : best));
    routes.push(routeBy(nearest, everything));
    // With one way out there is nothing to choose.
    if (hops.length === 1) return routes;
  }
  const best = new Map<string, { prefix: Prefix; distance: number; first: Hop }>();
  for (const { router, distance, first } of shortestPaths(host, family, topology)) {
    for (const { key, prefix } of topology.networksOf(router, family)) {
      const known = best.get(key);
      if (known === undefined || distance < known.distance) best.set(key, { prefix, distance, first });
    }
  }
  for (const { key } of topology.networksOf(host, family)) best.delete(key);
  for (const { prefix, first } of best.values()) routes.push(routeBy(first, prefix));
  return routes;
}

/** Dijkstra: every router that `source` reaches, nearest first. */
function shortestPaths(source: SimHost, family: AddressFamily, topology: Topology): Reached[] {
  const done: Reached[] = [];
  const finished = new Set<SimHost>([source]);
  const open = new Map<SimHost, Reached>();
  const offer = (hops: readonly Hop[], distance: number, first: Hop | undefined): void => {
    for (const hop of hops) {
      const total = distance + hop.weight;
      const known = open.get(hop.router);
      if (finished.has(hop.router) || (known !== undefined && known.distance <= total)) continue;
      open.set(hop.router, { router: hop.router, distance: total, first: first ?? hop });
    }
  };
  offer(topology.hopsFrom(source, family), 0, undefined);
  while (open.size > 0) {
    let nearest: Reached | undefined;
    for (const reached of open.values()) {
      if (nearest === undefined || reached.distance < nearest.distance) nearest = reached;
    }
    const { router, distance, first } = nearest as Reached;
    open.delete(router);
    finished.add(router);
    done.push(nearest as Reached);
    offer(topology.hopsFrom(router, family), distance, first);
  }
  return done;
}

function networksOn(nic: NetworkInterface, family: AddressFamily): OwnNetwork[] {
  return nic.assigned
    .filter(({ address }) => address.family === family)
    .map(({ address, prefixLength }) => {
      const bytes = maskedBytes(address.bytes, prefixLength);
      return { key: `${prefixLength} ${bytes}`, prefix: { bytes, length: prefixLength } };
    });
}

function routeBy(first: Hop, prefix: Prefix): Route {
  return { prefix, interface: first.from, gateway: first.gateway, origin: "computed" };
}

function isComputed(route: Route): boolean {
  return route.origin === "computed";
}

/** Whether a table that has `before` would be the same with `after`: it keeps the longest prefixes first. */
function areSame(before: readonly Route[], after: readonly Route[]): boolean {
  if (before.length !== after.length) return false;
  const sorted = [...after].sort((a, b) => b.prefix.length - a.prefix.length);
  return before.every((route, i) => {
    const { prefix, gateway } = sorted[i];
    const isSameWay = route.interface === sorted[i].interface && route.gateway === gateway;
    return isSameWay && arePrefixesSame(route.prefix, prefix);
  });
}

function arePrefixesSame(a: Prefix, b: Prefix): boolean {
  if (a.length !== b.length || a.bytes.length !== b.bytes.length) return false;
  for (let i = 0; i < a.bytes.length; i++) if (a.bytes[i] !== b.bytes[i]) return false;
  return true;
}
