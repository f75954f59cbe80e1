/** Our DHCP server on the operating system's sockets, for a foreign client: `node dhcp-server.ts INTERFACE`, until it is ended. */

import { OsNetwork } from "../../src/os/index.ts";
import { dhcp } from "../../src/services/dhcp/index.ts";
import { memoryStores } from "../../src/store/memory/index.ts";

const [nic, reserved] = process.argv.slice(2);
const log = { debug() {}, info: console.error, warn: console.error, error: console.error };
const os = new OsNetwork({ log });
const host = { network: os, nameServers: ["10.77.0.53"], users: [], stores: memoryStores() };
const running = await os.run(
  dhcp.start(host, {
    interfaces: [nic],
    pool: "10.77.0.100-10.77.0.199",
    gateway: "10.77.0.1",
    domain: "lab.example",
    leaseSeconds: 600,
    ...(reserved === undefined ? {} : { reservations: { [reserved]: "10.77.0.42" } }),
  }),
);
console.log(running.description);
