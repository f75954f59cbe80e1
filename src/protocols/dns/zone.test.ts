import assert from "node:assert/strict";
import { test } from "node:test";
import { Rotation, rotated } from "./answer.ts";
import { answerFromZones, type ZoneAnswer, ZoneTable } from "./authority.ts";
import { ZoneError } from "./errors.ts";
import { parseName } from "./name.ts";
import { zone } from "./testing/small-internet.ts";
import { formatRecord, type ResourceRecord } from "./wire/record.ts";
import type { RecordType } from "./wire/record-types.ts";

const SOA = "@ SOA ns hostmaster 870611 1800 300 604800 86400\n@ NS ns\nns A 10.9.9.9\n";

function table(zones: Readonly<Record<string, string>>): ZoneTable {
  const result = new ZoneTable();
  for (const [name, text] of Object.entries(zones)) result.put(zone(name, text));
  return result;
}

function ask(zones: ZoneTable, name: string, type: RecordType): ZoneAnswer {
  const question = { name: parseName(name), type, class: "IN" } as const;
  const answer = answerFromZones(zones, question, new Rotation());
  assert.ok(answer, `${name} lies in a zone`);
  return answer;
}

function show(records: readonly ResourceRecord[]): string[] {
  return records.map((record) => {
    const [name, , , ...rest] = formatRecord(record).split("\t");
    return [name, ...rest].join(" ");
  });
}

/** The zones of RFC 1034 section 6.1, as far as section 6.2 asks for them. */
const rfc1034 = table({
  ".": `. 86400 SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400
. NS A.ISI.EDU.
. NS C.ISI.EDU.
. NS SRI-NIC.ARPA.
MIL. 86400 NS SRI-NIC.ARPA.
MIL. 86400 NS A.ISI.EDU.
EDU. NS SRI-NIC.ARPA.
EDU. NS C.ISI.EDU.
SRI-NIC.ARPA. A 26.0.0.73
SRI-NIC.ARPA. A 10.0.0.51
SRI-NIC.ARPA. MX 0 SRI-NIC.ARPA.
SRI-NIC.ARPA. HINFO DEC-2060 TOPS20
ACC.ARPA. A 26.6.0.65
USC-ISIC.ARPA. CNAME C.ISI.EDU.
A.ISI.EDU. A 26.3.0.103
C.ISI.EDU. A 10.0.0.52
`,
});

test("RFC 1034 section 6.2.1: A of a host with two addresses", () => {
  const answer = ask(rfc1034, "SRI-NIC.ARPA", "A");
  assert.ok(answer.isAuthoritative);
  assert.deepEqual(show(answer.answers), ["SRI-NIC.ARPA. A 26.0.0.73", "SRI-NIC.ARPA. A 10.0.0.51"]);
});

test("RFC 1034 section 6.2.3: MX with the address beside it", () => {
  const answer = ask(rfc1034, "SRI-NIC.ARPA", "MX");
  assert.deepEqual(show(answer.answers), ["SRI-NIC.ARPA. MX 0 SRI-NIC.ARPA."]);
  assert.deepEqual(show(answer.additionals), ["SRI-NIC.ARPA. A 26.0.0.73", "SRI-NIC.ARPA. A 10.0.0.51"]);
});

test("RFC 1034 sections 6.2.4 and 6.2.5: no such data, no such name, with the SOA (RFC 2308)", () => {
  const noData = ask(rfc1034, "SRI-NIC.ARPA", "NS");
  assert.equal(noData.responseCode, "NOERROR");
  assert.deepEqual(noData.answers, []);
  const noName = ask(rfc1034, "SIR-NIC.ARPA", "A");
  assert.equal(noName.responseCode, "NXDOMAIN");
  for (const { isAuthoritative, authorities } of [noData, noName]) {
    assert.ok(isAuthoritative);
    assert.deepEqual(show(authorities), [
      ". SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400",
    ]);
  }
});

test("RFC 1034 section 6.2.6: a referral with glue, without authority", () => {
  const answer = ask(rfc1034, "BRL.MIL", "A");
  assert.equal(answer.isAuthoritative, false);
  assert.deepEqual(answer.answers, []);
  assert.deepEqual(show(answer.authorities), ["MIL. NS SRI-NIC.ARPA.", "MIL. NS A.ISI.EDU."]);
  assert.deepEqual(show(answer.additionals), [
    "SRI-NIC.ARPA. A 26.0.0.73",
    "SRI-NIC.ARPA. A 10.0.0.51",
    "A.ISI.EDU. A 26.3.0.103",
  ]);
});

test("RFC 1034 sections 6.2.7 and 6.2.8: an alias into a delegated zone; the CNAME itself", () => {
  const alias = ask(rfc1034, "USC-ISIC.ARPA", "A");
  assert.ok(alias.isAuthoritative);
  assert.deepEqual(show(alias.answers), ["USC-ISIC.ARPA. CNAME C.ISI.EDU."]);
  assert.deepEqual(show(alias.authorities), ["EDU. NS SRI-NIC.ARPA.", "EDU. NS C.ISI.EDU."]);
  assert.deepEqual(alias.open, { name: "C.ISI.EDU.", kind: "delegated" });
  assert.deepEqual(show(ask(rfc1034, "USC-ISIC.ARPA", "CNAME").answers), ["USC-ISIC.ARPA. CNAME C.ISI.EDU."]);
});

