/** Our DHCP client on the operating system's sockets: `node dhcp-client.ts INTERFACE MAC`; prints its lease, gives it back. */

import { sleep, type Task } from "../../src/net/index.ts";
import { OsNetwork } from "../../src/os/index.ts";
import { DhcpClientRun, type Lease } from "../../src/protocols/dhcp/index.ts";

const [nic, hardwareAddress] = process.argv.slice(2);
const log = { debug() {}, info: console.error, warn: console.error, error: console.error };
const os = new OsNetwork({ log });
const leases: Lease[] = [];
const run = new DhcpClientRun(
  os,
  // It has no raw socket, so it hears broadcasts alone before its host has an address.
  { interface: nic, hardwareAddress, hostName: "hamlet", startupDelayMs: 0, broadcast: true },
  {
    *probe() {
      return false;
    },
    bound: (lease) => leases.push(lease),
    unbound() {},
  },
);
await os.run(
  (function* (): Task {
    for (let i = 0; i < 100 && leases.length === 0; i++) yield* sleep(os.clock, 100);
  })(),
);
console.log(JSON.stringify(leases[0] ?? null));
run.stop();
await os.close();
