/** The mail services on the operating system's sockets, with memory and with SQLite, and on the simulated network: one suite. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { NetworkError } from "../../src/net/index.ts";
import type { TwoHosts } from "../../src/net/testing/network-suite.ts";
import { osHosts } from "../../src/os/testing/os-hosts.ts";
import { mailSuite } from "../../src/services/mail/testing/mail-suite.ts";
import { World } from "../../src/sim/index.ts";
import { memoryStores, sqliteStores } from "../../src/store/index.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-mail-"));
after(() => rmSync(folder, { recursive: true }));
let stores = 0;

mailSuite("the operating system", osHosts, memoryStores);
mailSuite("the operating system, kept in SQLite", osHosts, () => sqliteStores(join(folder, `${++stores}`)));
mailSuite("two simulated hosts", () => simulatedHosts({ delayMs: 5 }), memoryStores);
mailSuite(
  "two simulated hosts over a line that loses, repeats and mixes up packets",
  () => simulatedHosts({ delayMs: 5, jitterMs: 2, loss: 0.02, duplicate: 0.02, reorder: 0.05 }),
  memoryStores,
);

function simulatedHosts(line: object): TwoHosts {
  const world = new World({ seed: 1 });
  const client = world.addHost("client.test");
  const server = world.addHost("server.test");
  world.connect(
    client.addInterface({ addresses: ["10.0.1.1/24", "2001:db8:1::1/64"] }),
    server.addInterface({ addresses: ["10.0.1.2/24", "2001:db8:1::2/64"] }),
    line,
  );
  world.computeRoutes();
  client.network.resolver = {
    *addresses(name) {
      if (/^[\d.]+$/.test(name)) return [name];
      throw new NetworkError("name-not-found", `${name} is not in this test`);
    },
  };
  return {
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
