/**
 * One workload of `npm run bench:sim`, the twin of ns3/tcp.cc: prints a line of JSON with the packets that hosts put
 * on their links and the real time that it took. Usage: sim-workload.ts bulk|bottleneck SECONDS
 */

import type { Connection, Network, Task } from "../src/net/index.ts";
import { type LinkOptions, type SimHost, World } from "../src/sim/index.ts";

const FLOWS = 100;
const [workload, secondsText] = process.argv.slice(2);
const endNs = Number(secondsText) * 1e9;
const world = new World({ seed: 1 });
const hosts: SimHost[] = [];
if (workload === "bulk") buildBulk();
else if (workload === "bottleneck") buildBottleneck();
else throw new Error("usage: sim-workload.ts bulk|bottleneck SECONDS");

const startedAt = performance.now();
world.runUntil(endNs);
const wallSeconds = (performance.now() - startedAt) / 1000;
console.log(JSON.stringify({ packets: packetsSent(), wallSeconds }));

function buildBulk(): void {
  const link: LinkOptions = { bandwidthBps: 100e6, delayMs: 5, queuePackets: 100 };
  const router = world.addRouter("router");
  const sender = join("sender", "10.0.0", router, link);
  const receiver = join("receiver", "10.0.1", router, link);
  world.computeRoutes();
  transfer(sender.network, receiver.network, "10.0.1.2", 1);
}

function buildBottleneck(): void {
  const edge: LinkOptions = { bandwidthBps: 1e9, delayMs: 1, queuePackets: 100 };
  const left = world.addRouter("left");
  const right = world.addRouter("right");
  world.connect(
    left.addInterface({ addresses: ["10.0.0.1/24"] }),
    right.addInterface({ addresses: ["10.0.0.2/24"] }),
    { bandwidthBps: 100e6, delayMs: 10, queuePackets: 1000 },
  );
  const pairs = Array.from({ length: FLOWS }, (_, i) => ({
    sender: join(`sender${i}`, `10.0.${1 + i}`, left, edge),
    receiver: join(`receiver${i}`, `10.0.${1 + FLOWS + i}`, right, edge),
  }));
  world.computeRoutes();
  for (const [i, { sender, receiver }] of pairs.entries()) {
    transfer(sender.network, receiver.network, `10.0.${1 + FLOWS + i}.2`, i + 1);
  }
}

/** A host at PREFIX.2 whose link leads to the router at PREFIX.1. */
function join(name: string, prefix: string, router: SimHost, link: LinkOptions): SimHost {
  const host = world.addHost(name);
  const nic = host.addInterface({ addresses: [`${prefix}.2/24`] });
  world.connect(nic, router.addInterface({ addresses: [`${prefix}.1/24`] }), link);
  hosts.push(host);
  return host;
}

function transfer(from: Network, to: Network, address: string, startAtMs: number): void {
  to.spawn("sink", sink(to));
  from.clock.startTimer(startAtMs, () => from.spawn("source", source(from, address)));
}

function* sink(network: Network): Task {
  const listener = yield* network.listen({ port: 9 });
  const connection: Connection = yield* listener.accept();
  while ((yield* connection.read(65_536, Number.POSITIVE_INFINITY)) !== null);
}

function* source(network: Network, address: string): Task {
  const connection = yield* network.connect(address, 9, { timeoutMs: 10_000 });
  const block = new Uint8Array(64 * 1024);
  for (;;) yield* connection.write(block, Number.POSITIVE_INFINITY);
}

/** What hosts made, not what routers passed on: the same count as in ns3/tcp.cc. */
function packetsSent(): number {
  let sent = 0;
  for (const link of world.links) {
    for (const [end, direction] of [
      [link.a, "a-to-b"],
      [link.b, "b-to-a"],
    ] as const) {
      if (hosts.some((host) => host.name === end.hostName)) sent += link.counters(direction).sentPackets;
    }
  }
  return sent;
}
