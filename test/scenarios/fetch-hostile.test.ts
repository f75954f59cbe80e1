/** Servers that do not play fair: what our fetching clients make of them, and that they come to an end. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HamletError, type Task } from "../../src/net/index.ts";
import {
  emitDatagram,
  fetchDatagrams,
  fetchStream,
  fetchWords,
  PART_SIZE,
} from "../../src/protocols/fetch/index.ts";
import { TestSink } from "../../src/protocols/fetch/testing/fetch-suite.ts";
import { twoHosts } from "./two-hosts.ts";

const HASH = "0".repeat(64);
const LIMITS = { timeoutMs: 500 };

const wordCases: [answer: string, code: string][] = [
  ["", "unexpected-end"],
  ["half", "unexpected-end"],
  ["\n", "bad-answer"],
  ["two words\n", "bad-answer"],
  ["404 file not found\n", "file-not-found"],
  ["503 \x1b[2J\n", "refused"],
  ["x".repeat(70_000), "line-too-long"],
  ["word\n", "unexpected-end"],
];

const streamCases: [answer: string, code: string][] = [
  ["", "unexpected-end"],
  ["word\n", "bad-answer"],
  ["404 file not found\n", "file-not-found"],
  ["200 5 6 v\n", "bad-answer"],
  ["200 5 3 v\nlo", "bad-answer"],
  ["200 99999999999999999999 0 v\n", "bad-answer"],
  [`200 5 0 v\nhelloSHA-256 ${HASH}\n`, "checksum-mismatch"],
  ["200 5 0 v\nhelloMD5 0\n", "bad-answer"],
  ["200 5 0 v\nhello", "unexpected-end"],
];

test("words from servers that lie, stop or never stop", () => {
  for (const [answer, code] of wordCases) {
    const error = errorOf(answer, (hosts, source) =>
      fetchWords(hosts.client, source, new TestSink(), LIMITS),
    );
    assert.equal(error?.code, code, JSON.stringify(answer));
    assert.ok(!error?.message.includes("\x1b"), "nothing of it steers a terminal");
  }
});

test("streams from servers that lie, stop or never stop", () => {
  for (const [answer, code] of streamCases) {
    const error = errorOf(answer, (hosts, source) =>
      fetchStream(hosts.client, source, new TestSink(), LIMITS),
    );
    assert.equal(error?.code, code, JSON.stringify(answer));
  }
});

test("whatever a server answers, both clients end with an expected failure or a file", () => {
  const answer = fc.oneof(
    fc.string({ unit: "binary-ascii", maxLength: 200 }),
    fc
      .tuple(fc.nat(20), fc.nat(20), fc.string({ unit: "binary-ascii" }))
      .map(([size, offset, rest]) => `200 ${size} ${offset} v\n${rest}`),
  );
  fc.assert(
    fc.property(answer, (text) => {
      errorOf(text, (hosts, source) => fetchStream(hosts.client, source, new TestSink(), LIMITS));
      errorOf(text, (hosts, source) => fetchWords(hosts.client, source, new TestSink(), LIMITS));
    }),
    { numRuns: 40 },
  );
});

test("datagrams that belong to no transfer, and files that change their size or have too much of it", () => {
  const part = (identifier: number, size: number, offset = 0): Uint8Array => {
    const bytes = new Uint8Array(Math.min(PART_SIZE, size - offset));
    return emitDatagram({ type: "part", identifier, size, offset, bytes });
  };
  const cases: [answers: (identifier: number) => Uint8Array[], code: string][] = [
    [() => [Uint8Array.of(9), new Uint8Array(0), part(1, 10)], "timed-out"],
    [(id) => [part(id, 5000), part(id, 6000, PART_SIZE)], "bad-answer"],
    [(id) => [part(id, 4_000_000_000)], "bad-answer"],
    [
      (id) => [emitDatagram({ type: "refusal", identifier: id, text: "404 file not found" })],
      "file-not-found",
    ],
  ];
  for (const [answers, code] of cases) {
    const hosts = twoHosts();
    const to = { address: hosts.serverAddresses[4], port: 5000 };
    hosts.server.spawn("hostile", answerDatagrams(hosts, answers)).whenDone(() => {});
    const run = (): unknown => hosts.run(fetchDatagrams(hosts.client, to, "x", { ...LIMITS, quietMs: 200 }));
    assert.throws(run, { code });
  }
});

function* answerDatagrams(
  hosts: ReturnType<typeof twoHosts>,
  answers: (identifier: number) => Uint8Array[],
): Task {
  const socket = yield* hosts.server.bind({ port: 5000 });
  for (;;) {
    const datagram = yield* socket.receive(60_000);
    if (datagram === undefined) return;
    const identifier = new DataView(datagram.bytes.buffer, datagram.bytes.byteOffset).getUint32(1);
    for (const answer of answers(identifier)) socket.send(answer, datagram.from);
  }
}

type Source = { host: string; port: number; name: string };

/** The error of a client at a server that gives every connection this answer, undefined when it was content. */
function errorOf(
  answer: string,
  client: (hosts: ReturnType<typeof twoHosts>, source: Source) => Task<unknown>,
): HamletError | undefined {
  const hosts = twoHosts();
  const serving = hosts.server.spawn(
    "hostile",
    (function* () {
      const listener = yield* hosts.server.listen({ port: 5000 });
      for (;;) {
        const connection = yield* listener.accept();
        yield* connection.readLine({ max: 1000, timeoutMs: 1000, bareLf: true });
        yield* connection.write(answer, 1000);
        connection.close();
      }
    })(),
  );
  serving.whenDone(() => {});
  try {
    hosts.run(client(hosts, { host: hosts.serverAddresses[4], port: 5000, name: "x" }));
    return undefined;
  } catch (error) {
    assert.ok(error instanceof HamletError, String(error));
    return error;
  }
}
