import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../net/index.ts";
import { type Answer, bareAnswer } from "../answer.ts";
import { parseName } from "../name.ts";
import type { Answerer } from "../server.ts";
import { SmallInternet } from "../testing/small-internet.ts";
import { emitMessage } from "../wire/emit.ts";
import { parseMessage } from "../wire/message.ts";
import { formatRecord } from "../wire/record.ts";
import type { RecordType } from "../wire/record-types.ts";
import { parseRootHints } from "./delegation.ts";

function resolving(internet: SmallInternet, name: string, type: RecordType = "A"): Task<Answer> {
  return internet.resolver.resolve({ name: parseName(name), type, class: "IN" });
}

function ask(internet: SmallInternet, name: string, type: RecordType = "A"): Answer {
  return internet.net.run(resolving(internet, name, type));
}

function texts(answer: Answer): string[] {
  return answer.answers.map((record) => formatRecord(record).replaceAll("\t", " "));
}

function passSeconds(internet: SmallInternet, seconds: number): void {
  internet.net.world.runFor(seconds * 1000);
}

test("the chain from the root to the authoritative server, message by message", () => {
  const internet = new SmallInternet();
  const answer = ask(internet, "mail.hamburger.edu");
  assert.deepEqual(texts(answer), ["mail.hamburger.edu. 3600 IN A 10.2.0.10"]);
  assert.equal(answer.isAuthoritative, false);
  assert.ok(answer.recursionAvailable);
  assert.deepEqual(internet.takeTrace(["asked", "answered", "failed", "rejected", "cached"]), [
    "ask 10.0.0.1:53 (for .) about mail.hamburger.edu A",
    "10.0.0.1:53 (for .) about mail.hamburger.edu A: referral to the servers of edu",
    "ask 10.0.1.1:53 (for edu) about mail.hamburger.edu A",
    "10.0.1.1:53 (for edu) about mail.hamburger.edu A: referral to the servers of hamburger.edu",
    "ask 10.0.2.1:53 (for hamburger.edu) about mail.hamburger.edu A",
    "10.0.2.1:53 (for hamburger.edu) about mail.hamburger.edu A: 1 record",
  ]);
});

test("a cached answer skips everybody until its TTL ends, and counts down meanwhile", () => {
  const internet = new SmallInternet();
  ask(internet, "short.hamburger.edu");
  internet.takeTrace();
  passSeconds(internet, 2);
  assert.deepEqual(texts(ask(internet, "SHORT.hamburger.edu")), ["short.hamburger.edu. 3 IN A 10.2.0.30"]);
  assert.deepEqual(internet.takeTrace(["asked", "cached"]), ["SHORT.hamburger.edu A: known from the cache"]);
  passSeconds(internet, 4);
  assert.deepEqual(texts(ask(internet, "short.hamburger.edu")), ["short.hamburger.edu. 5 IN A 10.2.0.30"]);
  // The delegations have longer TTLs: only the site itself is asked.
  assert.deepEqual(internet.takeTrace(), [
    "10.0.2.1:53 (for hamburger.edu) about short.hamburger.edu A: 1 record",
  ]);
});

test("other names use the delegations that are known", () => {
  const internet = new SmallInternet();
  ask(internet, "mail.hamburger.edu");
  internet.takeTrace();
  ask(internet, "dns.hamburger.edu");
  assert.equal(internet.takeTrace(["asked"]).length, 1);
  // Glue is no answer: the owner of the data is asked, and only once.
  ask(internet, "dns.hamburger.edu");
  assert.equal(internet.takeTrace(["asked"]).length, 0);
});

test("there is no such name, no such data: kept for the time of the SOA (RFC 2308)", () => {
  const internet = new SmallInternet();
  const answer = ask(internet, "nothing.hamburger.edu");
  assert.equal(answer.responseCode, "NXDOMAIN");
  assert.equal(answer.authorities[0].ttlSeconds, 300);
  const noData = ask(internet, "mail.hamburger.edu", "MX");
  assert.equal(noData.responseCode, "NOERROR");
  assert.deepEqual(noData.answers, []);
  internet.takeTrace();
  passSeconds(internet, 100);
  assert.equal(ask(internet, "nothing.hamburger.edu", "MX").responseCode, "NXDOMAIN");
  // RFC 8020: nothing is below it either.
  assert.equal(ask(internet, "below.nothing.hamburger.edu").responseCode, "NXDOMAIN");
  assert.equal(ask(internet, "mail.hamburger.edu", "MX").authorities[0].ttlSeconds, 200);
  assert.deepEqual(internet.takeTrace(["asked"]), []);
  passSeconds(internet, 201);
  ask(internet, "nothing.hamburger.edu");
  assert.equal(internet.takeTrace(["asked"]).length, 1);
});

