/**
 * What fetching must do on any network: one suite for the operating system's sockets (fetch.test.ts) and for the
 * simulated network (test/scenarios/fetch.test.ts).
 */

import assert from "node:assert/strict";
import { encodeHex, encodeUtf8, sha256 } from "../../../bytes/index.ts";
import { type Connection, type Network, serve, type Task } from "../../../net/index.ts";
import type { TwoHosts } from "../../../net/testing/network-suite.ts";
import { protocolSuite, type Scenario } from "../../../net/testing/protocol-suite.ts";
import { mustFail, WAIT_MS } from "../../../net/testing/suite-tools.ts";
import {
  type FetchServer,
  type FetchSource,
  type FileSink,
  fetchDatagrams,
  fetchStream,
  fetchWords,
  generatedText,
  MemoryFileStore,
  startFetchServer,
} from "../index.ts";

export function fetchSuite(name: string, makeTwoHosts: () => Promise<TwoHosts> | TwoHosts): void {
  protocolSuite(`fetch on ${name}`, makeTwoHosts, start, scenarios);
}

/** A file in the making, in memory. */
export class TestSink implements FileSink {
  restarts = 0;
  #bytes: number[] = [];

  write(bytes: Uint8Array): void {
    for (const octet of bytes) this.#bytes.push(octet);
  }

