/**
 * Sequence diagrams: the model of known exchanges, the drawings of some as files under testing/sequences (written anew
 * with UPDATE_SEQUENCES=1, to be read before they are committed), and of any run a diagram without an error.
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { sleep } from "../net/index.ts";
import type { SequenceEvent } from "./sequence.ts";
import { sequencesOf } from "./sequence.ts";
import { sequenceSvg } from "./sequence-svg.ts";
import { sequenceText } from "./sequence-text.ts";
import { Exchange } from "./testing/exchange.ts";
import { bulk, datagrams, play, question, refusal, type Scene } from "./testing/sequences.ts";

const folder = new URL("testing/sequences/", import.meta.url);

const drawings: readonly [string, Scene, object, number][] = [
  ["question", question, { delayMs: 10 }, 1],
  ["question-with-losses", question, { delayMs: 10, loss: 0.2 }, 4],
  ["datagrams", datagrams, { delayMs: 10 }, 1],
  ["refusal", refusal, { delayMs: 10 }, 1],
];

for (const [name, scene, line, seed] of drawings) {
  test(`${name} looks as it did`, () => {
    const [sequence] = sequencesOf(play(scene, line, seed));
    for (const [ending, drawn] of [
      ["txt", sequenceText(sequence)],
      ["svg", sequenceSvg(sequence)],
    ]) {
      const path = new URL(`${name}.${ending}`, folder);
      if (process.env.UPDATE_SEQUENCES === "1") writeFileSync(path, drawn);
      assert.equal(drawn, readFileSync(path, "utf8"));
    }
  });
}

test("the calls and packets of a question stand in the order of the textbook", () => {
  const [{ events }] = sequencesOf(play(question));
  assert.deepEqual(events.map(wordOf).filter(Boolean), [
    ...["S socket(TCP)", "S bind(port 7)", "S listen(5)", "S accept()"],
    ...["- connection establishment", "C socket(TCP)", "C connect(port 7)"],
    ...["C> SYN", "S> SYN, ACK", "C> ACK", "C connect() returns"],
    ...["- request", "C write(10)", "C> Request: ketchup?\\x0d", "C read()"],
    ...["S accept() returns", "S read()", "S read() = 10"],
    ...["- reply", "S write(10)", "S> Response: ketchup?\\x0d", "S read()"],
    ...["C read() = 10", "- end of file, close", "C shutdown()", "C> FIN, ACK", "C read()"],
    ...["S read() = 0 (EOF)", "S close()", "S> FIN, ACK", "C read() = 0 (EOF)", "C close()", "C> ACK"],
  ]);
});

test("what waits is a bar from its begin to its return: connect until the SYN, ACK has come, read until data come", () => {
  const [{ events }] = sequencesOf(play(question));
  const times = new Map<string, number[]>();
  for (const event of events) {
    if (event.kind !== "call" || event.role === "once") continue;
    const key = `${event.side} ${event.call} ${event.callId}`;
    times.set(key, [...(times.get(key) ?? []), event.timeNs]);
  }
  const arrivals = events.flatMap((event) => (event.kind === "arrive" ? [event] : []));
  const synAck = arrivals.find(({ arrow }) => arrow.title === "SYN, ACK");
  const connect = [...times].find(([key]) => key.startsWith("0 connect"));
  assert.equal(connect?.[1].at(-1), synAck?.timeNs);
  for (const [key, [begin, end]] of times) assert.ok(end > begin, key);
});

test("a lost packet says why, its retransmission says what it is", () => {
  const [{ events }] = sequencesOf(play(question, { delayMs: 10, loss: 0.2 }, 4));
  const arrows = events.flatMap((event) => (event.kind === "send" ? [event.arrow] : []));
  const lost = arrows.filter((arrow) => arrow.lost !== undefined);
  assert.ok(lost.length > 0);
  for (const { lost: loss, arrivedAtNs } of lost) {
    assert.match(loss?.reason ?? "", /lost/);
    assert.equal(arrivedAtNs, undefined);
  }
  assert.ok(arrows.some(({ marks }) => marks.includes("Retransmission")));
});

test("a long conversation keeps its begin and its end, and says what is left out between them", () => {
  const octets = 2_000_000;
  const source = play((client, server) => bulk(client, server, octets));
  const [sequence] = sequencesOf(source);
  assert.ok(sequence.events.length < 300, `${sequence.events.length} events`);
  const gap = sequence.events.find(({ kind }) => kind === "gap");
  assert.match(
    gap?.kind === "gap" ? gap.text : "",
    /^\d{3,} packets and \d+ socket calls are left out here$/,
  );
  const words = sequence.events.map(wordOf);
  assert.ok(words.includes("C> SYN") && words.includes("C close()"));
  assert.match(sequenceText(sequence), /packets and \d+ socket calls/);
  assert.match(sequenceSvg(sequence), /packets and \d+ socket calls/);
});

test("two connections of the same two ends keep their calls apart", () => {
  const twice: Scene = function* (client, server) {
    const listener = yield* server.listen({ port: 7 });
    for (let i = 0; i < 2; i++) {
      const connection = yield* client.connect("10.0.0.2", 7, { timeoutMs: 1000 });
      const other = yield* listener.accept();
      connection.close();
      other.close();
    }
  };
  const sequences = sequencesOf(play(twice));
  assert.equal(sequences.length, 2);
  for (const { events } of sequences) {
    const words = events.map(wordOf);
    for (const call of ["C connect(port 7)", "C close()", "S close()", "S listen(128)"])
      assert.equal(words.filter((word) => word === call).length, 1, call);
  }
});

test("a socket that was closed before is seen to be closed, and one that is closed later is not", () => {
  const around: Scene = function* (client, server) {
    const listener = yield* server.listen({ port: 7 });
    const served = yield* client.connect("10.0.0.2", 7, { timeoutMs: 1000 });
    const accepted = yield* listener.accept();
    served.close();
    yield* sleep(client.clock, 100);
    listener.close();
    const socket = yield* server.bind({ port: 7 });
    socket.close();
    const asking = yield* client.bind({ port: 0 });
    asking.send(new Uint8Array(3), { address: "10.0.0.2", port: 7 });
    yield* sleep(client.clock, 100);
    accepted.close();
    yield* client.connect("10.0.0.2", 7, { timeoutMs: 1000 });
  };
  const [first, datagram, refused] = sequencesOf(play(around)).map(({ events }) => events.map(wordOf));
  assert.equal(first.filter((word) => word === "S close()").length, 1);
  assert.ok(first.indexOf("S close()") > first.indexOf("S accept() returns"));
  const ofServer = (words: string[]): string[] => words.filter((word) => word.startsWith("S"));
  assert.deepEqual(ofServer(datagram), ["S socket(UDP)", "S bind(port 7)", "S close()"]);
  assert.deepEqual(ofServer(refused), [
    ...["S socket(TCP)", "S bind(port 7)", "S listen(128)", "S close()", "S> RST, ACK"],
  ]);
  assert.ok(refused.indexOf("S close()") < refused.indexOf("C> SYN"));
});

test("a capture without a journal still gives its packets", () => {
  const { packets } = new Exchange(25).open().send("server", "220 a\r\n").ack("client").close();
  const journal = { calls: [], journey: () => undefined };
  const [sequence] = sequencesOf({ packets, journal, interfaces: [], names: new Map() });
  assert.deepEqual(sequence.events.map(wordOf).filter(Boolean).slice(0, 6), [
    ...["- connection establishment", "C> SYN", "S> SYN, ACK", "C> ACK", "- reply", "S> S: 220 a"],
  ]);
});

test("what an application says cannot break out of the drawing", () => {
  const scene: Scene = function* (client, server) {
    const socket = yield* client.bind({ port: 0 });
    yield* server.bind({ port: 7 });
    const text = "</text><script>&\"'\u0000\u0007\ufffe";
    socket.send(new TextEncoder().encode(text), { address: "10.0.0.2", port: 7 });
  };
  const [sequence] = sequencesOf(play(scene));
  const svg = sequenceSvg(sequence);
  assert.ok(!svg.includes("<script>"));
  assert.match(svg, /&lt;script&gt;/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be there
  assert.doesNotMatch(svg, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
});

test("whatever the line does and whoever talks, there is a diagram", () => {
  const chance = fc.double({ min: 0, max: 0.4, noNaN: true });
  const line = fc.record({ loss: chance, duplicate: chance, reorder: chance, corrupt: chance });
  const scenes: readonly Scene[] = [question, datagrams, refusal, (a, b) => bulk(a, b, 20_000)];
  fc.assert(
    fc.property(line, fc.nat(), fc.constantFrom(...scenes), (faults, seed, scene) => {
      for (const sequence of sequencesOf(play(scene, { delayMs: 10, ...faults }, seed))) {
        const text = sequenceText(sequence);
        assert.ok(text.split("\n").every((row) => row.length <= 110));
        assert.doesNotMatch(sequenceSvg(sequence), /NaN|undefined|Infinity/);
        const times = sequence.events.map(({ timeNs }) => timeNs);
        assert.ok(
          times.every((time, i) => i === 0 || sequence.events[i].kind === "phase" || time >= times[i - 1]),
        );
      }
    }),
    { numRuns: 40 },
  );
});

/** "C> SYN", "S read() = 10", "- request"; empty for an arrival. */
function wordOf(event: SequenceEvent): string {
  switch (event.kind) {
    case "phase":
      return `- ${event.text}`;
    case "send":
      return `${"CS"[event.arrow.from]}> ${event.arrow.title}`;
    case "call":
      return `${"CS"[event.side]} ${event.text}`;
    case "gap":
      return event.text;
    case "arrive":
      return "";
  }
}