/** RFC 4592 section 2.2.1. */
const wildcards = table({
  example: `${SOA}*.example. TXT "this is a wildcard"
*.example. MX 10 host1.example.
sub.*.example. TXT "this is not a wildcard"
host1.example. A 192.0.2.1
_ssh._tcp.host1.example. SRV 0 0 22 host1.example.
_ssh._tcp.host2.example. SRV 0 0 22 host2.example.
subdel.example. NS ns.example.com.
subdel.example. NS ns.example.net.
`,
});

test("RFC 4592 section 2.2.1: what a wildcard answers", () => {
  assert.deepEqual(show(ask(wildcards, "host3.example", "MX").answers), [
    "host3.example. MX 10 host1.example.",
  ]);
  assert.deepEqual(ask(wildcards, "host3.example", "A").responseCode, "NOERROR");
  assert.deepEqual(ask(wildcards, "host3.example", "A").answers, []);
  assert.deepEqual(show(ask(wildcards, "foo.bar.example", "TXT").answers), [
    'foo.bar.example. TXT "this is a wildcard"',
  ]);
});

test("RFC 4592 section 2.2.1: where a wildcard does not answer", () => {
  for (const [name, code] of [
    ["host1.example", "NOERROR"],
    ["sub.*.example", "NOERROR"],
    ["_telnet._tcp.host1.example", "NXDOMAIN"],
    ["ghost.*.example", "NXDOMAIN"],
    // An empty non-terminal exists.
    ["host2.example", "NOERROR"],
  ]) {
    const answer = ask(wildcards, name, "MX");
    assert.equal(answer.responseCode, code, name);
    assert.deepEqual(answer.answers, [], name);
    assert.equal(answer.authorities[0].data.type, "SOA");
  }
  assert.equal(ask(wildcards, "host.subdel.example", "A").open?.kind, "delegated");
});

test("the case of the question comes back; wildcards take the name asked for", () => {
  assert.deepEqual(show(ask(wildcards, "HOST1.Example", "A").answers), ["HOST1.Example. A 192.0.2.1"]);
});

test("aliases within and between our zones are followed; circles end; outside they are left open", () => {
  const zones = table({
    a: `${SOA}www CNAME web.b.\nloop1 CNAME loop2\nloop2 CNAME loop1\nout CNAME www.c.\ngone CNAME nothing.b.\n* CNAME web.b.\n`,
    b: `${SOA}web A 10.0.0.1\n`,
  });
  assert.deepEqual(show(ask(zones, "www.a", "A").answers), ["www.a. CNAME web.b.", "web.b. A 10.0.0.1"]);
  assert.deepEqual(show(ask(zones, "any.a", "A").answers), ["any.a. CNAME web.b.", "web.b. A 10.0.0.1"]);
  assert.equal(ask(zones, "loop1.a", "A").responseCode, "NOERROR");
  assert.ok(ask(zones, "loop1.a", "A").answers.length < 20);
  assert.deepEqual(ask(zones, "out.a", "A").open, { name: "www.c.", kind: "alias" });
  // RFC 6604 section 3.
  const gone = ask(zones, "gone.a", "A");
  assert.equal(gone.responseCode, "NXDOMAIN");
  assert.deepEqual(show(gone.authorities)[0].split(" ")[0], "b.");
});

test("ANY is answered with one set: RFC 8482 section 4.1", () => {
  assert.equal(ask(wildcards, "example", "ANY").answers.length, 1);
});

test("DS is asked of the parent: RFC 4035 section 3.1.4.1", () => {
  const zones = table({ ".": `${SOA}edu NS ns.edu.\nns.edu A 10.0.0.1\n`, edu: SOA });
  const answer = ask(zones, "edu", "DS");
  assert.ok(answer.isAuthoritative);
  assert.equal(answer.open, undefined);
  assert.equal(answer.authorities[0].name, ".");
});

test("sets rotate: each address comes first in turn", () => {
  const zones = table({ "enterprise.com": `${SOA}www A 10.0.0.1\nwww A 10.0.0.2\nwww A 10.0.0.3\n` });
  const rotation = new Rotation();
  const question = { name: "www.enterprise.com.", type: "A", class: "IN" } as const;
  const firsts = [1, 2, 3, 4].map(() => show(answerFromZones(zones, question, rotation)?.answers ?? [])[0]);
  assert.deepEqual(
    firsts.map((text) => text.slice(-1)),
    ["1", "2", "3", "1"],
  );
  assert.deepEqual(rotated([1, 2, 3], 2), [3, 1, 2]);
});

test("a set has one TTL and no record twice: RFC 2181 section 5", () => {
  const zones = table({ a: `${SOA}www 300 A 10.0.0.1\nWWW 60 A 10.0.0.2\nwww 200 A 10.0.0.1\n` });
  assert.deepEqual(
    ask(zones, "www.a", "A").answers.map(({ ttlSeconds }) => ttlSeconds),
    [60, 60],
  );
});

test("everything that is wrong with a zone is said at once", () => {
  const wrong = `www CNAME web
www A 10.0.0.1
sub NS ns.sub
ns.sub A 10.0.0.2
mail.sub MX 10 x
other.org. A 10.0.0.3
@ MX 10 alias
alias CNAME web
`;
  assert.throws(
    () => zone("a", wrong),
    (error) => {
      assert.ok(error instanceof ZoneError);
      assert.deepEqual(error.problems, [
        '"other.org A 10.0.0.3": other.org is not within a',
        "it has no SOA record",
        'it has no NS record for a itself (for example: "@ NS ns1")',
        '"www.a CNAME web.a.": a name with a CNAME record has no other records',
        '"mail.sub.a MX 10 x.a.": sub.a is delegated, its data belongs to its zone',
        '"a MX 10 alias.a.": the host is an alias (CNAME); write its canonical name',
      ]);
      return true;
    },
  );
});
