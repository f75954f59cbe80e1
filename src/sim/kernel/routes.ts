/** A host's routing table: the longest matching prefix decides (RFC 1812 section 5.2.4.3). */

import { formatAddress } from "../../net/index.ts";
import type { NetworkInterface } from "./interface.ts";
import type { IpAddress } from "./ip-address.ts";
import { maskedBytes, type Prefix } from "./prefix.ts";

export interface Route {
  readonly prefix: Prefix;
  readonly interface: NetworkInterface;
  /** The router to hand packets to; undefined: the destination is on the link itself. */
  readonly gateway: IpAddress | undefined;
  /** Where it comes from: an address of ours, a person, a DHCP server, `World.computeRoutes`. The first wins over the last. */
  readonly origin: RouteOrigin;
}

export type RouteOrigin = "connected" | "static" | "dhcp" | "computed";

export class RouteTable {
  /** By prefix length, longest first; in each by the octets of the prefix. */
  readonly #byLength = new Map<string, Map<string, Route[]>>();
  #lengths: { family: number; length: number }[] = [];
  /** Called after each change. */
  onChange: () => void = () => {};

  add(route: Route): void {
    const { bytes, length } = route.prefix;
    const lengthKey = `${bytes.length}/${length}`;
    let routes = this.#byLength.get(lengthKey);
    if (routes === undefined) {
      routes = new Map();
      this.#byLength.set(lengthKey, routes);
      this.#lengths.push({ family: bytes.length, length });
      this.#lengths.sort((a, b) => b.length - a.length);
    }
    const key = keyOf(bytes, length);
    const same = routes.get(key) ?? [];
    same.push(route);
    same.sort((a, b) => PREFERENCE[a.origin] - PREFERENCE[b.origin]);
    routes.set(key, same);
    this.onChange();
  }

  /** Takes out what `matches`. */
  removeWhere(matches: (route: Route) => boolean): void {
    for (const routes of this.#byLength.values()) {
      for (const [key, same] of routes) {
        const kept = same.filter((route) => !matches(route));
        if (kept.length === 0) routes.delete(key);
        else routes.set(key, kept);
      }
    }
    this.onChange();
  }

  lookup(address: IpAddress): Route | undefined {
    for (const { family, length } of this.#lengths) {
      if (family !== address.bytes.length) continue;
      const found = this.#byLength.get(`${family}/${length}`)?.get(keyOf(address.bytes, length));
      if (found !== undefined) return found[0];
    }
    return undefined;
  }

  /** All routes, longest prefixes first. */
  list(): Route[] {
    const all: Route[] = [];
    for (const { family, length } of this.#lengths) {
      for (const same of this.#byLength.get(`${family}/${length}`)?.values() ?? []) all.push(...same);
    }
    return all;
  }
}

/** "10.2.0.0/16 via 10.1.0.1 dev eth0" */
export function describeRoute(route: Route): string {
  const via = route.gateway === undefined ? "" : ` via ${route.gateway.text}`;
  const prefix = `${formatAddress(maskedBytes(route.prefix.bytes, route.prefix.length))}/${route.prefix.length}`;
  return `${prefix}${via} dev ${route.interface.name} (${route.origin})`;
}

function keyOf(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...maskedBytes(bytes, length));
}

const PREFERENCE: Record<RouteOrigin, number> = { connected: 0, static: 1, dhcp: 2, computed: 3 };
