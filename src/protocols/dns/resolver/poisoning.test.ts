/** What an attacker can send into a resolver's questions, and that it is not believed: RFC 5452. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecordList } from "../master-file.ts";
import { parseName } from "../name.ts";
import type { Passing } from "../testing/memory-network.ts";
import { SmallInternet } from "../testing/small-internet.ts";
import { emitMessage } from "../wire/emit.ts";
import { type Message, parseMessage } from "../wire/message.ts";
import type { ResourceRecord } from "../wire/record.ts";

const TRUE_ADDRESS = "10.2.0.10";
const FORGED = records("mail.hamburger.edu A 6.6.6.6");

function records(...lines: string[]): readonly ResourceRecord[] {
  return parseRecordList(lines, { ttlSeconds: 86_400 }).records;
}

function addressOf(internet: SmallInternet, name = "mail.hamburger.edu"): string[] {
  const question = { name: parseName(name), type: "A", class: "IN" } as const;
  const { answers } = internet.net.run(internet.resolver.resolve(question));
  return answers.flatMap(({ data }) => (data.type === "A" ? [data.address] : []));
}

/** Lets `forge` answer every query to hamburger.edu's server before the server does. */
function attack(internet: SmallInternet, forge: (query: Message, passing: Passing) => Passing[]): void {
  internet.net.filter = (passing) => {
    if (passing.to.address === "10.0.2.1") {
      for (const forged of forge(parseMessage(passing.bytes), passing)) internet.net.inject(forged, 1);
    }
    return true;
  };
}

function forgedAnswer(query: Message, passing: Passing, more: Partial<Message> = {}): Passing {
  const message = { ...query, isResponse: true, isAuthoritative: true, answers: FORGED, ...more };
  return { bytes: emitMessage(message), from: passing.to, to: passing.from };
}

test("a forged answer with everything right would be believed: the attack itself works", () => {
  const internet = new SmallInternet();
  attack(internet, (query, passing) => [forgedAnswer(query, passing)]);
  assert.deepEqual(addressOf(internet), ["6.6.6.6"]);
});

test("a wrong identifier, source, port, question or opcode is not believed", () => {
  const forgeries: Record<string, (query: Message, passing: Passing) => Passing> = {
    identifier: (query, passing) => forgedAnswer(query, passing, { id: query.id ^ 1 }),
    source: (query, passing) => ({
      ...forgedAnswer(query, passing),
      from: { address: "10.6.6.6", port: 53 },
    }),
    sourcePort: (query, passing) => ({
      ...forgedAnswer(query, passing),
      from: { address: "10.0.2.1", port: 5353 },
    }),
    question: (query, passing) =>
      forgedAnswer(query, passing, { questions: [{ ...query.questions[0], name: "other.hamburger.edu." }] }),
    type: (query, passing) =>
      forgedAnswer(query, passing, { questions: [{ ...query.questions[0], type: "AAAA" }] }),
    noQuestion: (query, passing) => forgedAnswer(query, passing, { questions: [] }),
    opcode: (query, passing) => forgedAnswer(query, passing, { opcode: "STATUS" }),
    noResponse: (query, passing) => forgedAnswer(query, passing, { isResponse: false }),
    garbage: (_, passing) => ({ bytes: Uint8Array.of(1, 2, 3), from: passing.to, to: passing.from }),
  };
  for (const [what, forge] of Object.entries(forgeries)) {
    const internet = new SmallInternet();
    attack(internet, (query, passing) => [forge(query, passing)]);
    assert.deepEqual(addressOf(internet), [TRUE_ADDRESS], what);
    assert.equal(internet.takeTrace(["rejected"]).length, 1, what);
  }
});

test("identifiers and source ports differ from question to question", () => {
  const internet = new SmallInternet();
  for (let i = 0; i < 40; i++) addressOf(internet, `n${i}.hamburger.edu`);
  const queries = internet.net.sent.filter(({ to }) => to.port === 53);
  assert.ok(new Set(queries.map(({ from }) => from.port)).size > queries.length * 0.9);
  assert.ok(new Set(queries.map(({ bytes }) => parseMessage(bytes).id)).size > queries.length * 0.9);
});

test("with mixed case, an answer must repeat the mix", () => {
  const internet = new SmallInternet({ mixCase: true });
  attack(internet, (query, passing) => [
    forgedAnswer(query, passing, { questions: [{ ...query.questions[0], name: "mail.hamburger.edu." }] }),
  ]);
  assert.deepEqual(addressOf(internet), [TRUE_ADDRESS]);
  const asked = internet.net.sent.filter(({ to }) => to.port === 53).map(({ bytes }) => parseMessage(bytes));
  assert.ok(asked.some(({ questions: [{ name }] }) => name !== name.toLowerCase()));
});

test("a flood of guesses drives the question to TCP", () => {
  const internet = new SmallInternet();
  attack(internet, (query, passing) =>
    Array.from({ length: 30 }, (_, i) => forgedAnswer(query, passing, { id: (query.id + 1 + i) & 0xffff })),
  );
  assert.deepEqual(addressOf(internet), [TRUE_ADDRESS]);
  const last = internet.events.findLast(({ kind }) => kind === "answered");
  assert.equal(last?.kind === "answered" && last.exchange.transport, "tcp");
});

test("a server cannot speak for other zones: neither beside an answer nor by referral nor by glue", () => {
  const extras: Partial<Message>[] = [
    { answers: records("mail.hamburger.edu A 10.2.0.10", "www.crepes.fr A 6.6.6.6") },
    {
      answers: records("mail.hamburger.edu A 10.2.0.10"),
      authorities: records("fr NS dns.evil.", "crepes.fr NS dns.evil."),
      additionals: records("dns.evil A 6.6.6.6", "www.crepes.fr A 6.6.6.6", "ns.fr A 6.6.6.6"),
    },
    { answers: records("mail.hamburger.edu CNAME www.crepes.fr.", "www.crepes.fr A 6.6.6.6") },
    {
      isAuthoritative: false,
      answers: [],
      authorities: records("fr NS dns.evil."),
      additionals: records("dns.evil A 6.6.6.6"),
    },
  ];
  for (const extra of extras) {
    const internet = new SmallInternet();
    attack(internet, (query, passing) => [forgedAnswer(query, passing, extra)]);
    addressOf(internet);
    internet.net.filter = () => true;
    assert.deepEqual(addressOf(internet, "www.crepes.fr"), ["10.1.0.20"]);
  }
});

test("a referral does not replace what the zone itself said", () => {
  const internet = new SmallInternet();
  assert.deepEqual(addressOf(internet, "dns.hamburger.edu"), ["10.0.2.1"]);
  internet.put(
    "10.0.1.1",
    "edu",
    "@ SOA ns h 1 1 1 1 1\n@ NS ns\nns A 10.0.1.1\nother NS dns.hamburger\nhamburger NS dns.hamburger\ndns.hamburger A 6.6.6.6\n",
  );
  addressOf(internet, "www.other.edu");
  assert.deepEqual(addressOf(internet, "dns.hamburger.edu"), ["10.0.2.1"]);
});
