/** How a host gets to an address: its own addresses first, then groups, then the routing table. */

import { Destination } from "./destination.ts";
import type { NetworkInterface } from "./interface.ts";
import type { IpAddress } from "./ip-address.ts";
import { commonBits } from "./prefix.ts";
import type { HostConfiguration } from "./stack.ts";

/** The addresses that mean a host itself, or everybody on one of its links: an index, made anew when they change. */
export class OwnAddresses {
  readonly #local = new Set<IpAddress>();
  readonly #broadcastOn = new Map<IpAddress, NetworkInterface>();

  constructor(interfaces: readonly NetworkInterface[]) {
    for (const nic of interfaces) {
      for (const { address, broadcast } of nic.assigned) {
        this.#local.add(address);
        if (broadcast !== undefined) this.#broadcastOn.set(broadcast, nic);
      }
    }
  }

  isLocal(address: IpAddress): boolean {
    return this.#local.has(address) || isLoopbackAddress(address);
  }

  /** The interface to whose network `address` is a broadcast. */
  broadcastOn(address: IpAddress): NetworkInterface | undefined {
    return this.#broadcastOn.get(address);
  }
}

export function resolveDestination(
  host: HostConfiguration,
  own: OwnAddresses,
  address: IpAddress,
): Destination {
  const { interfaces } = host;
  const [loopback] = interfaces;
  if (own.isLocal(address))
    return new Destination(address, "local", { interface: loopback, source: address });
  // RFC 919: the limited broadcast goes to every host of a link; which link is up to the sender.
  if (address.text === BROADCAST) return new Destination(address, "broadcast", {});
  const nearby = own.broadcastOn(address);
  if (nearby !== undefined && nearby !== loopback) {
    return new Destination(address, "broadcast", { interface: nearby, source: nearby.addressFor(address) });
  }
  if (isMulticast(address)) return new Destination(address, "multicast", {});
  const route = isUnspecified(address) ? undefined : host.routes.lookup(address);
  if (route === undefined) return new Destination(address, "unreachable", {});
  const nic = route.interface;
  return new Destination(address, "unicast", {
    interface: nic,
    nextHop: route.gateway ?? address,
    source: sourceFor(nic, interfaces, address),
  });
}

/** RFC 6724 section 5, rules 5 and 8: an address of the outgoing interface, the one that is closest to the remote. */
function sourceFor(
  outgoing: NetworkInterface,
  interfaces: readonly NetworkInterface[],
  remote: IpAddress,
): IpAddress | undefined {
  // An interface without an address of that family borrows one of another, as routers with unnumbered links do.
  for (const nic of [outgoing, ...interfaces.filter((other) => !other.isLoopback)]) {
    let best: IpAddress | undefined;
    for (const { address } of nic.assigned) {
      if (address.family !== remote.family) continue;
      if (best === undefined || commonBits(address, remote) > commonBits(best, remote)) best = address;
    }
    if (best !== undefined) return best;
  }
  return undefined;
}

export function isMulticast(address: IpAddress): boolean {
  return address.family === 4 ? address.bytes[0] >> 4 === 0xe : address.bytes[0] === 0xff;
}

export function isUnspecified(address: IpAddress): boolean {
  return address.text === "0.0.0.0" || address.text === "::";
}

/** RFC 1122 section 3.2.1.3 (g): all of 127.0.0.0/8; RFC 4291 section 2.5.3: ::1. */
function isLoopbackAddress(address: IpAddress): boolean {
  return address.family === 4 ? address.bytes[0] === 127 : address.text === "::1";
}

const BROADCAST = "255.255.255.255";
