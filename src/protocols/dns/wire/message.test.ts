import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeHex, encodeHex, FormatError, Reader } from "../../../bytes/index.ts";
import { parseName } from "../name.ts";
import * as arbitrary from "../testing/arbitraries.ts";
import { describeMessage } from "./describe.ts";
import { emitMessage, MESSAGE_MAX } from "./emit.ts";
import { emptyMessage, type Message, parseMessage } from "./message.ts";
import { MessageWriter, readName } from "./names.ts";
import type { ResourceRecord } from "./record.ts";

function bytesOf(...hex: string[]): Uint8Array {
  return decodeHex(hex.join("").replaceAll(" ", "")) as Uint8Array;
}

function record(name: string, data: ResourceRecord["data"], ttlSeconds = 3600): ResourceRecord {
  return { name: parseName(name), class: "IN", ttlSeconds, data };
}

const mxAnswer: Message = {
  ...emptyMessage,
  id: 0x1a2b,
  isResponse: true,
  isAuthoritative: true,
  questions: [{ name: "hamburger.edu.", type: "MX", class: "IN" }],
  answers: [record("hamburger.edu", { type: "MX", preference: 10, exchange: "mail.hamburger.edu." })],
};

test("the octets of a message: header, question, a compressed answer", () => {
  const expected = bytesOf(
    "1a2b 8400 0001 0001 0000 0000",
    "0968616d627572676572 03656475 00 000f 0001",
    "c00c 000f 0001 00000e10 0009 000a 046d61696c c00c",
  );
  assert.equal(encodeHex(emitMessage(mxAnswer)), encodeHex(expected));
  assert.deepEqual(parseMessage(expected), mxAnswer);
});

test("one line in Wireshark's manner", () => {
  assert.equal(
    describeMessage(mxAnswer),
    "Standard query response 0x1a2b MX hamburger.edu MX 10 mail.hamburger.edu",
  );
  const query: Message = { ...emptyMessage, id: 7, questions: mxAnswer.questions };
  assert.equal(describeMessage(query), "Standard query 0x0007 MX hamburger.edu");
  const soa = { primary: "dns.edu.", mailbox: "h.edu.", serial: 1, refreshSeconds: 2, retrySeconds: 3 };
  const negative: Message = {
    ...mxAnswer,
    responseCode: "NXDOMAIN",
    answers: [],
    authorities: [record("edu", { type: "SOA", ...soa, expireSeconds: 4, negativeSeconds: 5 })],
  };
  assert.equal(
    describeMessage(negative),
    "Standard query response 0x1a2b No such name MX hamburger.edu SOA dns.edu",
  );
});

test("RFC 1035 section 4.1.4: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root in one message", () => {
  const writer = new MessageWriter();
  for (let i = 0; i < 20; i++) writer.uint8(0);
  for (const name of ["F.ISI.ARPA.", "FOO.F.ISI.ARPA.", "ARPA.", "."]) writer.name(name);
  const bytes = writer.finish();
  assert.equal(
    encodeHex(bytes.subarray(20)),
    "0146034953490441525041" + "00" + "03464f4fc014" + "c01a" + "00",
  );
  const reader = new Reader(bytes, 20);
  const names = [0, 1, 2, 3].map(() => readName(reader, "name"));
  assert.deepEqual(names, ["F.ISI.ARPA.", "FOO.F.ISI.ARPA.", "ARPA.", "."]);
});

test("compression that leads anywhere but back is refused", () => {
  const cases: [string, RegExp][] = [
    ["c000", /does not lead back/],
    ["c002", /does not lead back/],
    ["0161c000", /does not lead back/],
    ["0161c003", /does not lead back/],
    ["0161", /needs 1 octets/],
    ["4161", /label type/],
    ["8161", /label type/],
    ["3f61", /needs 63 octets/],
    ["c0", /needs 1 octets/],
  ];
  for (const [hex, reason] of cases) {
    const parse = (): string => readName(new Reader(bytesOf(hex)), "name");
    assert.throws(parse, (error) => error instanceof FormatError && reason.test(error.message), hex);
  }
  // Two runs of labels that lead to each other.
  assert.throws(() => readName(new Reader(bytesOf("0161c004", "0162c000"), 4), "name"), FormatError);
  // A run that reads on into the pointer that led to it.
  assert.throws(() => readName(new Reader(bytesOf("00", "0161", "c001"), 3), "name"), FormatError);
});

test("a name grows to 255 octets by pointers and not further", () => {
  const full = `${"a".repeat(63)}.`.repeat(3) + "b".repeat(61);
  const writer = new MessageWriter().name(parseName(full));
  assert.equal(writer.length, 255);
  const longer = new MessageWriter().append(writer.finish()).uint8(1).uint8(0x63).uint16(0xc000);
  assert.throws(() => readName(new Reader(longer.finish(), 255), "name"), /longer than 255/);
});

