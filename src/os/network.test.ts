/** The operating system under the suite that the simulated network passes too. */

import { networkSuite } from "../net/testing/network-suite.ts";
import { OsNetwork } from "./index.ts";

networkSuite("the operating system", () => {
  const os = new OsNetwork({ hostName: "localhost", lingerMs: 20 });
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
