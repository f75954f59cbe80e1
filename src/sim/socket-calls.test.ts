/** What a world tells of its socket calls: each where it happens, and twice where it waits. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Listener, Network, Task } from "../net/index.ts";
import { Journal } from "./capture/journal.ts";
import type { SocketCall } from "./capture/socket-call.ts";
import type { LinkOptions } from "./link/options.ts";
import { World } from "./world.ts";

test("connect, accept and read are told when they begin and when they return", () => {
  const { world, client, server, calls } = twoHosts();
  world.run(exchange(client, server));
  const of = (host: string): string[] => calls.filter(({ hostName }) => hostName === host).map(lineOf);
  assert.deepEqual(of("client"), [
    "0 socket",
    "0 connect ...",
    "20 connect",
    "20 write(5)",
    "20 write(5)",
    "20 read ...",
    "40 read 3",
    "40 shutdown",
    "40 read ...",
    "60 read 0",
    "60 close",
  ]);
  assert.deepEqual(of("server"), [
    "0 socket",
    "0 bind",
    "0 listen",
    "0 accept ...",
    "30 accept",
    "30 read ...",
    "30 read 5",
    "30 write(3)",
    "30 write(3)",
    "30 read ...",
    "50 read 0",
    "50 close",
  ]);
});

test("a refused connection, a datagram and one that does not come", () => {
  const { world, client, server, calls } = twoHosts();
  world.run(
    (function* (): Task {
      yield* refused(client);
      const there = yield* server.bind({ port: 9 });
      const here = yield* client.bind({ port: 0 });
      here.send(new Uint8Array(7), { address: "10.0.0.2", port: 9 });
      yield* there.receive(1000);
      assert.equal(yield* here.receive(100), undefined);
      here.close();
      here.close();
      there.close();
    })(),
  );
  assert.deepEqual(calls.map(lineOf), [
    ...["0 socket", "0 connect ...", "20 connect refused"],
    ...["20 socket", "20 bind", "20 socket", "20 bind", "20 sendto(7)"],
    ...[
      "20 recvfrom ...",
      "30 recvfrom 7",
      "30 recvfrom ...",
      "130 recvfrom timed-out",
      "130 close",
      "130 close",
    ],
  ]);
});

test("a write that finds no room waits; a look whether there is input is no read that waits", () => {
  const { world, client, server, calls } = twoHosts({ delayMs: 10, bandwidthBps: 1e8 });
  world.run(
    (function* (): Task {
      const listener = yield* server.listen({ port: 7 });
      const serving = server.spawn("serve", readAll(listener));
      const connection = yield* client.connect("10.0.0.2", 7, { timeoutMs: 1000 });
      assert.equal(connection.hasInput, false);
      yield* connection.write(new Uint8Array(2_000_000), 60_000);
      yield* connection.finish(60_000);
      assert.equal(yield* serving.join(), 2_000_000);
    })(),
  );
  const writes = calls.filter(({ call }) => call === "write");
  assert.equal(writes.length, 2);
  assert.equal(writes[0].id, writes[1].id);
  assert.ok((writes[1].endNs ?? 0) > writes[1].startNs + 50e6, "it waited for the network");
  const [, read] = calls.filter(({ call, hostName }) => call === "read" && hostName === "client");
  assert.equal(read.id, calls.find(({ call, hostName }) => call === "read" && hostName === "client")?.id);
  assert.ok(read.startNs >= (writes[1].endNs ?? 0), "the read begins after the write");
});

test("without a subscriber nothing is told, and a subscription can be ended", () => {
  const { world, client, server, calls, stop } = twoHosts();
  stop();
  world.run(exchange(client, server));
  assert.deepEqual(calls, []);
});

test("a journal puts calls, packets and arrivals in one order", () => {
  const { world, client, server } = twoHosts();
  const journal = new Journal();
  world.addTap(journal);
  world.addCallTap(journal);
  world.run(exchange(client, server));
  const connect = journal.calls.find(({ call }) => call === "connect");
  assert.ok(connect?.endOrder !== undefined);
  assert.equal(Math.round(((connect.endNs ?? 0) - connect.startNs) / 1e6), 20);
  assert.ok(
    journal.calls.every(({ startOrder, endOrder }) => endOrder === undefined || endOrder >= startOrder),
  );
  const [first] = [...Array(100).keys()].flatMap((id) => journal.journey(id) ?? []);
  assert.equal(first.arrivals.length > 0 && first.arrivals[0].order > first.order, true);
  assert.equal(journal.forgottenCount, 0);
});

function* exchange(client: Network, server: Network): Task {
  const listener = yield* server.listen({ port: 7 });
  const serving = server.spawn(
    "serve",
    (function* () {
      const connection = yield* listener.accept();
      yield* connection.read(100, 1000);
      yield* connection.write("yes", 1000);
      yield* connection.read(100, 1000);
      connection.close();
    })(),
  );
  const connection = yield* client.connect("10.0.0.2", 7, { timeoutMs: 1000 });
  yield* connection.write("hello", 1000);
  yield* connection.read(100, 1000);
  yield* connection.finish(1000);
  yield* serving.join();
}

function* refused(client: Network): Task {
  try {
    yield* client.connect("10.0.0.2", 1, { timeoutMs: 1000 });
    assert.fail("somebody listens");
  } catch (error) {
    assert.equal((error as { code?: string }).code, "refused");
  }
}

function* readAll(listener: Listener): Task<number> {
  const connection = yield* listener.accept();
  let octets = 0;
  for (;;) {
    const bytes = yield* connection.read(65_536, 60_000);
    if (bytes === null) break;
    octets += bytes.length;
  }
  connection.close();
  return octets;
}

/** "20 connect", in whole milliseconds of the instant at which it is told. */
function lineOf({ startNs, endNs, call, octets, error }: SocketCall): string {
  const at = Math.round((endNs ?? startNs) / 1e6);
  const isRead = call === "read" || call === "recvfrom";
  const count = octets === undefined ? "" : isRead ? ` ${octets}` : `(${octets})`;
  const waits = endNs === undefined && call !== "write" ? " ..." : "";
  return `${at} ${call}${count}${error === undefined ? "" : ` ${error}`}${waits}`;
}

function twoHosts(line: LinkOptions = { delayMs: 10, bandwidthBps: 1e15 }): {
  world: World;
  client: Network;
  server: Network;
  calls: SocketCall[];
  stop: () => void;
} {
  const world = new World({ seed: 1 });
  const client = world.addHost("client");
  const server = world.addHost("server");
  const a = client.addInterface({ addresses: ["10.0.0.1/24"] });
  world.connect(a, server.addInterface({ addresses: ["10.0.0.2/24"] }), line);
  world.computeRoutes();
  // ARP first: it would delay the first packet of what is tested.
  world.run(
    (function* (): Task {
      yield* client.network.pinger.ping("10.0.0.2", {
        sequence: 1,
        payload: new Uint8Array(0),
        timeoutMs: 1000,
      });
    })(),
  );
  const calls: SocketCall[] = [];
  const beganNs = world.nowNs;
  const shifted = ({ startNs, endNs, ...call }: SocketCall): SocketCall => {
    return { ...call, startNs: startNs - beganNs, endNs: endNs === undefined ? undefined : endNs - beganNs };
  };
  const stop = world.addCallTap({ handleCall: (call) => calls.push(shifted(call)) });
  return { world, client: client.network, server: server.network, calls, stop };
}
