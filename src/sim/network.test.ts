import { type AddressFamily, NetworkError, type Resolver, type Task } from "../net/index.ts";
import { networkSuite, type TwoHosts } from "../net/testing/network-suite.ts";
import { World } from "./world.ts";

const NAMES: Record<string, Record<AddressFamily, string>> = {
  "server.test": { 4: "10.0.2.2", 6: "2001:db8:2::2" },
};

networkSuite("two hosts of the simulation, a router between them", twoHosts);

function twoHosts(): TwoHosts {
  const world = new World({ seed: 1 });
  const client = world.addHost("client.test");
  const server = world.addHost("server.test");
  const router = world.addRouter("router");
  const near = client.addInterface({ addresses: ["10.0.1.1/24", "2001:db8:1::1/64"] });
  const far = server.addInterface({ addresses: ["10.0.2.2/24", "2001:db8:2::2/64"] });
  world.connect(near, router.addInterface({ addresses: ["10.0.1.254/24", "2001:db8:1::fe/64"] }));
  world.connect(router.addInterface({ addresses: ["10.0.2.254/24", "2001:db8:2::fe/64"] }), far);
  world.computeRoutes();
  for (const host of world.hosts) host.network.resolver = fixedNames(NAMES);
  return {
    client: client.network,
    server: server.network,
    serverAddresses: NAMES["server.test"],
    serverName: "server.test",
    // On the router's second network, where nobody answers.
    silentAddress: "10.0.2.99",
    bulkBytes: 4_000_000,
    run: (task) => world.run(task),
    liveTaskNames: () => world.liveTaskNames,
    close: () => {},
  };
}

function fixedNames(names: Record<string, Record<AddressFamily, string>>): Resolver {
  return {
    *addresses(name: string, family?: AddressFamily): Task<string[]> {
      const known = names[name];
      if (known === undefined) throw new NetworkError("name-not-found", `${name} is not in this test`);
      return family === undefined ? [known[6], known[4]] : [known[family]];
    },
  };
}
