/** Between the socket addresses of Node and canonical ones (net/address.ts). */

import { canonicalAddress, type Endpoint } from "../net/index.ts";

/**
 * The canonical form of an address that Node reports. An IPv4 peer of a dual-stack socket is plain IPv4; the zone of
 * a link-local address ("%eth0") is lost, for no protocol could carry it.
 */
export function addressOfNode(text: string): string {
  const address = canonicalAddress(text.replace(/%.*$/, "")) ?? text;
  return address.startsWith(MAPPED_PREFIX) ? address.slice(MAPPED_PREFIX.length) : address;
}

/** What a socket of Node's says of one of its ends; an end that is gone already is the unspecified address. */
export function endpointOfNode(address: string | undefined, port: number | undefined): Endpoint {
  return { address: addressOfNode(address ?? "0.0.0.0"), port: port ?? 0 };
}

/** The form in which a dual-stack socket of the operating system addresses an IPv4 peer. */
export function mappedAddress(ipv4: string): string {
  return `${MAPPED_PREFIX}${ipv4}`;
}

const MAPPED_PREFIX = "::ffff:";
