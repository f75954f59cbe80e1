/** The machine as both of the two hosts that the shared suites ask for. */

import { readFileSync } from "node:fs";
import type { AddressFamily, Resolver, Task } from "../../net/index.ts";
import type { TwoHosts } from "../../net/testing/network-suite.ts";
import { OsNetwork, type OsNetworkOptions, systemResolver } from "../index.ts";

export function osHosts(options: OsNetworkOptions = {}): TwoHosts {
  const os = new OsNetwork({ hostName: "localhost", lingerMs: 20, resolver: localhost, ...options });
  return {
    client: os,
    server: os,
    serverAddresses: { 4: "127.0.0.1", 6: "::1" },
    serverName: "localhost",
    bulkBytes,
    run: (task) => os.run(task),
    liveTaskNames: () => os.liveTaskNames,
    close: () => os.close(),
  };
}

/** Many machines know "localhost" by one family only. */
const localhost: Resolver = {
  *addresses(name: string, family?: AddressFamily): Task<string[]> {
    if (name !== "localhost") return yield* systemResolver.addresses(name, family);
    return family === 4 ? ["127.0.0.1"] : family === 6 ? ["::1"] : ["::1", "127.0.0.1"];
  },
};

/** What the kernel's two buffers and our own hold at most, and some more. */
const bulkBytes = socketBufferMax("tcp_wmem") + socketBufferMax("tcp_rmem") + (2 << 20);

function socketBufferMax(name: "tcp_wmem" | "tcp_rmem"): number {
  try {
    return Number(readFileSync(`/proc/sys/net/ipv4/${name}`, "utf8").trim().split(/\s+/)[2]);
  } catch {
    // Not Linux: no system is known to let more wait.
    return 8 << 20;
  }
}
