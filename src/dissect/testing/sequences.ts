/** Runs of two simulated hosts for the tests of sequence diagrams, each with its capture and its journal. */

import { type Listener, type Network, sleep, type Task } from "../../net/index.ts";
import { Capture, hostNamesOf, Journal } from "../../sim/capture/index.ts";
import { type LinkOptions, World } from "../../sim/index.ts";
import { namesOf } from "../packet-table.ts";
import type { SequenceSource } from "../sequence.ts";

/** What happens between client.test (10.0.0.1) and server.test (10.0.0.2). */
export type Scene = (client: Network, server: Network) => Task;

export function play(scene: Scene, line: LinkOptions = { delayMs: 10 }, seed = 1): SequenceSource {
  const world = new World({ seed, onTaskFailure: () => {} });
  const capture: Capture = new Capture();
  const journal = new Journal();
  world.addTap(capture);
  world.addTap(journal);
  world.addCallTap(journal);
  const client = world.addHost("client.test");
  const server = world.addHost("server.test");
  world.connect(
    client.addInterface({ addresses: ["10.0.0.1/24"] }),
    server.addInterface({ addresses: ["10.0.0.2/24"] }),
    line,
  );
  world.computeRoutes();
  const done = world.spawn("scene", scene(client.network, server.network));
  done.whenDone(() => {});
  world.runUntilIdle({ maxNs: 600e9 });
  const { interfaces } = world;
  return { packets: [...capture.packets()], journal, interfaces, names: namesOf(hostNamesOf(interfaces)) };
}

/** A question and its answer over TCP, as in every textbook. */
export function* question(client: Network, server: Network): Task {
  const listener = yield* server.listen({ port: 7, backlog: 5 });
  server.spawn("answer", answer(listener));
  // The server waits before its client comes.
  yield* sleep(client.clock, 5);
  const connection = yield* client.connect("10.0.0.2", 7, { timeoutMs: 60_000 });
  yield* connection.write("ketchup?\r\n", 60_000);
  yield* connection.read(100, 60_000);
  connection.end();
  yield* connection.read(100, 60_000);
  connection.close();
}

function* answer(listener: Listener): Task {
  const connection = yield* listener.accept();
  for (;;) {
    const bytes = yield* connection.read(100, 60_000);
    if (bytes === null) break;
    yield* connection.write(bytes, 60_000);
  }
  connection.close();
}

/** The same in datagrams, the second of which nobody answers. */
export function* datagrams(client: Network, server: Network): Task {
  const there = yield* server.bind({ port: 7 });
  const here = yield* client.bind({ port: 0 });
  here.send(new Uint8Array([107, 101]), { address: "10.0.0.2", port: 7 });
  const datagram = yield* there.receive(1000);
  if (datagram !== undefined) there.send(datagram.bytes, datagram.from);
  yield* here.receive(1000);
  here.send(new Uint8Array([107, 101]), { address: "10.0.0.2", port: 7 });
  yield* here.receive(1000);
  here.close();
}

/** Nobody listens. */
export function* refusal(client: Network): Task {
  yield* client.connect("10.0.0.2", 25, { timeoutMs: 60_000 });
}

/** A file of `octets` octets, longer than a diagram can be. */
export function* bulk(client: Network, server: Network, octets: number): Task {
  const listener = yield* server.listen({ port: 7 });
  server.spawn(
    "take",
    (function* () {
      const connection = yield* listener.accept();
      while ((yield* connection.read(65_536, 60_000)) !== null);
      connection.close();
    })(),
  );
  const connection = yield* client.connect("10.0.0.2", 7, { timeoutMs: 60_000 });
  yield* connection.write(new Uint8Array(octets), 60_000);
  yield* connection.finish(60_000);
}
