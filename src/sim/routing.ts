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
import type { Link, LinkEnd } from "./link/link.ts";
import { SwitchPort } from "./link/switch.ts";

export function computeRoutes(hosts: readonly SimHost[], links: readonly Link[]): void {
  const topology = new Topology(hosts, links);
  for (const host of hosts) {
    host.routes.removeWhere((route) => route.origin === "computed");
    for (const family of [4, 6] as const) computeFor(host, family, topology);
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

class Topology {
  readonly #linkAt = new Map<LinkEnd, Link>();
  readonly #hostOf = new Map<LinkEnd, SimHost>();
  readonly #hops = new Map<string, Hop[]>();

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

  #hopsOver(nic: NetworkInterface, family: AddressFamily): Hop[] {
    return this.#neighboursOf(nic).flatMap(({ end, delayNs }) => {
      const router = this.#hostOf.get(end);
      if (router === undefined || !router.forwards || !router.isOn) return [];
      const gateway = sharedAddress(end as NetworkInterface, nic, family);
      return gateway === undefined ? [] : [{ from: nic, router, gateway, weight: delayNs + 1 }];
    });
  }

  /** The interfaces that frames from `nic` reach, through switches, and how long they take. */
  #neighboursOf(nic: NetworkInterface): { end: LinkEnd; delayNs: number }[] {
    const found: { end: LinkEnd; delayNs: number }[] = [];
    const follow = (from: LinkEnd, delaySoFarNs: number): void => {
      const link = this.#linkAt.get(from);
      if (link === undefined) return;
      const direction = link.a === from ? "a-to-b" : "b-to-a";
      const end = link.a === from ? link.b : link.a;
      const delayNs = delaySoFarNs + Math.round(link.options(direction).delayMs * 1e6);
      if (!(end instanceof SwitchPort)) found.push({ end, delayNs });
      else for (const port of end.owner.ports) if (port !== end) follow(port, delayNs);
    };
    follow(nic, 0);
    return found;
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

function computeFor(host: SimHost, family: AddressFamily, topology: Topology): void {
  const everything: Prefix = { bytes: new Uint8Array(family === 4 ? 4 : 16), length: 0 };
  const hops = topology.hopsFrom(host, family);
  if (hops.length === 0) return;
  if (!host.forwards && host.gatewayIsGiven && family === 4) return;
  if (!host.forwards) {
    const defaultByHand = host.routes.list().some((route) => {
      return route.prefix.length === 0 && route.prefix.bytes.length === everything.bytes.length;
    });
    if (defaultByHand) return;
    const nearest = hops.reduce((best, hop) => (hop.weight < best.weight ? hop : best));
    addRoute(host, everything, nearest);
    // With one way out there is nothing to choose.
    if (hops.length === 1) return;
  }
  const best = new Map<string, { prefix: Prefix; distance: number; first: Hop }>();
  for (const { router, distance, first } of shortestPaths(host, family, topology)) {
    for (const prefix of networksOf(router, family)) {
      const key = `${prefix.length} ${prefix.bytes}`;
      const known = best.get(key);
      if (known === undefined || distance < known.distance) best.set(key, { prefix, distance, first });
    }
  }
  const own = new Set(networksOf(host, family).map((prefix) => `${prefix.length} ${prefix.bytes}`));
  for (const [key, { prefix, first }] of best) if (!own.has(key)) addRoute(host, prefix, first);
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

/** The networks that a host is in. */
function networksOf(host: SimHost, family: AddressFamily): Prefix[] {
  return host.interfaces.flatMap((nic) => {
    return nic.assigned
      .filter(({ address }) => address.family === family)
      .map(({ address, prefixLength }) => ({
        bytes: maskedBytes(address.bytes, prefixLength),
        length: prefixLength,
      }));
  });
}

function addRoute(host: SimHost, prefix: Prefix, first: Hop): void {
  host.routes.add({ prefix, interface: first.from, gateway: first.gateway, origin: "computed" });
}
