/** `struct sockaddr_in` and `sockaddr_in6` of Linux, and the endpoints they stand for. */

import { type Endpoint, formatAddress, parseAddress } from "../../net/index.ts";

/** Room for either of the two, aligned. */
export const SOCKET_ADDRESS_BYTES = 32;
export const AF_INET = 2;
export const AF_INET6 = 10;

/**
 * The socket address of an endpoint, for a socket of `family`: IPv4 peers of an IPv6 socket are written as mapped
 * addresses. Throws TypeError when `address` is none.
 */
export function encodeSocketAddress(endpoint: Endpoint, family: 4 | 6): Uint8Array {
  const octets = parseAddress(endpoint.address);
  if (octets === undefined) throw new TypeError(`"${endpoint.address}" is not an IP address`);
  const result = new Uint8Array(family === 4 ? 16 : 28);
  const view = new DataView(result.buffer);
  view.setUint16(0, family === 4 ? AF_INET : AF_INET6, true);
  view.setUint16(2, endpoint.port);
  if (family === 4) result.set(octets, 4);
  else if (octets.length === 16) result.set(octets, 8);
  else {
    view.setUint16(8 + 10, 0xffff);
    result.set(octets, 8 + 12);
  }
  return result;
}

/** The endpoint that stands at `at`; a mapped address is plain IPv4. */
export function decodeSocketAddress(bytes: Uint8Array, at: number): Endpoint {
  const port = (bytes[at + 2] << 8) | bytes[at + 3];
  if (bytes[at] === AF_INET) return { address: formatAddress(bytes.subarray(at + 4, at + 8)), port };
  const octets = bytes.subarray(at + 8, at + 24);
  const isMapped =
    octets.subarray(0, 10).every((octet) => octet === 0) && octets[10] === 0xff && octets[11] === 0xff;
  return { address: formatAddress(isMapped ? octets.subarray(12) : octets), port };
}