  restart(): void {
    this.restarts++;
    this.#bytes = [];
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

function* sendBack(connection: Connection): Task {
  for (;;) {
    const octets = yield* connection.read(1000, WAIT_MS);
    if (octets === null) return;
    yield* connection.write(octets, WAIT_MS);
  }
}

const scenarios: readonly Scenario<FetchServer>[] = [
  {
    title: "the dialogue of the words, octet for octet",
    *run(hosts, server) {
      const connection = yield* connectTo(hosts, server);
      for (const [request, answer] of [
        ["poem.txt\n", "a\n"],
        ["WORD_1\n", "rose\n"],
        ["WORD_2\r\n", "\\EOF\n"],
        ["WORD_3\n", "is.\n"],
        ["WORD_4\n", "EOF\n"],
      ]) {
        yield* connection.write(request, WAIT_MS);
        assert.equal(String.fromCharCode(...(yield* connection.readExactly(answer.length, WAIT_MS))), answer);
      }
      assert.equal(yield* connection.read(1, WAIT_MS), null);
      connection.close();
    },
  },
  {
    title: "a file that is missing, a forbidden name, a request for another word: one line, then the end",
    *run(hosts, server) {
      for (const [request, answer] of [
        ["nope\n", "404 file not found\n"],
        ["../poem.txt\n", "404 file not found\n"],
        ["/etc/passwd\n", "400 a name or /stream OFFSET VERSION NAME\n"],
        ["/stream 0 - nope\n", "404 file not found\n"],
        ["poem.txt\nWORD_2\n", "a\n400 WORD_1 was expected\n"],
        ["empty\n", "EOF\n"],
        ["long\n", "413 word too long: this file is no text\n"],
      ]) {
        const connection = yield* connectTo(hosts, server);
        yield* connection.write(request, WAIT_MS);
        assert.equal(yield* readAll(connection), answer);
        connection.close();
      }
    },
  },
  {
    title: "words come in the order of the file, over IPv4 and IPv6",
    *run(hosts, server) {
      const expected = new TextDecoder().decode(generatedText(3000)).trim().split(/\s+/);
      for (const address of Object.values(hosts.serverAddresses)) {
        const sink = new TestSink();
        const count = yield* fetchWords(hosts.client, source(hosts, server, "text", address), sink, LIMITS);
        assert.equal(count, expected.length);
        assert.deepEqual(new TextDecoder().decode(sink.bytes).trimEnd().split("\n"), expected);
      }
    },
  },
  {
    title: "a server that only sends back what it is asked is no file server",
    *run(hosts) {
      const echo = yield* serve(hosts.server, { name: "echo", port: 0, connectionsMax: 1 }, sendBack);
      const from = { host: hosts.serverAddresses[4], port: echo.local.port, name: "poem.txt" };
      yield* mustFail("bad-answer", fetchWords(hosts.client, from, new TestSink(), LIMITS));
      yield* echo.stop(0);
    },
  },
  {
    title: "a stream brings every octet, and its checksum",
    *run(hosts, server) {
      for (const [name, bytes] of FILES) {
        const sink = new TestSink();
        const seen: number[] = [];
        const result = yield* fetchStream(hosts.client, source(hosts, server, name), sink, {
          ...LIMITS,
          onProgress: ({ done }) => seen.push(done),
        });
        assert.deepEqual(Buffer.compare(sink.bytes, bytes), 0, name);
        assert.deepEqual(result, { size: bytes.length, sha256: encodeHex(sha256(bytes)), resumptions: 0 });
        assert.equal(seen.at(-1), bytes.length);
      }
    },
  },
  {
    title: "datagrams bring every octet where none is lost",
    *run(hosts, server) {
      for (const name of ["poem.txt", "empty", "text"]) {
        const to = { address: hosts.serverAddresses[4], port: server.udp.port };
        const result = yield* fetchDatagrams(hosts.client, to, name, { ...LIMITS, rate: 10_000_000 });
        assert.equal(Buffer.compare(result.bytes, FILES.get(name) ?? new Uint8Array(1)), 0, name);
        assert.deepEqual([result.lost, result.lostParts], [[], 0]);
      }
      const to = { address: hosts.serverAddresses[4], port: server.udp.port };
      yield* mustFail("file-not-found", fetchDatagrams(hosts.client, to, "../poem.txt", LIMITS));
      const gone = yield* hosts.server.bind({ port: 0 });
      gone.close();
      const closed = { ...to, port: gone.local.port };
      yield* mustFail("refused", fetchDatagrams(hosts.client, closed, "poem.txt", LIMITS));
    },
  },
  {
    title: "a connection that breaks is opened again, at any offset, and the file is whole",
    *run(hosts, server) {
      const size = FILES.get("text")?.length ?? 0;
      for (const offset of [0, 1, 63, 64, 65, 1499, size - 1, size]) {
        const port = yield* breakingRelay(hosts, server, offset);
        const sink = new TestSink();
        const from = { host: hosts.serverAddresses[4], port: port.number, name: "text" };
        const result = yield* fetchStream(hosts.client, from, sink, LIMITS);
        assert.equal(result.resumptions, 1, `broken at ${offset}`);
        assert.equal(Buffer.compare(sink.bytes, FILES.get("text") ?? sink.bytes), 0, `broken at ${offset}`);
        assert.equal(sink.restarts, 0);
        port.close();
      }
    },
  },
];

/** Passes the server's octets on; the first connection is cut after its header and `offset` octets of the file. */
function* breakingRelay(
  hosts: TwoHosts,
  server: FetchServer,
  offset: number,
): Task<{ number: number; close(): void }> {
  const listener = yield* hosts.server.listen({ port: 0 });
  const network = hosts.server;
  const handle = network.spawn(
    "relay",
    (function* () {
      for (let connections = 0; connections < 2; connections++) {
        const near = yield* listener.accept();
        const far = yield* network.connect(hosts.serverAddresses[4], server.tcp.port, LIMITS);
        const request = yield* near.readLine({ max: 1000, timeoutMs: WAIT_MS, bareLf: true });
        yield* far.write(`${request}\n`, WAIT_MS);
        const header = yield* far.readLine({ max: 1000, timeoutMs: WAIT_MS, bareLf: true });
        yield* near.write(`${header}\n`, WAIT_MS);
        if (connections === 0) yield* near.write(yield* far.readExactly(offset, WAIT_MS), WAIT_MS);
        else yield* pass(far, near);
        // The first one ends as if all were said; the last one has said all.
        near.close();
        far.abort();
      }
    })(),
  );
  handle.whenDone(() => {});
  return {
    number: listener.local.port,
    close() {
      handle.cancel();
      listener.close();
    },
  };
}

function* pass(from: Connection, to: Connection): Task {
  for (let part = yield* from.read(1000, WAIT_MS); part !== null; part = yield* from.read(1000, WAIT_MS))
    yield* to.write(part, WAIT_MS);
}

function* start(network: Network): Task<FetchServer> {
  return yield* startFetchServer(network, { port: 0, files: new MemoryFileStore(FILES) });
}

function source(
  hosts: TwoHosts,
  server: FetchServer,
  name: string,
  host = hosts.serverAddresses[4],
): FetchSource {
  return { host, port: server.tcp.port, name };
}

function* connectTo(hosts: TwoHosts, server: FetchServer): Task<Connection> {
  const network: Network = hosts.client;
  return yield* network.connect(hosts.serverAddresses[4], server.tcp.port, LIMITS);
}

function* readAll(connection: Connection): Task<string> {
  let text = "";
  for (let part = yield* connection.read(1000, WAIT_MS); part !== null; ) {
    text += String.fromCharCode(...part);
    part = yield* connection.read(1000, WAIT_MS);
  }
  return text;
}

const FILES: ReadonlyMap<string, Uint8Array> = new Map([
  ["poem.txt", encodeUtf8("  a\trose\r\nEOF\n is. \n")],
  ["empty", new Uint8Array(0)],
  ["text", generatedText(3000)],
  ["long", new Uint8Array(70_000).fill(97)],
  ["sub/any octets", Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) ^ (i >> 8))],
]);
const LIMITS = { timeoutMs: WAIT_MS };
