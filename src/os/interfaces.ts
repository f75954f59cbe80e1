/** The machine's own network interfaces. */

import { networkInterfaces } from "node:os";
import type { LocalInterface } from "../net/index.ts";

/** Those that have an address, the loopback interface left out. */
export function systemInterfaces(): readonly LocalInterface[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) => {
    const ours = addresses.filter(({ internal }) => !internal);
    if (ours.length === 0) return [];
    const withPrefix = ours.flatMap(({ cidr }) => (cidr === null ? [] : [cidr]));
    return [{ name, hardwareAddress: ours[0].mac, addresses: withPrefix }];
  });
}
