/**
 * What holds for every one of the four small servers (upper, echo, fetch, meter), on OS sockets and on simulated hosts:
 * many clients up to a limit, a clear refusal over it, an end of those who say nothing, a clean shutdown.
 */

import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Connection, Network, Task, TcpAndUdpService } from "../../src/net/index.ts";
import type { TwoHosts } from "../../src/net/testing/network-suite.ts";
import { testOnHosts } from "../../src/net/testing/protocol-suite.ts";
import { mustFail } from "../../src/net/testing/suite-tools.ts";
import { osHosts } from "../../src/os/testing/os-hosts.ts";
import { startEchoServer } from "../../src/protocols/echo/index.ts";
import { COOKIE_SIZE, emitDatagram } from "../../src/protocols/fetch/datagram.ts";
import { MemoryFileStore, startFetchServer } from "../../src/protocols/fetch/index.ts";
import { startMeterServer } from "../../src/protocols/meter/index.ts";
import { ROUND_TRIPS_HELLO } from "../../src/protocols/meter/wire.ts";
import { startUpperServer } from "../../src/protocols/upper/index.ts";
import { twoHosts } from "./two-hosts.ts";

interface Options {
  readonly port: number;
  readonly connectionsMax?: number;
  readonly idleMs?: number;
}

interface Kind {
  readonly name: string;
  start(network: Network, options: Options): Task<TcpAndUdpService>;
  /** What a client says first, and what it hears then. */
  readonly said: string;
  readonly heard: string;
  /** What one client too many hears, whatever it says. */
  readonly refusal: RegExp;
  /** A datagram that is answered, whatever the answer is. */
  readonly datagram: Uint8Array;
}

const FILES = new MemoryFileStore(new Map([["poem", Buffer.from("a rose is\n")]]));
const ROUND_TRIPS = Buffer.from(ROUND_TRIPS_HELLO).toString("latin1");

const kinds: readonly Kind[] = [
  {
    name: "upper",
    start: startUpperServer,
    said: "hello\n",
    heard: "HELLO\n",
    refusal: /^503 server full: 2 clients are served already, try again later\n$/,
    datagram: Buffer.from("hello"),
  },
  {
    name: "echo",
    start: startEchoServer,
    said: "hello\n",
    heard: "hello\n",
    refusal: /^503 server full: 2 clients are served already, try again later\n$/,
    datagram: Buffer.from("hello"),
  },
  {
    name: "fetch",
    start: (network, options) => startFetchServer(network, { ...options, files: FILES }),
    said: "poem\n",
    heard: "a\n",
    refusal: /^503 server full: 2 clients are served already, try again later\n$/,
    datagram: emitDatagram({
      type: "request",
      identifier: 9,
      rate: 0,
      cookie: new Uint8Array(COOKIE_SIZE),
      name: "poem",
    }),
  },
  {
    name: "meter",
    start: (network, { idleMs, ...options }) =>
      startMeterServer(network, { ...options, ...(idleMs === undefined ? {} : { answerMs: idleMs }) }),
    said: ROUND_TRIPS,
    heard: ROUND_TRIPS,
    // ACCESS_DENIED, which iperf3 shows as "the server is busy".
    refusal: /^\u00ff$/,
    datagram: ROUND_TRIPS_HELLO,
  },
];

const networks: readonly [string, () => TwoHosts][] = [
  ["the operating system", () => osHosts()],
  ["the operating system with fast UDP", () => osHosts({ fastUdp: "auto" })],
  ["two simulated hosts", () => twoHosts()],
];

for (const [networkName, makeHosts] of networks) {
  describe(`every server on ${networkName}`, () => {
    for (const kind of kinds) {
      const scenario = (title: string, run: (hosts: TwoHosts) => Task): void =>
        testOnHosts(`${kind.name}: ${title}`, makeHosts, run);
      scenario(
        "up to the limit all are served, one more is told why not, and who leaves makes room",
        (hosts) => limit(hosts, kind),
      );
      scenario("a client that says nothing is let go", (hosts) => silence(hosts, kind));
      scenario("stopping lets a client end, ends who stays, and frees the port", (hosts) =>
        shutdown(hosts, kind),
      );
      scenario("where its UDP port is taken nothing of it is left", (hosts) => halfTaken(hosts, kind));
    }
  });
}

