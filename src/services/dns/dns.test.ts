import assert from "node:assert/strict";
import { test } from "node:test";
import { displayName, formatRecord, parseName, query, type RecordType } from "../../protocols/dns/index.ts";
import { MemoryNet } from "../../protocols/dns/testing/memory-network.ts";
import type { HostStores, ServiceHost } from "../service.ts";
import type { RunningDns } from "./index.ts";
import { type DnsConfiguration, dns, zonesOf } from "./index.ts";

function start(net: MemoryNet, address: string, configuration: DnsConfiguration): RunningDns {
  const host: ServiceHost = {
    network: net.host(address),
    nameServers: [],
    users: [],
    stores: {} as HostStores,
  };
  return net.run(dns.start(host, configuration)) as RunningDns;
}

/** The answer as text: code, flags, and the data of the records. */
function ask(
  net: MemoryNet,
  server: string,
  name: string,
  type: RecordType = "A",
  from = "10.1.0.10",
): string {
  const question = { name: parseName(name), type, class: "IN" } as const;
  const { message } = net.run(query(net.host(from), { address: server, port: 53 }, question));
  const flags = `${message.isAuthoritative ? " aa" : ""}${message.recursionAvailable ? " ra" : ""}`;
  return [
    message.responseCode + flags,
    ...message.answers.map((record) => formatRecord(record).split("\t").slice(3).join(" ")),
  ].join(", ");
}

/** Root and edu on one server, hamburger.edu on another, a local name server with a zone of its own. */
function smallTown(): MemoryNet {
  const net = new MemoryNet();
  start(net, "10.0.0.1", {
    zones: {
      ".": ["@ NS a.root-servers.net", "a.root-servers.net A 10.0.0.1", "edu NS ns.edu", "ns.edu A 10.0.0.1"],
      edu: ["@ NS ns", "ns A 10.0.0.1", "hamburger NS dns.hamburger", "dns.hamburger A 10.2.0.53"],
    },
  });
  start(net, "10.2.0.53", {
    ttlSeconds: 60,
    zones: {
      "hamburger.edu": ["@ NS dns", "@ MX 10 mail", "dns A 10.2.0.53", "mail A 10.2.0.10"],
      "sub.crepes.fr": ["@ NS dns.hamburger.edu.", "www CNAME mail.hamburger.edu."],
    },
  });
  start(net, "10.1.0.53", {
    zones: {
      "crepes.fr": [
        "@ NS dns",
        "dns A 10.1.0.53",
        "bob CNAME mail.hamburger.edu.",
        "sub NS dns.hamburger.edu.",
      ],
    },
    recursive: { rootHints: ["a.root-servers.net 10.0.0.1"], allow: ["10.1.0.0/24"] },
  });
  return net;
}

test("a local name server looks names up for its clients, and answers for its own zone", () => {
  const net = smallTown();
  assert.equal(ask(net, "10.1.0.53", "hamburger.edu", "MX"), "NOERROR ra, MX 10 mail.hamburger.edu.");
  assert.equal(ask(net, "10.1.0.53", "dns.crepes.fr"), "NOERROR aa ra, A 10.1.0.53");
  assert.equal(ask(net, "10.1.0.53", "localhost"), "NOERROR aa ra, A 127.0.0.1");
  // An alias of its own zone, completed from another.
  assert.equal(
    ask(net, "10.1.0.53", "bob.crepes.fr"),
    "NOERROR aa ra, CNAME mail.hamburger.edu., A 10.2.0.10",
  );
  // A delegation of its own zone, followed there, and on from an alias to somewhere else.
  assert.equal(
    ask(net, "10.1.0.53", "www.sub.crepes.fr"),
    "NOERROR ra, CNAME mail.hamburger.edu., A 10.2.0.10",
  );
});

test("others may ask for its own zone only; authoritative servers look nothing up", () => {
  const net = smallTown();
  assert.equal(ask(net, "10.1.0.53", "mail.hamburger.edu", "A", "10.9.9.9"), "REFUSED");
  assert.equal(ask(net, "10.1.0.53", "dns.crepes.fr", "A", "10.9.9.9"), "NOERROR aa, A 10.1.0.53");
  assert.equal(ask(net, "10.2.0.53", "dns.crepes.fr"), "REFUSED");
});

test("a zone that is put at run time is served at once (a registrar's work)", () => {
  const net = smallTown();
  const running = start(net, "10.3.0.1", { zones: { com: ["@ NS ns", "ns A 10.3.0.1"] } });
  assert.equal(ask(net, "10.3.0.1", "dns1.networkutopia.com"), "NXDOMAIN aa");
  const more = zonesOf({
    zones: {
      com: [
        "@ NS ns",
        "ns A 10.3.0.1",
        "networkutopia NS dns1.networkutopia",
        "dns1.networkutopia A 212.212.212.1",
      ],
    },
  });
  running.zones.put(more[0]);
  assert.equal(ask(net, "10.3.0.1", "www.networkutopia.com"), "NOERROR");
  assert.equal(ask(net, "10.3.0.1", "networkutopia.com", "NS"), "NOERROR");
});

test("stopping frees the port", () => {
  const net = new MemoryNet();
  const running = start(net, "10.0.0.1", { zones: { edu: ["@ NS ns", "ns A 10.0.0.1"] } });
  net.run(running.stop(0));
  net.world.runUntilIdle();
  assert.deepEqual(net.world.runner.liveNames(), []);
  start(net, "10.0.0.1", { zones: { edu: ["@ NS ns", "ns A 10.0.0.1"] } });
});

test("a zone file as text; a list of records gets an SOA", () => {
  const [text, list] = zonesOf({
    zones: {
      "a.edu": "$TTL 60\n@ SOA ns h 7 1 1 1 1\n@ NS ns\nns A 10.0.0.1\n",
      "b.edu": ["@ NS ns.a.edu."],
    },
  });
  assert.equal(text.soa.data.serial, 7);
  assert.equal(list.soa.data.primary, "ns.a.edu.");
  assert.equal(displayName(list.soa.data.mailbox), "hostmaster.b.edu");
});

test("mistakes name the zone and the record, all at once", () => {
  const cases: [DnsConfiguration["zones"], RegExp][] = [
    [
      { edu: ["@ NS ns", "ns A 10.0.0", "x B"] },
      /^zone edu: record 2 \("ns A 10\.0\.0"\): expected an IPv4 address, found "10\.0\.0"; zone edu: record 3 \("x B"\): /,
    ],
    [{ edu: "@ SOA a" }, /^zone edu: line 1, column 8: expected a domain name, found the end of the record/],
    [
      { edu: ["www A 10.0.0.1"] },
      /^zone edu: it has no NS record for edu itself \(for example: "@ NS ns1"\)/,
    ],
    [{ "a..b": ["@ NS ns"] }, /^zone "a\.\.b": .*empty label/],
  ];
  for (const [zones, expected] of cases)
    assert.throws(() => zonesOf({ ...(zones && { zones }) }), { message: expected });
  assert.throws(
    () => start(new MemoryNet(), "10.0.0.1", { zones: { edu: ["@ NS a."], "EDU.": ["@ NS a."] } }),
    /twice/,
  );
  const recursive = { rootHints: ["a.root-servers.net 10.0.0.1"], allow: ["10.1"] };
  assert.throws(() => start(new MemoryNet(), "10.0.0.1", { recursive }), /10\.1/);
});
