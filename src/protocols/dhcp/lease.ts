/** What a client was given: its address, for how long, and what a host needs to know beside it. */

import { FormatError } from "../../bytes/index.ts";
import { formatAddress } from "../../net/index.ts";
import { addressBytes, type ClasslessRoute, LEASE_INFINITE } from "./options.ts";
import type { DhcpMessage } from "./wire.ts";

/** What a server says beside the address: options for the host. */
export interface HostParameters {
  readonly prefixLength: number;
  readonly routers: readonly string[];
  readonly classlessRoutes: readonly ClasslessRoute[];
  readonly nameServers: readonly string[];
  readonly domainName: string | undefined;
}

export interface Lease extends HostParameters {
  readonly address: string;
  /** Who gave it. */
  readonly serverIdentifier: string;
  /** When it was asked for: from then its times count (RFC 2131 section 4.4.1). */
  readonly startedAtNs: number;
  /** T1: it is to be renewed. Infinity: never. */
  readonly renewAtNs: number;
  /** T2: any server may renew it. */
  readonly rebindAtNs: number;
  readonly expiresAtNs: number;
}

/** The lease in an ACK. Throws FormatError for one that lacks what makes a lease. */
export function leaseOf(message: DhcpMessage, startedAtNs: number): Lease {
  const { leaseTime, serverIdentifier, renewalTime, rebindingTime } = message.options;
  if (leaseTime === undefined) throw new FormatError("lease time", 0, "is missing");
  if (serverIdentifier === undefined) throw new FormatError("server identifier", 0, "is missing");
  if (leaseTime < LEASE_TIME_MIN)
    throw new FormatError("lease time", 0, `is ${leaseTime} s, too short to use`);
  const isBounded = leaseTime !== LEASE_INFINITE;
  const after = (seconds: number): number =>
    isBounded ? startedAtNs + seconds * 1e9 : Number.POSITIVE_INFINITY;
  // RFC 2131 section 4.4.5: T1 is half of the lease, T2 seven eighths, unless the server says otherwise; in that order.
  const rebind = Math.min(rebindingTime ?? leaseTime * (7 / 8), leaseTime);
  const renew = Math.min(renewalTime ?? leaseTime / 2, rebind);
  return {
    ...parametersOf(message),
    address: message.yourAddress,
    serverIdentifier,
    startedAtNs,
    renewAtNs: after(renew),
    rebindAtNs: after(rebind),
    expiresAtNs: after(leaseTime),
  };
}

export function parametersOf({ yourAddress, clientAddress, options }: DhcpMessage): HostParameters {
  const address = yourAddress === "0.0.0.0" ? clientAddress : yourAddress;
  const { subnetMask, routers = [], classlessRoutes = [], nameServers = [], domainName } = options;
  return {
    prefixLength:
      (subnetMask === undefined ? undefined : prefixLengthOf(subnetMask)) ?? classfulLength(address),
    // RFC 3442: who understands classless routes MUST ignore the routers beside them.
    routers: classlessRoutes.length > 0 ? [] : routers,
    classlessRoutes,
    nameServers,
    domainName,
  };
}

/** 24 for "255.255.255.0"; undefined for a mask with holes. */
export function prefixLengthOf(mask: string): number | undefined {
  const bits = numberOf(mask);
  const length = Math.clz32(~bits >>> 0);
  return maskNumber(length) === bits ? length : undefined;
}

/** "255.255.255.0" for 24. */
export function maskOf(prefixLength: number): string {
  return addressOfNumber(maskNumber(prefixLength));
}

/** An IPv4 address as a number, for ranges. */
export function numberOf(address: string): number {
  const [a, b, c, d] = addressBytes(address);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

export function addressOfNumber(number: number): string {
  return formatAddress(Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number));
}

export function maskNumber(prefixLength: number): number {
  return prefixLength === 0 ? 0 : (0xffff_ffff << (32 - prefixLength)) >>> 0;
}

/** Whether a host can have it: not 0/8, not loopback, no group, not the broadcast. */
export function isHostAddress(address: string): boolean {
  const [first] = addressBytes(address);
  return first !== 0 && first !== 127 && first < 224;
}

/** Without a mask the old classes count (RFC 791 section 2.3). */
function classfulLength(address: string): number {
  const [first] = addressBytes(address);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

/** Seconds; with less a host would be busy with nothing but its address. */
const LEASE_TIME_MIN = 10;
