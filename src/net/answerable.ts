/** Whom a UDP server may answer without being made to talk for ever. */

import type { Endpoint } from "./address.ts";

/**
 * Whether a server that answers every datagram, at `local`, may answer one from there. A forged source, another
 * such server or a chargen server (RFC 864, port 19), would start two that answer each other for ever: CERT
 * advisory CA-1996-01. Clients have ports of their own above the system ports, and none has the port of this service.
 */
export function mayAnswer(from: Endpoint, local: Endpoint): boolean {
  return from.port > SYSTEM_PORT_MAX && from.port !== local.port;
}

/** RFC 6335 section 6: system ports are 0 to 1023. */
const SYSTEM_PORT_MAX = 1023;
