/** Who a client is to a server. Pure. */

import type { ClientName } from "./subnets.ts";
import { type DhcpMessage, formatHardwareAddress } from "./wire.ts";

export interface Client extends ClientName {
  /** What it calls itself; empty: nothing. */
  readonly hostName: string;
}

/** RFC 2131 section 4.2: known by its client identifier, without one by its hardware address. */
export function clientOf({ options, hardwareAddress, hardwareType }: DhcpMessage): Client | undefined {
  const { clientIdentifier, hostName = "" } = options;
  if (hardwareAddress.length === 0 && clientIdentifier === undefined) return undefined;
  const text = formatHardwareAddress(hardwareAddress);
  const hex = (bytes: Uint8Array): string =>
    Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");
  const key = clientIdentifier === undefined ? `hw:${hardwareType}:${text}` : `id:${hex(clientIdentifier)}`;
  return { key, hardwareAddress: text, hostName };
}

/** "pc1 (02:00:00:00:00:05)" */
export function nameOf({ hardwareAddress, hostName }: Client): string {
  return hostName === "" ? hardwareAddress : `${hostName} (${hardwareAddress})`;
}
