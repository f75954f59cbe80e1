/** Two simulated hosts on one line, for the suites that run on every network. */

import { NetworkError, type Resolver } from "../../src/net/index.ts";
import type { TwoHosts } from "../../src/net/testing/network-suite.ts";
import { type LinkOptions, World } from "../../src/sim/index.ts";

export interface SimulatedHosts extends TwoHosts {
  readonly world: World;
}

export function twoHosts(line: LinkOptions = { delayMs: 1 }): SimulatedHosts {
  const world = new World({ seed: 1 });
  const client = world.addHost("client.test");
  const server = world.addHost("server.test");
  world.connect(
    client.addInterface({ addresses: ["10.0.1.1/24", "2001:db8:1::1/64"] }),
    server.addInterface({ addresses: ["10.0.1.2/24", "2001:db8:1::2/64"] }),
    line,
  );
  world.computeRoutes();
  client.network.resolver = nobody;
  return {
    world,
    client: client.network,
    server: server.network,
    serverAddresses: { 4: "10.0.1.2", 6: "2001:db8:1::2" },
    serverName: "server.test",
    bulkBytes: 4_000_000,
    run: (task) => world.run(task),
    liveTaskNames: () => world.liveTaskNames,
    close: () => {},
  };
}

const nobody: Resolver = {
  *addresses(name) {
    throw new NetworkError("name-not-found", `${name} is not in this test`);
  },
};
