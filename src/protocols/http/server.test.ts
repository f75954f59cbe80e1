/** The server against written dialogues, against every way to smuggle that we know, and against anything at all. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { HamletError, type Network, type Task, toByteString } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { playTranscript } from "../../net/testing/transcript.ts";
import { HttpClient, serveHttp } from "./index.ts";
import { testSite } from "./testing/site.ts";

const folder = new URL("transcripts/", import.meta.url);

for (const file of readdirSync(folder).sort()) {
  test(`dialogue ${file}`, () => {
    playTranscript(
      new URL(file, folder),
      (world) => (connection) =>
        serveHttp(networkOf(world), connection, { handler: testSite, contentMax: 1000 }),
    );
  });
}

/** What comes after "GET / HTTP/1.1 CRLF Host: a CRLF", and the status that it must have. */
const FIELDS: readonly [string, number][] = [
  ["\r\n", 404],
  ["X: \xe4\tb\r\n\r\n", 404],
  ["Host: a\r\n\r\n", 400],
  ["Host: b\r\n\r\n", 400],
  ["X : b\r\n\r\n", 400],
  ["X\r\n\r\n", 400],
  [": b\r\n\r\n", 400],
  ["X: a\r\n b\r\n\r\n", 400],
  [" X: a\r\n\r\n", 400],
  ["X: a\rb\r\n\r\n", 400],
  ["X: a\0\r\n\r\n", 400],
  ["X: a\n\r\n", 400],
  ["X: a\r\n\n", 400],
  ["X(: a\r\n\r\n", 400],
  ["Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400],
  ["Content-Length: 1\r\nContent-Length: 2\r\n\r\na", 400],
  ["Content-Length: 1, 1\r\n\r\na", 400],
  ["Content-Length: +1\r\n\r\na", 400],
  ["Content-Length: -1\r\n\r\na", 400],
  ["Content-Length: 0x1\r\n\r\na", 400],
  ["Content-Length: 1 1\r\n\r\na", 400],
  ["Content-Length:\r\n\r\na", 400],
  ["Content-Length: 99999999999999999999\r\n\r\na", 400],
  ["Content-Length: 1001\r\n\r\na", 413],
  ["Content-Length: 1\r\n\r\na", 404],
  ["Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400],
  ["Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding: identity\r\n\r\n", 400],
  ["Transfer-Encoding: \r\n\r\n", 400],
  ["Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n", 400],
  ['Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n', 400],
  ["Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501],
  ["Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n", 404],
  ["Transfer-Encoding: chunked\r\n\r\n0 \r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n1;a\rb\r\na\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n100000000\r\na\r\n0\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n3e9\r\na", 413],
  ["Transfer-Encoding: chunked\r\n\r\n0\r\nX : a\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n1;ext=1\r\na\r\n0\r\nX: a\r\n\r\n", 404],
  ["Expect: 200-ok\r\n\r\n", 417],
  [`X: ${"a".repeat(40_000)}\r\n\r\n`, 431],
  [`${"X: a\r\n".repeat(101)}\r\n`, 431],
];

/** Whole requests, and the status that they must have. */
const REQUESTS: readonly [string, number][] = [
  ["GET /hello HTTP/1.1\r\nhost:a\r\n\r\n", 200],
  ["GET http://b/hello HTTP/1.1\r\nHost: a\r\n\r\n", 200],
  ["GET /hello HTTP/1.9\r\nHost: a\r\n\r\n", 200],
  ["GET /hello HTTP/1.0\r\n\r\n", 200],
  ["GET /hello HTTP/1.1\r\n\r\n", 400],
  ["GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", 400],
  ["GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", 400],
  ["GET /hello HTTP/1.1\r\nHost: u@a\r\n\r\n", 400],
  ["OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 404],
  ["GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["GET hello HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["GET /hello#a HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["GET /hello\r\n", 400],
  ["GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["GET /hello HTTP/1.1 \r\nHost: a\r\n\r\n", 400],
  ["GET\t/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["GET /hello HTTP/1.1\nHost: a\n\n", 400],
  ["GET /h\xe9 HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  [" GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["get /hello HTTP/1.1\r\nHost: a\r\n\r\n", 501],
  ["BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n", 501],
  ["CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501],
  ["TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501],
  ["GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", 505],
  ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505],
  ["GET /hello HTTP/0.9\r\n\r\n", 505],
  ["GET /hello HTTP/1.10\r\nHost: a\r\n\r\n", 400],
  [`GET /${"a".repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  ["POST /size HTTP/1.0\r\n\r\n", 411],
  ["POST /size HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
  ["POST /size HTTP/1.0\r\nContent-Length: 1\r\n\r\na", 200],
  ["POST /size HTTP/1.1\r\nHost: a\r\n\r\n", 200],
  ["GET /fail HTTP/1.1\r\nHost: a\r\n\r\n", 500],
  ["\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200],
  ["\r\n\r\n\r\n\r\n", 400],
  ["\x16\x03\x01\x02\x00\x01\x00\r\n", 400],
];

test("each request has the status that the RFCs say, and what is refused ends the connection", () => {
  const cases = [
    ...REQUESTS,
    ...FIELDS.map(([rest, status]) => [`GET / HTTP/1.1\r\nHost: a\r\n${rest}`, status] as const),
  ];
  for (const [request, status] of cases) {
    const { statuses, output } = converse(`${request}GET /hello HTTP/1.1\r\nHost: a\r\n\r\n`);
    assert.equal(statuses[0], status, JSON.stringify(request.slice(0, 120)));
    const goesOn = (status < 400 && !request.includes("HTTP/1.0")) || status === 404 || status === 500;
    assert.equal(statuses.length, goesOn ? 2 : 1, `${JSON.stringify(request.slice(0, 120))}: ${output}`);
    assert.doesNotMatch(output, /secrets/, "what the log hears is not for the client");
  }
});

test("HEAD has the fields of GET, and no content, also when it is refused", () => {
  const [get, head] = ["GET", "HEAD"].map(
    (method) => converse(`${method} /hello HTTP/1.1\r\nHost: a\r\n\r\n`).output,
  );
  assert.equal(head, get.slice(0, get.indexOf("\r\n\r\n") + 4));
  const refused = converse("HEAD / HTTP/1.1\r\n\r\n").output;
  assert.match(refused, /^HTTP\/1\.1 400 .*\r\n\r\n$/s);
});

test("whatever comes in whatever state, the server answers it, ends it, and is there for the next", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "GET /hello HTTP/1.1\r\n",
      "POST /size HTTP/1.1\r\n",
      "GET /stream HTTP/1.0\r\n",
      "Host: a\r\n",
      "Connection: close\r\n",
      "Content-Length: 3\r\n",
      "Transfer-Encoding: chunked\r\n",
      "Expect: 100-continue\r\n",
      "\r\n",
      "\n",
      "\r",
      ":",
      "3\r\n",
      "abc",
      "0\r\n\r\n",
    ),
    fc.string({ unit: "binary-ascii", maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 15 }), fc.boolean(), (pieces, ends) => {
      const { output, statuses } = converse(pieces.join(""), ends);
      for (const status of statuses)
        assert.ok([100, 200, 400, 404, 408, 411, 417, 501, 505].includes(status), output);
      assert.doesNotMatch(output, /^HTTP\/1\.1 500/m);
    }),
    { numRuns: 300 },
  );
});

test("the client understands whatever a server says, or says what is wrong with it", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "HTTP/1.1 200 OK\r\n",
      "HTTP/1.1 100 Continue\r\n\r\n",
      "HTTP/1.1 204\r\n",
      "HTTP/1.0 200 \r\n",
      "Content-Length: 3\r\n",
      "Transfer-Encoding: chunked\r\n",
      "\r\n",
      "\n",
      "3\r\nabc\r\n",
      "abc",
      "0\r\n\r\n",
    ),
    fc.string({ unit: "binary-ascii", maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const world = new MemoryWorld();
      const [near, far] = world.connectionPair(1024 * 1024);
      const client = new HttpClient(near, world.clock);
      world.spawn(
        "server",
        (function* () {
          yield* far.write(pieces.join(""), 1000);
          far.end();
        })(),
      );
      try {
        world.run(client.exchange({ target: "/", host: "a" }));
      } catch (error) {
        assert.ok(error instanceof HamletError, String(error));
        assert.equal(client.isReusable, false);
      }
      near.abort();
      world.runUntilIdle();
    }),
    { numRuns: 150 },
  );
});

/** Sends `input` to a server in memory; what it answers, and the status of each response. */
function converse(input: string, ends = true): { output: string; statuses: number[] } {
  const world = new MemoryWorld();
  const [near, far] = world.connectionPair(1024 * 1024);
  const options = { handler: testSite, contentMax: 1000 };
  const serving = world.spawn("server", closing(serveHttp(networkOf(world), far, options), far));
  const output = world.run(
    (function* (): Task<string> {
      yield* near.write(input, 1000);
      if (ends) near.end();
      const pieces: string[] = [];
      for (;;) {
        const piece = yield* near.read(100_000, 2_000_000);
        if (piece === null) return pieces.join("");
        pieces.push(toByteString(piece));
      }
    })(),
  );
  near.close();
  world.runUntilIdle();
  assert.ok(serving.done, "the server's dialogue goes on although its client is gone");
  return { output, statuses: [...output.matchAll(/HTTP\/1\.1 (\d\d\d) /g)].map((match) => Number(match[1])) };
}

function* closing(dialogue: Task, connection: { close(): void; abort(): void }): Task {
  try {
    yield* dialogue;
    connection.close();
  } catch (error) {
    assert.ok(error instanceof HamletError, String(error));
    connection.close();
  }
}

/** As much of a host as one dialogue needs. */
function networkOf(world: MemoryWorld): Network {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return { clock: world.clock, log } as Partial<Network> as Network;
}
