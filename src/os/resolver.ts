/** Names as the machine itself resolves them: its hosts file, its name servers, its order of addresses. */

import { getServers, lookup } from "node:dns";
import {
  type AddressFamily,
  canonicalAddress,
  NetworkError,
  type Resolver,
  suspend,
  type Task,
} from "../net/index.ts";
import { addressOfNode } from "./address.ts";
import { networkErrorOf } from "./errors.ts";

export const systemResolver: Resolver = {
  *addresses(name: string, family?: AddressFamily): Task<string[]> {
    if (name === "" || name.length > NAME_MAX)
      throw new NetworkError("name-not-found", `"${name}" is no host name`);
    // RFC 6761 section 6.3: whatever the hosts file says, which often names one family only.
    if (family !== undefined && name.toLowerCase() === "localhost")
      return [family === 4 ? "127.0.0.1" : "::1"];
    return yield* suspend<string[]>((resolve, reject) => {
      lookup(name, { all: true, order: "verbatim", family: family ?? 0 }, (error, found) => {
        if (error !== null) reject(networkErrorOf(error, "resolve", name));
        else resolve([...new Set(found.map(({ address }) => addressOfNode(address)))]);
      });
      // The look-up itself cannot be stopped; its answer then reaches nobody.
      return () => {};
    });
  },
};

/** Addresses of the name servers that the machine is configured with; those on another port than 53 are left out. */
export function systemNameServers(): string[] {
  return getServers().flatMap((server) => canonicalAddress(server.replace(/%.*$/, "")) ?? []);
}

/** RFC 1035 section 2.3.4: names have 255 octets or less. */
const NAME_MAX = 255;