test("aliases are followed across zones, and each part is remembered", () => {
  const internet = new SmallInternet();
  assert.deepEqual(texts(ask(internet, "far.hamburger.edu")), [
    "far.hamburger.edu. 3600 IN CNAME back.crepes.fr.",
    "back.crepes.fr. 3600 IN CNAME mail.hamburger.edu.",
    "mail.hamburger.edu. 3600 IN A 10.2.0.10",
  ]);
  internet.takeTrace();
  ask(internet, "back.crepes.fr");
  assert.deepEqual(internet.takeTrace(["asked"]), []);
  assert.deepEqual(texts(ask(internet, "far.hamburger.edu", "CNAME")), [
    "far.hamburger.edu. 3600 IN CNAME back.crepes.fr.",
  ]);
});

test("aliases in a circle end in SERVFAIL, after few questions, and that is remembered for a moment", () => {
  const internet = new SmallInternet();
  assert.equal(ask(internet, "loop1.hamburger.edu").responseCode, "SERVFAIL");
  assert.ok(internet.takeTrace(["asked"]).length <= 4);
  assert.equal(ask(internet, "loop1.hamburger.edu").responseCode, "SERVFAIL");
  assert.equal(internet.takeTrace(["asked"]).length, 0);
});

test("servers without glue are looked up; servers that need each other end in SERVFAIL", () => {
  const internet = new SmallInternet();
  assert.deepEqual(texts(ask(internet, "www.glueless.fr")), ["www.glueless.fr. 3600 IN A 10.3.0.1"]);
  internet.takeTrace();
  assert.equal(ask(internet, "www.circle1.fr").responseCode, "SERVFAIL");
  assert.ok(internet.takeTrace(["asked"]).length < 60);
});

test("a silent server: the next one is asked, and later the silent one comes last", () => {
  const internet = new SmallInternet();
  internet.silence("10.0.0.1");
  internet.silence("10.0.2.2");
  assert.deepEqual(texts(ask(internet, "www.crepes.fr")), ["www.crepes.fr. 3600 IN A 10.1.0.20"]);
  internet.takeTrace();
  ask(internet, "mail.hamburger.edu");
  ask(internet, "back.crepes.fr", "TXT");
  assert.ok(internet.takeTrace(["failed"]).length <= 1);
});

test("nobody answers: SERVFAIL within ten seconds", () => {
  const internet = new SmallInternet();
  internet.net.filter = () => false;
  const start = internet.net.world.clock.nowNs();
  assert.equal(ask(internet, "mail.hamburger.edu").responseCode, "SERVFAIL");
  const seconds = (internet.net.world.clock.nowNs() - start) / 1e9;
  assert.ok(seconds > 5 && seconds <= 11, `${seconds} s`);
  internet.net.filter = () => true;
  passSeconds(internet, 6);
  assert.equal(ask(internet, "mail.hamburger.edu").responseCode, "NOERROR");
});

test("lost datagrams are sent again", () => {
  const internet = new SmallInternet();
  let count = 0;
  internet.net.filter = () => ++count % 3 !== 1;
  assert.deepEqual(texts(ask(internet, "mail.hamburger.edu")), ["mail.hamburger.edu. 3600 IN A 10.2.0.10"]);
});

test("lame servers are passed over and left alone for a while", () => {
  for (const responseCode of ["REFUSED", "SERVFAIL", "NOERROR"] as const) {
    const internet = new SmallInternet();
    internet.serve("10.0.2.2", always(bareAnswer(responseCode)));
    internet.serve("10.0.0.1", always(bareAnswer(responseCode)));
    assert.deepEqual(texts(ask(internet, "www.crepes.fr")), ["www.crepes.fr. 3600 IN A 10.1.0.20"]);
    internet.takeTrace();
    for (const name of ["a", "b", "c"]) ask(internet, `${name}.crepes.fr`);
    const toLame = internet.takeTrace(["asked"]).filter((line) => line.includes("10.0.2.2"));
    assert.ok(toLame.length <= 1, responseCode);
  }
});

