import assert from "node:assert/strict";
import { test } from "node:test";
import { type Network, NetworkError, type Task } from "../../net/index.ts";
import { bareAnswer } from "./answer.ts";
import { ZoneTable } from "./authority.ts";
import { parseName } from "./name.ts";
import { nameServer } from "./name-server.ts";
import { serveDns } from "./server.ts";
import { StubResolver } from "./stub.ts";
import { MemoryNet } from "./testing/memory-network.ts";
import { zone } from "./testing/small-internet.ts";

const ZONE = `@ SOA ns hostmaster 1 7200 900 1209600 300
@ NS ns
ns A 10.0.0.1
mail A 10.2.0.10
mail AAAA 2001:db8::10
pop CNAME mail
loop1 CNAME loop2
loop2 CNAME loop1
lost CNAME nowhere
short 5 A 10.2.0.1
six AAAA 2001:db8::6
@ MX 20 backup
@ MX 10 mail
nomail MX 0 .
`;

interface Setup {
  readonly net: MemoryNet;
  readonly client: Network;
  /** Questions that reached the server. */
  readonly asked: string[];
}

function setUp(): Setup {
  const net = new MemoryNet();
  const zones = new ZoneTable();
  zones.put(zone("hamburger.edu", ZONE));
  const answer = nameServer({ zones });
  const asked: string[] = [];
  net.run(
    serveDns(net.host("10.0.0.1"), {}, (query) => {
      asked.push(`${query.question.name} ${query.question.type}`);
      return answer(query);
    }),
  );
  return { net, client: net.host("10.0.0.9"), asked };
}

function failure(net: MemoryNet, task: Task<unknown>): NetworkError {
  try {
    net.run(task);
  } catch (error) {
    assert.ok(error instanceof NetworkError, String(error));
    return error;
  }
  return assert.fail("nothing failed");
}

test("addresses of both families, IPv6 first; one family; behind an alias", () => {
  const { net, client, asked } = setUp();
  const stub = new StubResolver(client, ["10.0.0.1"]);
  assert.deepEqual(net.run(stub.addresses("mail.hamburger.edu")), ["2001:db8::10", "10.2.0.10"]);
  assert.deepEqual(net.run(stub.addresses("pop.hamburger.edu", 4)), ["10.2.0.10"]);
  assert.deepEqual(net.run(stub.addresses("six.hamburger.edu")), ["2001:db8::6"]);
  assert.equal(asked.length, 5);
  assert.deepEqual(net.world.runner.liveNames(), ["dns accept", "dns udp"]);
});

test("addresses and localhost need no server: RFC 6761 section 6.3", () => {
  const { net, client, asked } = setUp();
  const stub = new StubResolver(client, ["10.0.0.1"], { searchDomains: ["hamburger.edu"] });
  assert.deepEqual(net.run(stub.addresses("10.1.2.3")), ["10.1.2.3"]);
  assert.deepEqual(net.run(stub.addresses("2001:DB8::1", 6)), ["2001:db8::1"]);
  assert.equal(failure(net, stub.addresses("10.1.2.3", 6)).code, "name-not-found");
  assert.deepEqual(net.run(stub.addresses("localhost")), ["::1", "127.0.0.1"]);
  assert.deepEqual(net.run(stub.addresses("a.LocalHost.", 4)), ["127.0.0.1"]);
  assert.deepEqual(asked, []);
});

test("what is not found, and what fails, is told apart", () => {
  const { net, client } = setUp();
  const stub = new StubResolver(client, ["10.0.0.1"]);
  const noName = failure(net, stub.addresses("nothing.hamburger.edu"));
  assert.equal(noName.code, "name-not-found");
  assert.equal(noName.message, "nothing.hamburger.edu: there is no such name");
  assert.equal(failure(net, stub.addresses("hamburger.edu")).message, "hamburger.edu has no address");
  assert.equal(failure(net, stub.addresses("six.hamburger.edu", 4)).code, "name-not-found");
  assert.equal(failure(net, stub.addresses("lost.hamburger.edu")).code, "name-not-found");
  assert.equal(failure(net, stub.addresses("loop1.hamburger.edu")).code, "name-not-found");
  assert.equal(failure(net, stub.addresses("a..b")).code, "name-not-found");
  const refused = failure(net, stub.addresses("crepes.fr"));
  assert.equal(refused.code, "name-server-failed");
  assert.match(refused.message, /crepes\.fr AAAA: 10\.0\.0\.1 answered REFUSED/);
  const none = failure(net, new StubResolver(client, []).addresses("crepes.fr"));
  assert.match(none.message, /no name server is configured/);
});

