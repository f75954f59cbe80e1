/**
 * What a host knows about one destination: how to get there, and the path MTU. RFC 4861 section 5.1 calls the
 * table the destination cache. It saves the routing table a look-up per packet, and is emptied when routes change.
 */

import { ETHERNET_MTU, type NetworkInterface } from "./interface.ts";
import type { IpAddress } from "./ip-address.ts";
import type { Neighbour } from "./neighbours.ts";

export type DestinationKind =
  /** One of our own addresses. */
  | "local"
  /** Another host, over a route. */
  | "unicast"
  /** Every host of a link. */
  | "broadcast"
  /** A group. */
  | "multicast"
  /** There is no route. */
  | "unreachable";

export class Destination {
  readonly address: IpAddress;
  readonly kind: DestinationKind;
  /** Where packets leave; undefined when unreachable, or a group of no certain link. */
  readonly interface: NetworkInterface | undefined;
  /** The host on the link that gets them: the gateway, or the destination itself. */
  readonly nextHop: IpAddress;
  /** Our address that packets come from. */
  readonly source: IpAddress | undefined;
  /** The entry of `nextHop`, as long as the neighbour cache holds it. */
  neighbour: Neighbour | undefined;
  #pathMtu = Number.POSITIVE_INFINITY;
  #pathMtuUntilNs = 0;

  constructor(
    address: IpAddress,
    kind: DestinationKind,
    route: { interface?: NetworkInterface | undefined; nextHop?: IpAddress; source?: IpAddress | undefined },
  ) {
    this.address = address;
    this.kind = kind;
    this.interface = route.interface;
    this.nextHop = route.nextHop ?? address;
    this.source = route.source;
  }

  mtu(nowNs: number): number {
    const linkMtu = this.interface?.mtu ?? ETHERNET_MTU;
    if (this.#pathMtu < linkMtu && nowNs < this.#pathMtuUntilNs) return this.#pathMtu;
    return linkMtu;
  }

  /** RFC 1191 section 3, RFC 8201 section 4: a router said what fits. Returns whether that is news. */
  lowerPathMtu(mtu: number, nowNs: number): boolean {
    if (mtu >= this.mtu(nowNs)) return false;
    this.#pathMtu = mtu;
    this.#pathMtuUntilNs = nowNs + PATH_MTU_AGE_NS;
    return true;
  }
}

export class DestinationCache {
  readonly #byId = new Map<number, Destination>();
  readonly #resolve: (address: IpAddress) => Destination;

  constructor(resolve: (address: IpAddress) => Destination) {
    this.#resolve = resolve;
  }

  get(address: IpAddress): Destination {
    const known = this.#byId.get(address.id);
    if (known !== undefined) return known;
    if (this.#byId.size >= DESTINATIONS_MAX) {
      for (const oldest of this.#byId.keys()) {
        this.#byId.delete(oldest);
        break;
      }
    }
    const destination = this.#resolve(address);
    this.#byId.set(address.id, destination);
    return destination;
  }

  clear(): void {
    this.#byId.clear();
  }
}

/** RFC 1191 section 6.3 and RFC 8201 section 5.3: after ten minutes a larger packet may be tried again. */
const PATH_MTU_AGE_NS = 600e9;
/** What a busy server talks with; beyond it the oldest is looked up again. A bound against forged sources. */
const DESTINATIONS_MAX = 16_384;
