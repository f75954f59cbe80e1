/**
 * How fast a forwarded connection is: bulk data from a client on the machine's own sockets, through a forwarded port,
 * over fast links of a simulated network (no delay, no bandwidth limit) to a host in it, and back the other way.
 *
 *     node bench/forward.ts [megabytes]
 *
 * The bar is 50 MB/s.
 */

import { connect } from "node:net";
import { unrecordedEntrance } from "../src/engine/outside/testing/unrecorded.ts";
import { type Connection, serve, silentLog, type Task } from "../src/net/index.ts";
import { forwardTcp, OsNetwork, systemTimers } from "../src/os/index.ts";
import { RealTimeDriver, World } from "../src/sim/index.ts";

const megabytes = Number(process.argv[2] ?? 200);
const octets = megabytes * 1e6;

const world = new World({ seed: 1 });
const FAST = { delayMs: 0, bandwidthBps: 1e12 };
const gateway = world.addHost("gateway");
const router = world.addRouter("router");
const server = world.addHost("server");
world.connect(
  gateway.addInterface({ addresses: ["10.0.1.2/24"] }),
  router.addInterface({ addresses: ["10.0.1.1/24"] }),
  FAST,
);
world.connect(
  server.addInterface({ addresses: ["10.0.2.2/24"] }),
  router.addInterface({ addresses: ["10.0.2.1/24"] }),
  FAST,
);
world.computeRoutes();

/** Port 9 takes all and answers with one octet; port 19 sends. */
world.run(serve(server.network, { name: "discard", port: 9, connectionsMax: 1 }, discard));
world.run(serve(server.network, { name: "chargen", port: 19, connectionsMax: 1 }, generate));

function* discard(connection: Connection): Task {
  while ((yield* connection.read(1 << 20, 60_000)) !== null);
  yield* connection.write("!", 60_000);
}

function* generate(connection: Connection): Task {
  const piece = new Uint8Array(64 * 1024).fill(65);
  for (let left = octets; left > 0; left -= piece.length) {
    yield* connection.write(left >= piece.length ? piece : piece.subarray(0, left), 60_000);
  }
}

const os = new OsNetwork();
const driver = new RealTimeDriver(world, { machine: systemTimers });
driver.start();
const { network } = gateway;
const visited = { network, exec: () => network.spawn("no command", noCommand()) };
const entrance = unrecordedEntrance(new Map([["gateway", visited]]), (action) => driver.enter(action));
const open = (port: number) => {
  const way = { name: "bench", from: "gateway", to: { address: "10.0.2.2", port }, label: `port ${port}` };
  return os.run(forwardTcp(os, { way, entrance, listen: { address: "127.0.0.1", port: 0 }, log: silentLog }));
};
const sink = await open(9);
const source = await open(19);

report("into the lab", await upload(sink.local.port));
report("out of the lab", await download(source.local.port));
sink.close();
source.close();
driver.stop();
await os.close();

function* noCommand(): Task<number> {
  return 0;
}

function report(what: string, seconds: number): void {
  console.log(
    `${what}: ${megabytes} MB in ${seconds.toFixed(2)} s: ${(megabytes / seconds).toFixed(1)} MB/s`,
  );
}

function upload(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const socket = connect({ port, host: "127.0.0.1" });
    const piece = Buffer.alloc(256 * 1024, "A");
    let left = octets;
    const pump = (): void => {
      while (left > 0) {
        const part = left >= piece.length ? piece : piece.subarray(0, left);
        left -= part.length;
        if (!socket.write(part)) return;
      }
      socket.end();
    };
    socket.on("connect", pump);
    socket.on("drain", pump);
    socket.on("data", () => resolve((performance.now() - startedAt) / 1000));
    socket.on("error", reject);
  });
}

function download(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    let received = 0;
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("data", (piece) => (received += piece.length));
    socket.on("end", () => {
      if (received !== octets) reject(new Error(`${received} of ${octets} octets came`));
      else resolve((performance.now() - startedAt) / 1000);
    });
    socket.on("error", reject);
  });
}
