import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Connection, Network, Task } from "../../net/index.ts";
import { sleep } from "../../net/index.ts";
import { bareAnswer } from "./answer.ts";
import { ZoneTable } from "./authority.ts";
import { framed, readFramed } from "./framing.ts";
import { parseName } from "./name.ts";
import { nameServer } from "./name-server.ts";
import { type Answerer, serveDns } from "./server.ts";
import * as arbitrary from "./testing/arbitraries.ts";
import { MemoryNet } from "./testing/memory-network.ts";
import { zone } from "./testing/small-internet.ts";
import { emitMessage } from "./wire/emit.ts";
import { type Edns, emptyMessage, type Message, parseMessage } from "./wire/message.ts";
import type { RecordType } from "./wire/record-types.ts";

const ZONE = `@ SOA ns hostmaster 1 7200 900 1209600 300
@ NS ns
ns A 10.0.0.1
mail A 10.2.0.10
big TXT ${Array.from({ length: 6 }, () => `"${"x".repeat(200)}"`).join(" ")}
`;

const EDNS: Edns = { udpPayloadMax: 4096, version: 0, dnssecOk: false, options: [] };

interface Setup {
  readonly net: MemoryNet;
  readonly client: Network;
}

function setUp(answerer?: Answerer): Setup {
  const net = new MemoryNet();
  const zones = new ZoneTable();
  zones.put(zone("hamburger.edu", ZONE));
  net.run(serveDns(net.host("10.0.0.1"), {}, answerer ?? nameServer({ zones })));
  return { net, client: net.host("10.0.0.9") };
}

function queryFor(name: string, type: RecordType = "A", more: Partial<Message> = {}): Message {
  const questions = [{ name: parseName(name), type, class: "IN" }] as const;
  return { ...emptyMessage, id: 0x1234, questions, ...more };
}

const SERVER = { address: "10.0.0.1", port: 53 };

/** The answer over UDP to these octets; undefined when there is none. */
function askOctets({ net, client }: Setup, bytes: Uint8Array): Uint8Array | undefined {
  return net.run(
    (function* (): Task<Uint8Array | undefined> {
      const socket = yield* client.bind({ port: 0 });
      socket.send(bytes, SERVER);
      const datagram = yield* socket.receive(1000);
      socket.close();
      return datagram?.bytes;
    })(),
  );
}

function ask(setup: Setup, message: Message): Message {
  const bytes = askOctets(setup, emitMessage(message));
  assert.ok(bytes, "there is an answer");
  return parseMessage(bytes);
}

test("an answer repeats identifier, question and RD, and says AA", () => {
  const answer = ask(setUp(), queryFor("MAIL.hamburger.EDU", "A", { recursionDesired: true }));
  assert.equal(answer.id, 0x1234);
  assert.ok(answer.isResponse && answer.isAuthoritative && answer.recursionDesired);
  assert.equal(answer.recursionAvailable, false);
  assert.equal(answer.questions[0].name, "MAIL.hamburger.EDU.");
  assert.deepEqual(answer.answers[0].data, { type: "A", address: "10.2.0.10" });
  assert.equal(answer.edns, undefined);
});

test("what is not a query that we serve gets the right code", () => {
  const setup = setUp();
  const code = (message: Message): string => ask(setup, message).responseCode;
  const mail = queryFor("mail.hamburger.edu");
  assert.equal(code(queryFor("other.org")), "REFUSED");
  assert.equal(code({ ...mail, questions: [{ ...mail.questions[0], class: "CH" }] }), "REFUSED");
  assert.equal(code({ ...mail, opcode: "STATUS" }), "NOTIMP");
  assert.equal(code({ ...mail, opcode: "OPCODE15" }), "NOTIMP");
  assert.equal(code({ ...mail, questions: [] }), "FORMERR");
  assert.equal(code({ ...mail, questions: [...mail.questions, ...mail.questions] }), "FORMERR");
  assert.equal(code(queryFor("hamburger.edu", "AXFR")), "NOTIMP");
  assert.equal(code(queryFor("hamburger.edu", "OPT")), "FORMERR");
  assert.equal(code({ ...mail, edns: { ...EDNS, version: 1 } }), "BADVERS");
  assert.equal(code(queryFor("hamburger.edu", "TYPE65280")), "NOERROR");
});

