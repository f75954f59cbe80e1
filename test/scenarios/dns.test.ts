/** The DNS on the operating system's sockets and on the simulated network: the same suite, the same code. */

import { OsNetwork } from "../../src/os/index.ts";
import { dnsSuite } from "../../src/protocols/dns/testing/dns-suite.ts";
import { World } from "../../src/sim/index.ts";

dnsSuite("the operating system", async () => {
  const os = new OsNetwork({ hostName: "localhost", lingerMs: 20 });
  // One machine stands for five: each has an address of 127.0.0.0/8 and all the same port, one that is free now.
  const probe = await os.run(os.bind({ address: "127.0.0.2", port: 0 }));
  const { port } = probe.local;
  probe.close();
  const host = (address: string) => ({ network: os, address });
  return {
    root: host("127.0.0.2"),
    edu: host("127.0.0.3"),
    site: host("127.0.0.4"),
    local: host("127.0.0.5"),
    client: host("127.0.0.6"),
    port,
    run: (task) => os.run(task),
    close: () => os.close(),
  };
});

dnsSuite("the simulated network", () => {
  const world = new World({ seed: 1 });
  const router = world.addRouter("router");
  const host = (name: string, net: number) => {
    const address = `10.0.${net}.1`;
    const nic = world.addHost(name).addInterface({ addresses: [`${address}/24`] });
    world.connect(nic, router.addInterface({ addresses: [`10.0.${net}.254/24`] }), { delayMs: 5 });
    const machine = world.host(name);
    if (machine === undefined) throw new Error(`${name} is missing`);
    return { network: machine.network, address };
  };
  const hosts = {
    root: host("a.root-servers.net", 1),
    edu: host("ns.edu", 2),
    site: host("dns.hamburger.edu", 3),
    local: host("dns.crepes.fr", 4),
    client: host("pc.crepes.fr", 5),
  };
  world.computeRoutes();
  return { ...hosts, port: 53, run: (task) => world.run(task), close: () => {} };
});
