/**
 * What upper-casing must do on any network: one suite for the operating system's sockets (upper.test.ts) and for the
 * simulated network (test/scenarios/upper.test.ts).
 */

import assert from "node:assert/strict";
import { type Network, sleep, type Task, type TcpAndUdpService } from "../../../net/index.ts";
import type { TwoHosts } from "../../../net/testing/network-suite.ts";
import { protocolSuite, type Scenario } from "../../../net/testing/protocol-suite.ts";
import { mustFail, WAIT_MS } from "../../../net/testing/suite-tools.ts";
import { startUpperServer, UpperClient, type UpperServerOptions, upperDatagram } from "../index.ts";

export function upperSuite(name: string, makeTwoHosts: () => Promise<TwoHosts> | TwoHosts): void {
  protocolSuite(`upper on ${name}`, makeTwoHosts, start, scenarios);
}

const scenarios: readonly Scenario<TcpAndUdpService, UpperServerOptions>[] = [
  {
    title: "capitals of lines over TCP, IPv4 and IPv6, one connection for all",
    *run(hosts, server) {
      for (const address of Object.values(hosts.serverAddresses)) {
        const client = new UpperClient(hosts.client, address, server.tcp?.port ?? 0, LIMITS);
        for (const line of ["hello", "", "grüß Gott", "x".repeat(20_000)])
          assert.equal(yield* client.ask(line), line.toUpperCase());
        yield* client.finish();
      }
    },
  },
  {
    title: "capitals of datagrams over UDP, IPv4 and IPv6",
    *run(hosts, server) {
      for (const address of Object.values(hosts.serverAddresses)) {
        const to = { address, port: server.udp?.port ?? 0 };
        for (const line of ["hello", "", "grüß Gott", "x".repeat(20_000)])
          assert.equal(yield* upperDatagram(hosts.client, to, line, UDP), line.toUpperCase());
      }
    },
  },
  {
    title: "a client that sends no line end is answered, too",
    *run(hosts, server) {
      const connection = yield* hosts.client.connect(hosts.serverAddresses[4], server.tcp?.port ?? 0, LIMITS);
      yield* connection.write("hello", WAIT_MS);
      assert.deepEqual([...(yield* connection.readExactly(5, WAIT_MS))], [..."HELLO"].map(codeOf));
      yield* connection.finish(WAIT_MS);
    },
  },
  {
    title: "one client more than the limit is told so, and the others go on",
    options: { connectionsMax: 2 },
    *run(hosts, server) {
      const clients = [1, 2, 3].map(
        () => new UpperClient(hosts.client, hosts.serverAddresses[4], server.tcp?.port ?? 0, LIMITS),
      );
      for (const client of clients.slice(0, 2)) assert.equal(yield* client.ask("a"), "A");
      yield* mustFail("server-full", clients[2].ask("a"));
      assert.equal(yield* clients[0].ask("b"), "B");
      clients[2].close();
      for (const client of clients.slice(0, 2)) yield* client.finish();
    },
  },
  {
    title: "a client that says nothing for too long is disconnected",
    options: { idleMs: 30 },
    *run(hosts, server) {
      const connection = yield* hosts.client.connect(hosts.serverAddresses[4], server.tcp?.port ?? 0, LIMITS);
      yield* mustFail("reset", connection.read(1, WAIT_MS));
      connection.close();
    },
  },
  {
    title: "a server that serves one line per connection is connected to again",
    *run(hosts) {
      const listener = yield* hosts.server.listen({ port: 0 });
      const serving = hosts.server.spawn(
        "textbook",
        (function* () {
          for (let i = 0; i < 2; i++) {
            const connection = yield* listener.accept();
            const line = yield* connection.readLine({ max: 100, timeoutMs: WAIT_MS, bareLf: true });
            yield* connection.write(`${line?.toUpperCase()}\n`, WAIT_MS);
            connection.close();
          }
        })(),
      );
      const client = new UpperClient(hosts.client, hosts.serverAddresses[4], listener.local.port, LIMITS);
      assert.equal(yield* client.ask("one"), "ONE");
      yield* sleep(hosts.client.clock, 20);
      assert.equal(yield* client.ask("two"), "TWO");
      yield* client.finish();
      yield* serving.join();
      listener.close();
    },
  },
  {
    title: "servers that answer nothing, too much, or only half of it",
    *run(hosts) {
      const cases: [answer: string, code: string][] = [
        ["", "unexpected-end"],
        ["HAL", "unexpected-end"],
        ["X".repeat(200_000), "line-too-long"],
      ];
      for (const [answer, code] of cases) {
        const listener = yield* hosts.server.listen({ port: 0 });
        const serving = hosts.server.spawn(
          "hostile",
          (function* () {
            const connection = yield* listener.accept();
            yield* connection.readLine({ max: 100, timeoutMs: WAIT_MS, bareLf: true });
            yield* connection.write(answer, WAIT_MS);
            connection.close();
          })(),
        );
        serving.whenDone(() => {});
        const client = new UpperClient(hosts.client, hosts.serverAddresses[4], listener.local.port, LIMITS);
        yield* mustFail(code, client.ask("half"));
        client.close();
        listener.close();
      }
    },
  },
  {
    title: "a datagram that nobody answers is sent again, and then lost",
    *run(hosts) {
      const silent = yield* hosts.server.bind({ port: 0 });
      const to = { address: hosts.serverAddresses[4], port: silent.local.port };
      let timeouts = 0;
      const options = { timeoutMs: 20, triesMax: 3, onTimeout: () => timeouts++ };
      assert.equal(yield* upperDatagram(hosts.client, to, "x", options), undefined);
      assert.equal(timeouts, 3);
      let received = 0;
      while ((yield* silent.receive(20)) !== undefined) received++;
      assert.equal(received, 3);
      silent.close();
    },
  },
];

function* start(network: Network, options: UpperServerOptions = {}): Task<TcpAndUdpService> {
  return yield* startUpperServer(network, { port: 0, ...options });
}

function codeOf(character: string): number {
  return character.charCodeAt(0);
}

const LIMITS = { timeoutMs: WAIT_MS };
const UDP = { timeoutMs: WAIT_MS, triesMax: 1 };