test("malformed queries get FORMERR; responses, and what has no header, get nothing", () => {
  const setup = setUp();
  const bytes = emitMessage(queryFor("mail.hamburger.edu"));
  const answer = askOctets(setup, bytes.subarray(0, bytes.length - 1));
  assert.ok(answer);
  assert.deepEqual(parseMessage(answer), {
    ...emptyMessage,
    id: 0x1234,
    isResponse: true,
    responseCode: "FORMERR",
  });
  assert.equal(
    askOctets(setup, emitMessage(queryFor("mail.hamburger.edu", "A", { isResponse: true }))),
    undefined,
  );
  assert.equal(askOctets(setup, bytes.subarray(0, 11)), undefined);
  assert.equal(askOctets(setup, new Uint8Array(0)), undefined);
});

test("sizes over UDP: 512 octets, or what EDNS offers up to 1232; then TC", () => {
  const setup = setUp();
  const plain = ask(setup, queryFor("big.hamburger.edu", "TXT"));
  assert.ok(plain.isTruncated);
  assert.deepEqual(plain.answers, []);
  const larger = ask(setup, queryFor("big.hamburger.edu", "TXT", { edns: EDNS }));
  assert.ok(larger.isTruncated);
  assert.equal(larger.edns?.udpPayloadMax, 1232);
  const tiny = ask(setup, queryFor("mail.hamburger.edu", "A", { edns: { ...EDNS, udpPayloadMax: 0 } }));
  assert.equal(tiny.answers.length, 1);
});

test("a failure of ours becomes SERVFAIL, an answerer without an answer silence", () => {
  const failing = setUp(function* () {
    throw new Error("no");
  });
  assert.equal(ask(failing, queryFor("a")).responseCode, "SERVFAIL");
  const silent = setUp(function* () {
    return undefined;
  });
  assert.equal(askOctets(silent, emitMessage(queryFor("a"))), undefined);
});

/** Runs a dialogue over one TCP connection. */
function talk<T>(setup: Setup, dialogue: (connection: Connection) => Task<T>): T {
  return setup.net.run(
    (function* (): Task<T> {
      const connection = yield* setup.client.connect(SERVER.address, SERVER.port, { timeoutMs: 1000 });
      return yield* dialogue(connection);
    })(),
  );
}

function* readAnswer({ net }: Setup, connection: Connection): Task<Message | null> {
  const bytes = yield* readFramed(connection, net.world.clock, 20_000, 1000);
  return bytes && parseMessage(bytes);
}

test("over TCP large answers come whole, and a client may end its direction first", () => {
  const setup = setUp();
  const answer = talk(setup, function* (connection) {
    yield* connection.write(framed(emitMessage(queryFor("big.hamburger.edu", "TXT"))), 1000);
    connection.end();
    const message = yield* readAnswer(setup, connection);
    assert.equal(yield* connection.read(1, 1000), null);
    return message;
  });
  assert.ok(answer && !answer.isTruncated);
  assert.equal(answer.answers.length, 1);
});

test("queries are pipelined and answered as they get ready: RFC 7766 section 6.2.1.1", () => {
  let net: MemoryNet | undefined;
  const slowFirst: Answerer = function* ({ question }) {
    if (question.name === "slow.") yield* sleep((net as MemoryNet).world.clock, 500);
    return bareAnswer("NOERROR");
  };
  const setup = setUp(slowFirst);
  net = setup.net;
  const order = talk(setup, function* (connection) {
    const bytes = ["slow", "quick", "quick"].flatMap((name, id) => [
      ...framed(emitMessage(queryFor(name, "A", { id }))),
    ]);
    yield* connection.write(Uint8Array.from(bytes), 1000);
    const ids: (number | undefined)[] = [];
    for (let i = 0; i < 3; i++) ids.push((yield* readAnswer(setup, connection))?.id);
    return ids;
  });
  assert.deepEqual(order, [1, 2, 0]);
});

