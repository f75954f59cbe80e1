/** The operating system under the suite that the simulated network passes too. */

import type { AddressFamily, Resolver, Task } from "../net/index.ts";
import { networkSuite } from "../net/testing/network-suite.ts";
import { OsNetwork, systemResolver } from "./index.ts";

/** Many machines know "localhost" by one family only. */
const localhost: Resolver = {
  *addresses(name: string, family?: AddressFamily): Task<string[]> {
    if (name !== "localhost") return yield* systemResolver.addresses(name, family);
    return family === 4 ? ["127.0.0.1"] : family === 6 ? ["::1"] : ["::1", "127.0.0.1"];
  },
};

networkSuite("the operating system", () => {
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
});