test("a decompression bomb of 64 KB ends quickly", () => {
  // A name of 127 labels, and thousands of records that point to it.
  const header = bytesOf("0000 0000 0000 ffff 0000 0000");
  const bytes = new Uint8Array(MESSAGE_MAX);
  bytes.set(header);
  let at = 12;
  for (let i = 0; i < 127; i++, at += 2) bytes.set([1, 0x61], at);
  at += 1;
  bytes.set(bytesOf("0001 0001 00000000 0004 01020304"), at);
  at += 14;
  for (; at + 16 <= bytes.length; at += 16) bytes.set(bytesOf("c00c 0001 0001 00000000 0004 01020304"), at);
  const start = process.cpuUsage();
  assert.throws(() => parseMessage(bytes), FormatError);
  const usedMs = process.cpuUsage(start).user / 1000;
  assert.ok(usedMs < 1500, `${usedMs} ms`);
});

test("names keep their case, and different cases are not merged", () => {
  const message: Message = {
    ...mxAnswer,
    questions: [{ name: "hAmBuRgEr.EDU.", type: "MX", class: "IN" }],
  };
  assert.deepEqual(parseMessage(emitMessage(message)), message);
});

test("a message survives emit and parse", () => {
  fc.assert(
    fc.property(arbitrary.message, (message) => {
      // Without an OPT record a code has four bits: RFC 6891 section 6.1.3.
      assert.deepEqual(parseMessage(emitMessage(message)), message);
    }),
    { numRuns: 300 },
  );
});

test("random octets are parsed or refused with FormatError", () => {
  const header = fc.constant(bytesOf("1234 0000 0001 0002 0001 0001"));
  const anything = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(
      fc.oneof(
        anything,
        fc.tuple(header, anything).map((parts) => concat(...parts)),
      ),
      (bytes) => {
        parseOrRefuse(bytes);
      },
    ),
    { numRuns: 500 },
  );
});

test("a message with changed octets is parsed or refused with FormatError", () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      arbitrary.message,
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.nat(),
      (message, changes, cut) => {
        const bytes = emitMessage(message);
        for (const [at, octet] of changes) bytes[at % bytes.length] = octet;
        parseOrRefuse(bytes);
        parseOrRefuse(bytes.subarray(0, cut % bytes.length));
      },
    ),
    { numRuns: 300 },
  );
});

test("what does not fit is cut at whole record sets, and TC says so: RFC 2181 section 9", () => {
  const answers = Array.from({ length: 40 }, (_, i) => record("a.b", { type: "A", address: `10.0.0.${i}` }));
  const bytes = emitMessage({ ...mxAnswer, answers }, 512);
  const parsed = parseMessage(bytes);
  assert.ok(parsed.isTruncated);
  assert.deepEqual(parsed.answers, []);
  const fits = emitMessage({ ...mxAnswer, answers }, 1232);
  assert.equal(parseMessage(fits).answers.length, 40);
  assert.ok(!parseMessage(fits).isTruncated);
});

test("additional data is dropped in silence, but not the glue of a referral: RFC 9471", () => {
  const hosts = Array.from({ length: 30 }, (_, i) => `ns${i}.sub.hamburger.edu.`);
  const additionals = hosts.map((host, i) => record(host, { type: "A", address: `10.0.0.${i}` }));
  const nsOf = (name: string): ResourceRecord[] => [record(name, { type: "NS", host: hosts[0] })];
  const answer = emitMessage({ ...mxAnswer, additionals }, 512);
  assert.ok(!parseMessage(answer).isTruncated);
  assert.ok(answer.length <= 512);
  const referral = { ...mxAnswer, isAuthoritative: false, answers: [], additionals };
  assert.ok(
    parseMessage(emitMessage({ ...referral, authorities: nsOf("sub.hamburger.edu.") }, 512)).isTruncated,
  );
  assert.ok(!parseMessage(emitMessage({ ...referral, authorities: nsOf("other.edu.") }, 512)).isTruncated);
});

test("every message that is cut still parses and is not longer than allowed", () => {
  fc.assert(
    fc.property(arbitrary.message, fc.integer({ min: 700, max: 2000 }), (message, max) => {
      const questions = message.questions.slice(0, 1);
      const bytes = emitMessage({ ...message, questions }, max);
      assert.ok(bytes.length <= max);
      assert.deepEqual(parseMessage(bytes).questions, questions);
      assert.deepEqual(parseMessage(bytes).edns, message.edns);
    }),
  );
});

test("OPT: one, of the root, in the additional section; response codes of twelve bits", () => {
  const opt = "00 0029 04d0 00000000 0000";
  const both = bytesOf("0001 0000 0000 0000 0000 0002", opt, opt);
  assert.throws(() => parseMessage(both), /more than one OPT/);
  assert.throws(() => parseMessage(bytesOf("0001 0000 0000 0000 0000 0001", "0161", opt)), /not the root/);
  assert.throws(() => parseMessage(bytesOf("0001 0000 0000 0001 0000 0000", opt)), /outside/);
  const edns = { udpPayloadMax: 1232, version: 0, dnssecOk: true, options: [] };
  const message: Message = { ...emptyMessage, responseCode: "BADVERS", edns };
  assert.deepEqual(parseMessage(emitMessage(message)), message);
});

function parseOrRefuse(bytes: Uint8Array): void {
  try {
    const message = parseMessage(bytes);
    describeMessage(message);
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Uint8Array.from([...a, ...b]);
}