test("idle and slow clients are hung up on: RFC 7766 section 6.2.3", () => {
  const setup = setUp();
  const { clock } = setup.net.world;
  const idle = talk(setup, function* (connection) {
    assert.equal(yield* connection.read(1, 60_000), null);
    return clock.nowNs() / 1e9;
  });
  assert.ok(idle > 9 && idle < 12, `${idle} s`);
  const dripped = talk(setup, function* (connection) {
    const start = clock.nowNs();
    const bytes = framed(emitMessage(queryFor("mail.hamburger.edu")));
    for (const octet of bytes) {
      yield* connection.write(Uint8Array.of(octet), 1000);
      if (yield* hasEnded(connection)) break;
    }
    return (clock.nowNs() - start) / 1e9;
  });
  assert.ok(dripped > 9 && dripped < 12, `${dripped} s`);
});

/** Whether the stream ends within a second. */
function* hasEnded(connection: Connection): Task<boolean> {
  try {
    return (yield* connection.read(1, 1000)) === null;
  } catch {
    return false;
  }
}

test("malformed messages over TCP get FORMERR, and the connection goes on", () => {
  const setup = setUp();
  const codes = talk(setup, function* (connection) {
    const good = emitMessage(queryFor("mail.hamburger.edu"));
    yield* connection.write(framed(good.subarray(0, 15)), 1000);
    const first = yield* readAnswer(setup, connection);
    yield* connection.write(framed(good), 1000);
    const second = yield* readAnswer(setup, connection);
    return [first?.responseCode, second?.responseCode];
  });
  assert.deepEqual(codes, ["FORMERR", "NOERROR"]);
});

test("whatever comes over UDP, the answer is no larger than allowed and the server lives on", () => {
  const setup = setUp();
  const datagram = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    arbitrary.message.map((message) => emitMessage(message)),
    fc.tuple(arbitrary.query, fc.nat(), fc.nat(255)).map(([message, at, octet]) => {
      const bytes = emitMessage(message);
      bytes[at % bytes.length] = octet;
      return bytes;
    }),
  );
  fc.assert(
    fc.property(datagram, (bytes) => {
      const answer = askOctets(setup, bytes);
      if (answer === undefined) return;
      assert.ok(answer.length <= 1232);
      const message = parseMessage(answer);
      assert.ok(message.isResponse);
      assert.equal(message.id, (bytes[0] << 8) | bytes[1]);
    }),
    { numRuns: 300 },
  );
  assert.equal(ask(setup, queryFor("mail.hamburger.edu")).answers.length, 1);
});

test("whatever comes over TCP, in whatever state, the server lives on", () => {
  const setup = setUp();
  const good = framed(emitMessage(queryFor("mail.hamburger.edu")));
  const piece = fc.oneof(fc.constant(good), fc.uint8Array({ minLength: 1, maxLength: 40 }));
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 4 }),
      fc.constantFrom("end", "abort", "close"),
      (pieces, ending) => {
        talk(setup, function* (connection) {
          for (const each of pieces) yield* connection.write(each, 1000);
          connection[ending as "end"]();
        });
        setup.net.world.runFor(30_000);
      },
    ),
    { numRuns: 100 },
  );
  const answer = talk(setup, function* (connection) {
    yield* connection.write(good, 1000);
    return yield* readAnswer(setup, connection);
  });
  assert.equal(answer?.answers.length, 1);
  setup.net.world.runFor(30_000);
  assert.deepEqual(setup.net.world.runner.liveNames(), ["dns accept", "dns udp"]);
});