test("an answer that does not fit is fetched over TCP", () => {
  const internet = new SmallInternet();
  const answer = ask(internet, "big.hamburger.edu", "TXT");
  assert.equal(answer.answers.length, 1);
  const last = internet.events.findLast(({ kind }) => kind === "answered");
  assert.equal(last?.kind === "answered" && last.exchange.transport, "tcp");
});

test("a server that knows no EDNS is asked without", () => {
  const internet = new SmallInternet();
  const [table] = [internet.zones.get("10.0.2.1")];
  assert.ok(table);
  internet.net.filter = ({ bytes, to, from }) => {
    if (to.address !== "10.0.2.1" || parseMessage(bytes).edns === undefined) return true;
    const query = parseMessage(bytes);
    const refusal = { ...query, isResponse: true, edns: undefined, responseCode: "FORMERR" as const };
    internet.net.inject({ bytes: emitMessage(refusal), from: to, to: from }, 10);
    return false;
  };
  assert.deepEqual(texts(ask(internet, "mail.hamburger.edu")), ["mail.hamburger.edu. 3600 IN A 10.2.0.10"]);
});

test("equal questions at once share the work", () => {
  const internet = new SmallInternet();
  const answers = internet.net.run(
    (function* (): Task<Answer[]> {
      const { world } = internet.net;
      const names = ["mail.hamburger.edu", "MAIL.hamburger.edu", "mail.hamburger.edu"];
      const handles = names.map((name) => world.spawn("ask", resolving(internet, name)));
      const answers: Answer[] = [];
      for (const handle of handles) answers.push(yield* handle.join());
      return answers;
    })(),
  );
  assert.ok(answers.every((answer) => answer.answers.length === 1));
  assert.equal(internet.takeTrace(["asked"]).length, 3);
});

test("the order of addresses rotates out of the cache, too", () => {
  const internet = new SmallInternet();
  const firsts = [1, 2, 3, 4].map(() => texts(ask(internet, "www.hamburger.edu"))[0].split(" ").at(-1));
  assert.equal(new Set(firsts).size, 3);
});

test("a work limit ends what hostile zones make endless", () => {
  const internet = new SmallInternet();
  let count = 0;
  // Every name is an alias of a new one.
  internet.serve("10.0.2.1", function* ({ question }) {
    const target = parseName(`n${++count}.hamburger.edu`);
    const data = { type: "CNAME", canonicalName: target } as const;
    const answers = [{ name: question.name, class: "IN", ttlSeconds: 60, data }] as const;
    return { ...bareAnswer("NOERROR"), isAuthoritative: true, answers };
  });
  assert.equal(ask(internet, "mail.hamburger.edu").responseCode, "SERVFAIL");
  assert.ok(count < 20, `${count} questions`);
});

test("without recursion: what is known, else who is nearer", () => {
  const internet = new SmallInternet();
  const question = { name: "mail.hamburger.edu.", type: "A", class: "IN" } as const;
  assert.equal(internet.resolver.answerFromCache(question).authorities[0].name, ".");
  ask(internet, "dns.hamburger.edu");
  const referral = internet.resolver.answerFromCache(question);
  assert.equal(referral.authorities[0].name, "hamburger.edu.");
  assert.deepEqual(referral.additionals[0].data, { type: "A", address: "10.0.2.1" });
  ask(internet, "mail.hamburger.edu");
  internet.takeTrace();
  assert.equal(internet.resolver.answerFromCache(question).answers.length, 1);
  assert.deepEqual(internet.takeTrace(["asked"]), []);
});

test("root hints are read with care", () => {
  const { zone, servers } = parseRootHints(["a.root-servers.net 198.41.0.4 2001:503:ba3e::2:30"]);
  assert.equal(zone, ".");
  assert.deepEqual(servers, [
    { host: "a.root-servers.net.", addresses: ["198.41.0.4", "2001:503:ba3e::2:30"] },
  ]);
  assert.throws(() => parseRootHints(["a.root-servers.net"]), /expected a name and its addresses/);
  assert.throws(() => parseRootHints(["a..b 10.0.0.1"]), /empty label/);
});

function always(answer: Answer): Answerer {
  return function* () {
    return answer;
  };
}
