/** The machine as both of the two hosts that the shared suites ask for. */

import type { AddressFamily, Resolver, Task } from "../../net/index.ts";
import type { TwoHosts } from "../../net/testing/network-suite.ts";
import { OsNetwork, systemResolver } from "../index.ts";

export function osHosts(): TwoHosts {
  const os = new OsNetwork({ hostName: "localhost", lingerMs: 20, resolver: localhost });
  return {
    client: os,
    server: os,
    serverAddresses: { 4: "127.0.0.1", 6: "::1" },
    serverName: "localhost",
    // Linux lets some megabytes wait in each of the two sockets.
    bulkBytes: 32 << 20,
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
