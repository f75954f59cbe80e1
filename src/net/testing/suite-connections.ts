/** The network suite: what a TCP connection does once it is open. */

import assert from "node:assert/strict";
import { type Connection, type Network, NetworkError, sleep, type Task } from "../index.ts";
import type { SuiteTest, TwoHosts } from "./network-suite.ts";
import { CONNECT, closeLink, failsWith, openLink, pattern, readAll, WAIT_MS } from "./suite-tools.ts";

export const connectionTests: readonly SuiteTest[] = [
  {
    title: "both ends agree on who is who",
    *run(hosts) {
      const link = yield* openLink(hosts);
      assert.deepEqual(link.client.remote, {
        address: hosts.serverAddresses[4],
        port: link.listener.local.port,
      });
      assert.deepEqual(link.server.remote, link.client.local);
      assert.deepEqual(link.server.local, link.client.remote);
      closeLink(link);
    },
  },
  {
    title: "carries lines both ways",
    *run(hosts) {
      const link = yield* openLink(hosts);
      const lines = { max: 100, timeoutMs: WAIT_MS };
      yield* link.client.write("HELO crepes.fr\r\nMAIL", WAIT_MS);
      assert.equal(yield* link.server.readLine(lines), "HELO crepes.fr");
      yield* link.server.write("250 Hello crepes.fr\r\n", WAIT_MS);
      assert.equal(yield* link.client.readLine(lines), "250 Hello crepes.fr");
      yield* link.client.write(" FROM:<>\r\n", WAIT_MS);
      assert.equal(yield* link.server.readLine(lines), "MAIL FROM:<>");
      link.client.end();
      assert.equal(yield* link.server.readLine(lines), null);
      closeLink(link);
    },
  },
  {
    title: "carries a megabyte each way at the same time, unchanged",
    *run(hosts) {
      const link = yield* openLink(hosts);
      const [there, back] = [pattern(1 << 20, 1), pattern(1 << 20, 2)];
      const writers = [writeAndEnd(link.client, there), writeAndEnd(link.server, back)].map((task, i) =>
        hosts.client.spawn(`writer ${i}`, task),
      );
      const reading = hosts.server.spawn("reader", readAll(link.server));
      assert.ok(Buffer.from(back).equals(yield* readAll(link.client)));
      assert.ok(Buffer.from(there).equals(yield* reading.join()));
      for (const writer of writers) yield* writer.join();
      closeLink(link);
    },
  },
  {
    title: "a write larger than any buffer of ours, which the kernel takes at once, ends",
    *run(hosts) {
      const link = yield* openLink(hosts);
      // Everything fits into what the network buffers, but not into what is handed over in one go.
      const bytes = pattern(300 * 1024);
      const reading = hosts.server.spawn("reader", link.server.readExactly(bytes.length, WAIT_MS));
      yield* link.client.write(bytes, WAIT_MS);
      assert.ok(Buffer.from(bytes).equals(yield* reading.join()));
      closeLink(link);
    },
  },
  { title: "a slow reader makes the writer wait, and loses nothing", run: slowReader },
  {
    title: "small pieces of one turn arrive in their order, however many",
    *run(hosts) {
      const link = yield* openLink(hosts);
      const bytes = pattern(3000);
      const closing = hosts.client.spawn("writer", writePieces(link.client, bytes));
      assert.ok(Buffer.from(bytes).equals(yield* readAll(link.server)));
      yield* closing.join();
      closeLink(link);
    },
  },
  {
    title: "who skips hears of every octet that was not read, of the time limit, and of the end",
    *run(hosts) {
      const link = yield* openLink(hosts);
      const total = 1_000_000;
      const writing = hosts.client.spawn("writer", link.client.write(new Uint8Array(total), WAIT_MS));
      let count = (yield* link.server.readExactly(10, WAIT_MS)).length;
      while (count < total) count += (yield* link.server.skip(WAIT_MS)) ?? Number.NaN;
      assert.equal(count, total);
      yield* writing.join();
      yield* failsWith("timed-out", link.server.skip(20));
      yield* link.client.write("more", WAIT_MS);
      link.client.end();
      while (count < total + 4) count += (yield* link.server.skip(WAIT_MS)) ?? Number.NaN;
      assert.equal(count, total + 4);
      for (let twice = 0; twice < 2; twice++) assert.equal(yield* link.server.skip(WAIT_MS), null);
      closeLink(link);
    },
  },
  { title: "a slow skipper makes the writer wait", run: slowSkipper },
  {
    title: "a write that finds no room ends at its time limit",
    *run(hosts) {
      const link = yield* openLink(hosts);
      const error = yield* failsWith("timed-out", link.client.write(new Uint8Array(hosts.bulkBytes), 50));
      assert.match(error.message, /50 ms/);
      link.client.abort();
      closeLink(link);
    },
  },
  {
    title: "a read that gets nothing ends at its time limit, and the connection lives on",
    *run(hosts) {
      const link = yield* openLink(hosts);
      const beganNs = hosts.client.clock.nowNs();
      yield* failsWith("timed-out", link.client.read(1, 20));
      assert.ok(hosts.client.clock.nowNs() - beganNs >= 20e6, "not before its time");
      yield* link.server.write("late", WAIT_MS);
      assert.equal((yield* link.client.readExactly(4, WAIT_MS)).length, 4);
      closeLink(link);
    },
  },
  {
    title: "after the client has ended its direction the server still sends",
    *run(hosts) {
      const link = yield* openLink(hosts);
      yield* halfClose(link.client, link.server);
      closeLink(link);
    },
  },
  {
    title: "after the server has ended its direction the client still sends",
    *run(hosts) {
      const link = yield* openLink(hosts);
      yield* halfClose(link.server, link.client);
      closeLink(link);
    },
  },
  {
    title: "nothing can be written after the own end",
    *run(hosts) {
      const link = yield* openLink(hosts);
      link.client.end();
      yield* failsWith("closed", link.client.write("more", WAIT_MS));
      closeLink(link);
    },
  },
  {
    title: "an abort is a reset to the peer, whether it reads or writes",
    *run(hosts) {
      const reading = yield* openLink(hosts);
      reading.client.abort();
      yield* failsWith("reset", reading.server.read(1, WAIT_MS));
      closeLink(reading);
      const writing = yield* openLink(hosts);
      writing.server.abort();
      yield* failsWith("reset", writeForEver(writing.client));
      closeLink(writing);
    },
  },
  {
    title: "what was written before the close arrives, all of it",
    *run(hosts) {
      const link = yield* openLink(hosts);
      const bytes = pattern(200_000);
      const closing = hosts.server.spawn("writer", writeAndClose(link.server, bytes));
      assert.ok(Buffer.from(bytes).equals(yield* readAll(link.client)));
      yield* closing.join();
      closeLink(link);
    },
  },
  {
    title: "what was written before the close arrives even if the closing side left octets unread",
    *run(hosts) {
      const link = yield* openLink(hosts);
      yield* link.client.write(new Uint8Array(1000), WAIT_MS);
      yield* link.server.readExactly(10, WAIT_MS);
      yield* link.server.write("bye", WAIT_MS);
      link.server.close();
      yield* sleep(hosts.client.clock, 5);
      assert.equal((yield* link.client.readExactly(3, WAIT_MS)).length, 3);
      closeLink(link);
    },
  },
  {
    title: "who goes on sending to a closed end is reset",
    *run(hosts) {
      const link = yield* openLink(hosts);
      link.server.close();
      yield* failsWith("reset", writeForEver(link.client));
      closeLink(link);
    },
  },
  {
    title: "a closed connection can neither be read nor written",
    *run(hosts) {
      const link = yield* openLink(hosts);
      link.client.close();
      yield* failsWith("closed", link.client.write("x", WAIT_MS));
      yield* failsWith("closed", link.client.read(1, WAIT_MS));
      // Twice is no mistake.
      link.client.close();
      link.client.abort();
      closeLink(link);
    },
  },
  {
    title: "a hundred connections at once, each with its own octets",
    *run(hosts) {
      const listener = yield* hosts.server.listen({ port: 0 });
      const accepting = hosts.server.spawn("accept", acceptEchoes(hosts.server, listener));
      const clients = Array.from({ length: 100 }, (_, i) =>
        hosts.client.spawn(`client ${i}`, echoOnce(hosts, listener.local.port, pattern(5000, i))),
      );
      for (const client of clients) yield* client.join();
      accepting.cancel();
      listener.close();
    },
  },
  {
    title: "a cancelled read leaves nothing behind, and the octets for the next one",
    *run(hosts) {
      const link = yield* openLink(hosts);
      const reading = hosts.client.spawn("reader", link.client.read(100, WAIT_MS));
      yield* sleep(hosts.client.clock, 1);
      reading.cancel();
      yield* link.server.write("kept", WAIT_MS);
      assert.equal((yield* link.client.readExactly(4, WAIT_MS)).length, 4);
      closeLink(link);
    },
  },
];

