/**
 * What an echo must do on any network: one suite for the operating system's sockets (echo.test.ts) and for the
 * simulated network (test/scenarios/echo.test.ts).
 */

import assert from "node:assert/strict";
import {
  type Connection,
  type Network,
  sleep,
  type Task,
  type TcpAndUdpService,
} from "../../../net/index.ts";
import type { TwoHosts } from "../../../net/testing/network-suite.ts";
import { protocolSuite, type Scenario } from "../../../net/testing/protocol-suite.ts";
import { mustFail, WAIT_MS } from "../../../net/testing/suite-tools.ts";
import {
  type EchoServerOptions,
  echoBytes,
  echoDatagram,
  type ProbeOptions,
  type ProbeOutcome,
  probe,
  startEchoServer,
  UdpProbes,
} from "../index.ts";

export function echoSuite(name: string, makeTwoHosts: () => Promise<TwoHosts> | TwoHosts): void {
  protocolSuite(`echo on ${name}`, makeTwoHosts, start, scenarios);
}

const scenarios: readonly Scenario<TcpAndUdpService, EchoServerOptions>[] = [
  {
    title: "sends back what a TCP client sends, over IPv4 and IPv6",
    *run(hosts, server) {
      for (const address of Object.values(hosts.serverAddresses)) {
        const connection = yield* connectTo(hosts, server, address);
        yield* echoBytes(hosts.client, connection, bytesOf(1000), WAIT_MS);
        yield* connection.finish(WAIT_MS);
      }
    },
  },
  {
    title: "sends back more than all buffers hold",
    *run(hosts, server) {
      const connection = yield* connectTo(hosts, server);
      yield* echoBytes(hosts.client, connection, bytesOf(hosts.bulkBytes), WAIT_MS);
      yield* connection.finish(WAIT_MS);
    },
  },
  {
    title: "ends its direction after the client has ended its own, and not before everything is back",
    *run(hosts, server) {
      const connection = yield* connectTo(hosts, server);
      yield* connection.write(bytesOf(50_000), WAIT_MS);
      connection.end();
      assert.deepEqual(yield* connection.readExactly(50_000, WAIT_MS), bytesOf(50_000));
      assert.equal(yield* connection.read(1, WAIT_MS), null);
      connection.close();
    },
  },
  {
    title: "ends with a client that says nothing for too long",
    options: { idleMs: 30 },
    *run(hosts, server) {
      const connection = yield* connectTo(hosts, server);
      yield* mustFail("reset", connection.read(1, WAIT_MS));
      connection.close();
    },
  },
  {
    title: "ends with a client that sends and never reads",
    options: { idleMs: 50 },
    *run(hosts, server) {
      const connection = yield* connectTo(hosts, server);
      yield* mustFail("reset", connection.write(bytesOf(2 * hosts.bulkBytes), WAIT_MS));
      connection.close();
    },
  },
  {
    title: "serves no more TCP clients at once than it may",
    options: { connectionsMax: 2 },
    *run(hosts, server) {
      const connections: Connection[] = [];
      for (let i = 0; i < 2; i++) {
        const connection = yield* connectTo(hosts, server);
        yield* echoBytes(hosts.client, connection, bytesOf(10), WAIT_MS);
        connections.push(connection);
      }
      const oneMore = yield* connectTo(hosts, server);
      const refused = echoBytes(hosts.client, oneMore, bytesOf(10), WAIT_MS);
      yield* mustFail("server-full", refused);
      oneMore.close();
      yield* echoBytes(hosts.client, connections[0], bytesOf(10), WAIT_MS);
      for (const connection of connections) yield* connection.finish(WAIT_MS);
    },
  },
  {
    title: "sends back datagrams of any size, over IPv4 and IPv6",
    *run(hosts, server) {
      const socket = yield* hosts.client.bind({ port: 0 });
      for (const address of Object.values(hosts.serverAddresses)) {
        for (const size of [0, 1, 1472, 20_000]) {
          const to = { address, port: server.udp?.port ?? 0 };
          const roundTripNs = yield* echoDatagram(hosts.client, socket, to, bytesOf(size), WAIT_MS);
          assert.ok(roundTripNs !== undefined && roundTripNs > 0, `${size} octets to ${address}`);
        }
      }
      socket.close();
    },
  },
  {
    title: "numbered probes come back, each with its round-trip time",
    *run(hosts, server) {
      const outcomes = yield* probeAll(hosts, server.udp?.port ?? 0, { ...PROBES, count: 5 });
      assert.deepEqual(
        outcomes.map(({ kind, sequence }) => [kind, sequence]),
        [1, 2, 3, 4, 5].map((sequence) => ["answered", sequence]),
      );
      assert.ok(outcomes.every(({ roundTripNs }) => roundTripNs !== undefined && roundTripNs > 0));
    },
  },
  {
    title: "probes that nobody answers are lost, each of them and none twice",
    *run(hosts) {
      const silent = yield* hosts.server.bind({ port: 0 });
      const outcomes = yield* probeAll(hosts, silent.local.port, { ...PROBES, count: 3, timeoutMs: 20 });
      assert.deepEqual(
        outcomes.map(({ kind, sequence }) => [kind, sequence]),
        [1, 2, 3].map((sequence) => ["lost", sequence]),
      );
      silent.close();
    },
  },
  {
    title: "a port where nobody listens refuses: each probe, and a datagram at once",
    *run(hosts) {
      for (const address of Object.values(hosts.serverAddresses)) {
        const gone = yield* hosts.server.bind({ port: 0 });
        gone.close();
        const to = { address, port: gone.local.port };
        const outcomes = yield* probeAll(hosts, to.port, { ...PROBES, count: 3 }, address);
        assert.deepEqual(
          outcomes.map(({ kind, sequence }) => `${sequence} ${kind}`),
          ["1 refused", "2 refused", "3 refused"],
        );
        const socket = yield* hosts.client.bind({ port: 0, peer: to });
        yield* mustFail("refused", echoDatagram(hosts.client, socket, to, bytesOf(3), WAIT_MS));
        socket.close();
      }
    },
  },
  {
    title: "a probe that comes back twice is a duplicate, one that comes too late is late",
    *run(hosts) {
      const server = yield* hosts.server.bind({ port: 0 });
      const answering = hosts.server.spawn(
        "twice and late",
        (function* () {
          const first = yield* server.receive(WAIT_MS);
          const second = yield* server.receive(WAIT_MS);
          if (first === undefined || second === undefined) return;
          server.send(second.bytes, second.from);
          server.send(second.bytes, second.from);
          // In the middle between the time limits of the first and the third: a busy machine may be a while late.
          yield* sleep(hosts.server.clock, 400);
          server.send(first.bytes, first.from);
        })(),
      );
      const options = { size: 64, count: 3, intervalMs: 300, timeoutMs: 400 };
      const outcomes = yield* probeAll(hosts, server.local.port, options);
      assert.deepEqual(
        outcomes.map(({ kind, sequence }) => `${sequence} ${kind}`),
        ["2 answered", "2 duplicate", "1 lost", "1 late", "3 lost"],
      );
      yield* answering.join();
      server.close();
    },
  },
];

function* start(network: Network, options: EchoServerOptions = {}): Task<TcpAndUdpService> {
  return yield* startEchoServer(network, { port: 0, ...options });
}

function* connectTo(
  hosts: TwoHosts,
  server: TcpAndUdpService,
  address = hosts.serverAddresses[4],
): Task<Connection> {
  return yield* hosts.client.connect(address, server.tcp?.port ?? 0, { timeoutMs: WAIT_MS });
}

function* probeAll(
  hosts: TwoHosts,
  port: number,
  { size, ...options }: ProbeOptions & { size: number },
  address = hosts.serverAddresses[4],
): Task<ProbeOutcome[]> {
  const outcomes: ProbeOutcome[] = [];
  const to = { address, port };
  const socket = yield* hosts.client.bind({ port: 0, peer: to });
  const path = new UdpProbes(hosts.client, socket, to, size);
  yield* probe(hosts.client.clock, path, options, (outcome) => outcomes.push(outcome));
  path.close();
  return outcomes;
}

function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 31 + (i >> 8);
  return bytes;
}

const PROBES = { size: 64, intervalMs: 2, timeoutMs: WAIT_MS };
