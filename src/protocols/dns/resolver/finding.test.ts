import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseRecordList } from "../master-file.ts";
import { isWithin, parseName } from "../name.ts";
import * as arbitrary from "../testing/arbitraries.ts";
import { emptyMessage, type Message, type Question } from "../wire/message.ts";
import type { ResourceRecord } from "../wire/record.ts";
import { type Finding, findingOf } from "./finding.ts";

const question: Question = { name: "www.hamburger.edu.", type: "A", class: "IN" };

function records(...lines: string[]): ResourceRecord[] {
  const parsed = parseRecordList(lines, { ttlSeconds: 60 });
  assert.deepEqual(parsed.errors, []);
  return [...parsed.records];
}

function finding(zone: string, message: Partial<Message>): Finding {
  return findingOf(
    { ...emptyMessage, isResponse: true, questions: [question], ...message },
    question,
    parseName(zone),
  );
}

test("an answer with authority, also behind aliases", () => {
  const answers = records("www.hamburger.edu CNAME web.hamburger.edu.", "web.hamburger.edu A 10.0.0.1");
  const found = finding("hamburger.edu", { isAuthoritative: true, answers });
  assert.deepEqual(found, { kind: "answer", aliases: [answers[0]], records: [answers[1]] });
});

test("what lies outside the server's zone is not believed", () => {
  const answers = records("www.hamburger.edu CNAME www.bank.com.", "www.bank.com A 6.6.6.6");
  const found = finding("hamburger.edu", { isAuthoritative: true, answers });
  assert.deepEqual(found, { kind: "alias", aliases: [answers[0]], target: "www.bank.com." });
  // Not even asked: it stands beside the answer.
  const beside = records("www.hamburger.edu A 10.0.0.1", "www.bank.com A 6.6.6.6");
  const answer = finding("hamburger.edu", { isAuthoritative: true, answers: beside });
  assert.deepEqual(answer.kind === "answer" && answer.records, [beside[0]]);
});

test("a referral leads downwards, towards the question, with glue of the server's own zone only", () => {
  const authorities = records("hamburger.edu NS dns.hamburger.edu.", "hamburger.edu NS dns.bank.com.");
  const additionals = records(
    "dns.hamburger.edu A 10.0.0.1",
    "dns.bank.com A 6.6.6.6",
    "other.edu A 6.6.6.6",
  );
  const found = finding("edu", { authorities, additionals });
  assert.deepEqual(found, {
    kind: "referral",
    zone: "hamburger.edu.",
    servers: authorities,
    glue: [additionals[0]],
  });
});

test("referrals upwards, sideways, to the zone itself are lame", () => {
  for (const line of ["edu NS a.b.", ". NS a.b.", "pickles.edu NS a.b.", "hamburger.edu NS a.b."]) {
    assert.equal(finding("hamburger.edu", { authorities: records(line) }).kind, "lame", line);
  }
});

test("codes and missing authority make a server lame", () => {
  for (const responseCode of ["SERVFAIL", "REFUSED", "NOTIMP", "FORMERR", "RCODE11"] as const) {
    assert.equal(finding("hamburger.edu", { responseCode }).kind, "lame", responseCode);
  }
  assert.equal(finding("hamburger.edu", { answers: records("www.hamburger.edu A 10.0.0.1") }).kind, "lame");
  assert.equal(finding("hamburger.edu", {}).kind, "lame");
});

test("there is none: with the SOA of the zone, or of no use to remember", () => {
  const authorities = records("hamburger.edu SOA a. b. 1 2 3 4 5");
  const noName = finding("hamburger.edu", { isAuthoritative: true, responseCode: "NXDOMAIN", authorities });
  assert.deepEqual(noName.kind === "negative" && noName.negative, { kind: "no-name", soa: authorities[0] });
  const foreign = records("bank.com SOA a. b. 1 2 3 4 5");
  const noData = finding("hamburger.edu", { isAuthoritative: true, authorities: foreign });
  assert.deepEqual(noData.kind === "negative" && noData.negative, { kind: "no-data", soa: undefined });
});

test("a circle of aliases inside an answer ends", () => {
  const answers = records(
    "www.hamburger.edu CNAME a.hamburger.edu.",
    "a.hamburger.edu CNAME www.hamburger.edu.",
  );
  assert.equal(finding("hamburger.edu", { isAuthoritative: true, answers }).kind, "alias");
});

test("whatever a server sends, nothing from outside its zone is taken", () => {
  fc.assert(
    fc.property(arbitrary.message, arbitrary.question, arbitrary.name, (message, asked, zone) => {
      const found = findingOf(message, asked, zone);
      if (found.kind === "answer") {
        for (const record of [...found.aliases, ...found.records]) assert.ok(isWithin(record.name, zone));
      } else if (found.kind === "referral") {
        assert.ok(isWithin(found.zone, zone) && found.zone.length > zone.length);
        for (const record of found.glue) assert.ok(isWithin(record.name, zone));
      } else if (found.kind === "negative" && found.negative.soa !== undefined) {
        assert.ok(isWithin(found.negative.soa.name, zone) && isWithin(found.name, found.negative.soa.name));
      }
    }),
    { numRuns: 500 },
  );
});