test("a silent or failing server: the next one is asked; nobody answers: in the end it fails", () => {
  const { net, client } = setUp();
  const failing = net.host("10.0.0.2");
  net.run(
    serveDns(failing, {}, function* () {
      return bareAnswer("SERVFAIL");
    }),
  );
  const stub = new StubResolver(client, ["10.0.0.7", "10.0.0.2", "10.0.0.1"]);
  assert.deepEqual(net.run(stub.addresses("mail.hamburger.edu", 4)), ["10.2.0.10"]);
  const start = net.world.clock.nowNs();
  const error = failure(net, new StubResolver(client, ["10.0.0.7"]).addresses("mail.hamburger.edu"));
  assert.equal(error.code, "name-server-failed");
  assert.match(error.message, /10\.0\.0\.7:53 did not answer/);
  assert.ok((net.world.clock.nowNs() - start) / 1e9 < 10);
});

test("answers are kept for their TTL", () => {
  const { net, client, asked } = setUp();
  const stub = new StubResolver(client, ["10.0.0.1"]);
  for (let i = 0; i < 3; i++) net.run(stub.addresses("short.hamburger.edu", 4));
  failure(net, stub.addresses("nothing.hamburger.edu", 4));
  failure(net, stub.addresses("nothing.hamburger.edu", 4));
  assert.equal(asked.length, 2);
  net.world.runFor(6000);
  net.run(stub.addresses("SHORT.hamburger.edu", 4));
  assert.equal(asked.length, 3);
  stub.flush();
  net.run(stub.addresses("short.hamburger.edu", 4));
  assert.equal(asked.length, 4);
});

test("what is remembered can be looked at, with the time that is left; looking keeps nothing alive", () => {
  const { net, client } = setUp();
  const stub = new StubResolver(client, ["10.0.0.1"]);
  net.run(stub.addresses("short.hamburger.edu", 4));
  net.run(stub.mailExchangers("hamburger.edu"));
  failure(net, stub.addresses("nothing.hamburger.edu", 4));
  net.world.runFor(2000);
  assert.deepEqual(
    stub.cached().map(({ name, type, value }) => `${name} ${type} ${value}`),
    [
      "short.hamburger.edu A 10.2.0.1",
      "hamburger.edu MX 20 backup.hamburger.edu.",
      "hamburger.edu MX 10 mail.hamburger.edu.",
      "nothing.hamburger.edu A (no such name)",
    ],
  );
  assert.equal(stub.cached()[0].remainingSeconds, 3);
  net.world.runFor(4000);
  assert.equal(
    stub.cached().some(({ name }) => name === "short.hamburger.edu"),
    false,
  );
});

test("other name servers: what the last ones said is forgotten", () => {
  const { net, client, asked } = setUp();
  let servers = ["10.0.0.1"];
  const stub = new StubResolver(client, () => servers);
  net.run(stub.addresses("mail.hamburger.edu", 4));
  net.run(stub.addresses("mail.hamburger.edu", 4));
  assert.equal(asked.length, 1);
  servers = ["10.0.0.1"];
  net.run(stub.addresses("mail.hamburger.edu", 4));
  assert.equal(asked.length, 2);
  servers = [];
  assert.match(failure(net, stub.addresses("mail.hamburger.edu", 4)).message, /no name server is configured/);
});

test("names without a dot are completed by the search domains, then tried alone", () => {
  const { net, client, asked } = setUp();
  const stub = new StubResolver(client, ["10.0.0.1"], {
    searchDomains: ["edu.hamburger.edu", "hamburger.edu"],
  });
  assert.deepEqual(net.run(stub.addresses("mail", 4)), ["10.2.0.10"]);
  assert.deepEqual(asked, ["mail.edu.hamburger.edu. A", "mail.hamburger.edu. A"]);
});

test("mail exchangers, the best first; none; none wanted (RFC 7505)", () => {
  const { net, client } = setUp();
  const stub = new StubResolver(client, ["10.0.0.1"]);
  assert.deepEqual(net.run(stub.mailExchangers("hamburger.edu")), [
    { preference: 10, exchange: "mail.hamburger.edu" },
    { preference: 20, exchange: "backup.hamburger.edu" },
  ]);
  assert.deepEqual(net.run(stub.mailExchangers("mail.hamburger.edu")), []);
  assert.deepEqual(net.run(stub.mailExchangers("nomail.hamburger.edu")), [{ preference: 0, exchange: "." }]);
  assert.equal(failure(net, stub.mailExchangers("nothing.hamburger.edu")).code, "name-not-found");
});

test("other records: the name at the end of the aliases, and its data", () => {
  const { net, client } = setUp();
  const stub = new StubResolver(client, ["10.0.0.1"]);
  const answer = net.run(stub.ask(parseName("pop.hamburger.edu"), "AAAA"));
  assert.equal(answer.canonicalName, "mail.hamburger.edu.");
  assert.equal(answer.records[0].data.address, "2001:db8::10");
});
