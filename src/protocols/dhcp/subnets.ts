/** What a server may give: the pools of its networks, what is said beside an address, who has a place of his own. Pure. */

import { addressOfNumber, maskNumber, numberOf } from "./lease.ts";

export interface Subnet {
  /** "192.168.1.0" */
  readonly network: string;
  readonly prefixLength: number;
  readonly ranges: readonly AddressRange[];
  readonly routers: readonly string[];
  readonly nameServers: readonly string[];
  readonly domainName: string | undefined;
  /** Seconds; LEASE_INFINITE means for ever. */
  readonly leaseTime: number;
  /** T1 and T2; undefined: a half and seven eighths. */
  readonly renewalTime: number | undefined;
  readonly rebindingTime: number | undefined;
  readonly reservations: readonly Reservation[];
}

/** Both ends included. */
export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

export interface Reservation {
  readonly address: string;
  /** Whose: a hardware address "02:00:00:00:00:05", or "id:" and a client identifier in hexadecimal digits. */
  readonly client: string;
}

/** Who asks. */
export interface ClientName {
  /** RFC 2131 section 4.2: the client identifier if it sends one, else its hardware address. */
  readonly key: string;
  readonly hardwareAddress: string;
}

/** Whether `client` of a reservation or of a list is that one. */
export function isClient(client: string, { key, hardwareAddress }: ClientName): boolean {
  return client === hardwareAddress || client === key;
}

export function isInSubnet({ network, prefixLength }: Subnet, address: string): boolean {
  const mask = maskNumber(prefixLength);
  return (numberOf(address) & mask) >>> 0 === (numberOf(network) & mask) >>> 0;
}

/** RFC 1122 section 3.2.1.3: the first address means the network itself, the last one all hosts in it; no host has them. */
export function edgesOf({ network, prefixLength }: Pick<Subnet, "network" | "prefixLength">): AddressRange {
  const hosts = ~maskNumber(prefixLength);
  return { first: network, last: addressOfNumber((numberOf(network) | hosts) >>> 0) };
}

export function isInPool({ ranges }: Subnet, address: string): boolean {
  const number = numberOf(address);
  return ranges.some(({ first, last }) => number >= numberOf(first) && number <= numberOf(last));
}

export function poolSize({ ranges }: Subnet): number {
  return ranges.reduce((sum, { first, last }) => sum + numberOf(last) - numberOf(first) + 1, 0);
}

/** The address at a place of the pool, counted through all ranges. */
export function poolAddress({ ranges }: Subnet, place: number): string | undefined {
  let left = place;
  for (const { first, last } of ranges) {
    const count = numberOf(last) - numberOf(first) + 1;
    if (left < count) return addressOfNumber(numberOf(first) + left);
    left -= count;
  }
  return undefined;
}

export function subnetKey({ network, prefixLength }: Subnet): string {
  return `${network}/${prefixLength}`;
}

export function reservationOf({ reservations }: Subnet, client: ClientName): Reservation | undefined {
  return reservations.find((each) => isClient(each.client, client));
}