function* slowReader(hosts: TwoHosts): Task {
  const link = yield* openLink(hosts);
  const piece = pattern(64 * 1024);
  const pieces = Math.ceil(hosts.bulkBytes / piece.length);
  let written = 0;
  const writing = hosts.client.spawn(
    "writer",
    (function* () {
      for (; written < pieces; written++) yield* link.client.write(piece, WAIT_MS);
      link.client.end();
    })(),
  );
  for (let before = -1; before !== written; ) {
    before = written;
    yield* sleep(hosts.client.clock, STALLED_MS);
  }
  assert.ok(written < pieces, "the writer should wait for a reader who does not read");
  let received = 0;
  for (;;) {
    const part = yield* link.server.read(50_000, WAIT_MS);
    if (part === null) break;
    for (let i = 0; i < part.length; i += 997) assert.equal(part[i], piece[(received + i) % piece.length]);
    received += part.length;
  }
  assert.equal(received, pieces * piece.length);
  yield* writing.join();
  closeLink(link);
}

function* slowSkipper(hosts: TwoHosts): Task {
  const link = yield* openLink(hosts);
  const writing = hosts.client.spawn("writer", writeAndEnd(link.client, new Uint8Array(hosts.bulkBytes)));
  yield* link.server.skip(WAIT_MS);
  // Until the network's own buffers are full, which takes a busy machine a while.
  for (let waitedMs = 0; link.client.unsentBytes === 0 && waitedMs < WAIT_MS; waitedMs += STALLED_MS)
    yield* sleep(hosts.client.clock, STALLED_MS);
  yield* sleep(hosts.client.clock, STALLED_MS);
  assert.ok(link.client.unsentBytes > 0, "the writer should wait for who does not skip");
  while ((yield* link.server.skip(WAIT_MS)) !== null);
  yield* writing.join();
  closeLink(link);
}

