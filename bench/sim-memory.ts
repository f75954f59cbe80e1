/**
 * What a thousand simulated hosts cost in memory, and ten thousand open connections between them (`npm run bench:sim`).
 * Run with --expose-gc. Every host opens ten connections to others and says one line on each, so that both ends have
 * used their buffers; then all stay open.
 */

import type { Connection, Network, Task } from "../src/net/index.ts";
import { type SimHost, World } from "../src/sim/index.ts";

const HOSTS = 1000;
const CONNECTIONS_PER_HOST = 10;
const HOSTS_PER_ROUTER = 100;

const before = memory();
const world = new World({ seed: 1 });
const hosts = buildHosts();
const withHosts = memory();
const open: Connection[] = [];
for (const host of hosts) host.network.spawn("serve", serve(host.network));
world.runUntil(1e9);
for (const [i, host] of hosts.entries()) host.network.spawn("open", openAll(host.network, i));
world.runUntil(60e9);
const withConnections = memory();
if (open.length !== HOSTS * CONNECTIONS_PER_HOST) throw new Error(`only ${open.length} connections are open`);

const perHost = (withHosts.heap - before.heap) / HOSTS;
const perConnection = (withConnections.heap - withHosts.heap) / open.length;
console.log(`${HOSTS} hosts with ${CONNECTIONS_PER_HOST} open connections each`);
console.log(`  per host        ${kilobytes(perHost)}`);
console.log(`  per connection  ${kilobytes(perConnection)} (both ends)`);
console.log(`  whole process   ${Math.round(withConnections.rss / 1e6)} MB (bar: under 1000)`);

function buildHosts(): SimHost[] {
  const core = world.addRouter("core");
  const made: SimHost[] = [];
  for (let r = 0; r < HOSTS / HOSTS_PER_ROUTER; r++) {
    const router = world.addRouter(`router${r}`);
    world.connect(
      core.addInterface({ addresses: [`10.${100 + r}.0.1/24`] }),
      router.addInterface({ addresses: [`10.${100 + r}.0.2/24`] }),
      { delayMs: 5 },
    );
    const lan = world.addSwitch(`lan${r}`);
    world.connect(router.addInterface({ addresses: [`10.${r}.0.1/24`] }), lan.addPort());
    for (let i = 0; i < HOSTS_PER_ROUTER; i++) {
      const host = world.addHost(`host${r}-${i}`);
      world.connect(host.addInterface({ addresses: [`10.${r}.0.${2 + i}/24`] }), lan.addPort());
      made.push(host);
    }
  }
  world.computeRoutes();
  return made;
}

function* serve(network: Network): Task {
  const listener = yield* network.listen({ port: 7 });
  for (;;) network.spawn("talk", answer(yield* listener.accept()));
}

function* answer(connection: Connection): Task {
  for (;;) {
    const bytes = yield* connection.read(1000, Number.POSITIVE_INFINITY);
    if (bytes === null) return;
    yield* connection.write(bytes, Number.POSITIVE_INFINITY);
  }
}

function* openAll(network: Network, index: number): Task {
  for (let i = 1; i <= CONNECTIONS_PER_HOST; i++) {
    const other = (index + i * 97) % HOSTS;
    const address = `10.${Math.floor(other / HOSTS_PER_ROUTER)}.0.${2 + (other % HOSTS_PER_ROUTER)}`;
    const connection = yield* network.connect(address, 7, { timeoutMs: 30_000 });
    yield* connection.write("hello\r\n", 10_000);
    yield* connection.readLine({ max: 100, timeoutMs: 10_000 });
    open.push(connection);
  }
}

function memory(): { heap: number; rss: number } {
  if (globalThis.gc === undefined) throw new Error("run with --expose-gc");
  globalThis.gc();
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed + Math.max(external, arrayBuffers), rss };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