function* limit(hosts: TwoHosts, kind: Kind): Task {
  const server = yield* kind.start(hosts.server, { port: 0, connectionsMax: 2 });
  const first = yield* open(hosts, server);
  const second = yield* open(hosts, server);
  for (const connection of [first, second]) assert.equal(yield* talk(connection, kind), kind.heard);
  const third = yield* open(hosts, server);
  assert.match(yield* allOf(third), kind.refusal);
  third.close();
  yield* first.finish(WAIT_MS);
  const fourth = yield* open(hosts, server);
  assert.equal(yield* talk(fourth, kind), kind.heard);
  for (const connection of [second, fourth]) yield* connection.finish(WAIT_MS);
  yield* server.stop(WAIT_MS);
}

function* silence(hosts: TwoHosts, kind: Kind): Task {
  const server = yield* kind.start(hosts.server, { port: 0, idleMs: 30 });
  const connection = yield* open(hosts, server);
  yield* mustFail("reset", connection.read(1, WAIT_MS));
  connection.close();
  yield* server.stop(WAIT_MS);
}

function* shutdown(hosts: TwoHosts, kind: Kind): Task {
  const server = yield* kind.start(hosts.server, { port: 0 });
  const { port } = server.tcp ?? assert.fail();
  assert.equal(yield* answers(hosts, kind, port), "an answer");
  const polite = yield* open(hosts, server);
  const lasting = yield* open(hosts, server);
  for (const connection of [polite, lasting]) assert.equal(yield* talk(connection, kind), kind.heard);
  const stopping = hosts.server.spawn("stop", server.stop(GRACE_MS));
  yield* polite.finish(WAIT_MS);
  yield* mustFail("reset", lasting.read(1, WAIT_MS));
  lasting.close();
  yield* stopping.join();
  const again = hosts.client.connect(hosts.serverAddresses[4], port, { timeoutMs: WAIT_MS });
  yield* mustFail("refused", again);
  yield* mustFail("refused", answers(hosts, kind, port));
  const next = yield* kind.start(hosts.server, { port });
  assert.equal(yield* answers(hosts, kind, port), "an answer");
  yield* next.stop(0);
}

function* halfTaken(hosts: TwoHosts, kind: Kind): Task {
  const taken = yield* hosts.server.bind({ port: 0 });
  const { port } = taken.local;
  yield* mustFail("address-in-use", kind.start(hosts.server, { port }));
  const refused = hosts.client.connect(hosts.serverAddresses[4], port, { timeoutMs: WAIT_MS });
  yield* mustFail("refused", refused);
  taken.close();
}

function* open(hosts: TwoHosts, server: TcpAndUdpService): Task<Connection> {
  const port = server.tcp?.port ?? 0;
  return yield* hosts.client.connect(hosts.serverAddresses[4], port, { timeoutMs: WAIT_MS });
}

function* talk(connection: Connection, { said, heard }: Kind): Task<string> {
  yield* connection.write(Buffer.from(said, "latin1"), WAIT_MS);
  return Buffer.from(yield* connection.readExactly(heard.length, WAIT_MS)).toString("latin1");
}

function* allOf(connection: Connection): Task<string> {
  let text = "";
  for (;;) {
    const part = yield* connection.read(1000, WAIT_MS);
    if (part === null) return text;
    text += Buffer.from(part).toString("latin1");
  }
}

/** Over UDP. Throws as `receive` does. */
function* answers(hosts: TwoHosts, { datagram }: Kind, port: number): Task<string> {
  const peer = { address: hosts.serverAddresses[4], port };
  const socket = yield* hosts.client.bind({ port: 0, peer });
  try {
    socket.send(datagram, peer);
    return (yield* socket.receive(WAIT_MS)) === undefined ? "nothing" : "an answer";
  } finally {
    socket.close();
  }
}

const WAIT_MS = 10_000;
/** Enough for a client that ends at once. */
const GRACE_MS = 100;