function* halfClose(first: Connection, second: Connection): Task {
  yield* first.write("question", WAIT_MS);
  first.end();
  assert.equal((yield* readAll(second)).length, 8);
  yield* second.write(pattern(100_000), WAIT_MS);
  second.end();
  assert.equal((yield* readAll(first)).length, 100_000);
}

function* writeAndEnd(connection: Connection, bytes: Uint8Array): Task {
  yield* connection.write(bytes, WAIT_MS);
  connection.end();
}

function* writeAndClose(connection: Connection, bytes: Uint8Array): Task {
  yield* connection.write(bytes, WAIT_MS);
  connection.close();
}

function* writePieces(connection: Connection, bytes: Uint8Array): Task {
  for (let at = 0; at < bytes.length; at++) yield* connection.write(bytes.subarray(at, at + 1), WAIT_MS);
  connection.close();
}

function* writeForEver(connection: Connection): Task {
  for (;;) yield* connection.write(new Uint8Array(10_000), WAIT_MS);
}

function* acceptEchoes(network: Network, listener: { accept(): Task<Connection> }): Task {
  for (;;) {
    const connection = yield* listener.accept();
    network.spawn("echo", echoAll(connection));
  }
}

function* echoAll(connection: Connection): Task {
  try {
    for (;;) {
      const bytes = yield* connection.read(64 * 1024, WAIT_MS);
      if (bytes === null) return;
      yield* connection.write(bytes, WAIT_MS);
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  } finally {
    connection.close();
  }
}

function* echoOnce(hosts: TwoHosts, port: number, bytes: Uint8Array): Task {
  const connection = yield* hosts.client.connect(hosts.serverAddresses[6], port, CONNECT);
  yield* connection.write(bytes, WAIT_MS);
  connection.end();
  assert.ok(Buffer.from(bytes).equals(yield* readAll(connection)));
  connection.close();
}

/** A writer that gets no further for this long waits for its reader. */
const STALLED_MS = 50;
