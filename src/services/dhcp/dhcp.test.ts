/** The service: what it knows of its host by itself, what is wrong with a configuration and on which line, clients behind a relay. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completeNetworkFile } from "../../topology/assist/index.ts";
import { buildNetwork, formatFileError, parseNetworkFile } from "../../topology/index.ts";
import type { RunningDhcp } from "./index.ts";
import { dhcpProblems } from "./problems.ts";
import { type ServingHost, serverConfiguration } from "./subnets.ts";

const HOST: ServingHost = {
  interfaces: [
    { name: "eth0", hardwareAddress: "02:00:00:00:00:01", addresses: ["10.1.0.1/24", "2001:db8::1/64"] },
    { name: "eth1", hardwareAddress: "02:00:00:00:00:02", addresses: ["10.2.0.1/28"] },
  ],
  nameServers: ["10.1.0.53", "2001:db8::53"],
  servesNames: false,
  gateways: ["10.1.0.254"],
  isRouter: false,
};

describe("what a server gives", () => {
  test("with nothing said: the upper half of each network, the host's own gateway and name servers, an hour", () => {
    const { subnets, only, ping } = serverConfiguration({}, HOST);
    assert.deepEqual([only, ping], [undefined, true]);
    const [first, second] = subnets;
    assert.deepEqual(first.ranges, [{ first: "10.1.0.128", last: "10.1.0.254" }]);
    assert.deepEqual(
      [first.routers, first.nameServers, first.leaseTime],
      [["10.1.0.254"], ["10.1.0.53"], 3600],
    );
    assert.deepEqual([second.network, second.prefixLength, second.routers], ["10.2.0.0", 28, []]);
    assert.deepEqual(second.ranges, [{ first: "10.2.0.8", last: "10.2.0.14" }]);
  });

  test("a router is the gateway itself; who has a name server of its own names itself", () => {
    const { subnets } = serverConfiguration(
      {},
      { ...HOST, isRouter: true, nameServers: [], servesNames: true },
    );
    assert.deepEqual(
      subnets.map(({ routers, nameServers }) => [routers, nameServers]),
      [
        [["10.1.0.1"], ["10.1.0.1"]],
        [["10.2.0.1"], ["10.2.0.1"]],
      ],
    );
    const local = serverConfiguration({}, { ...HOST, nameServers: ["127.0.0.1"] });
    assert.deepEqual(local.subnets[0].nameServers, ["10.1.0.1"]);
  });

  test("a pool chooses its network; one that is in none is refused, and so is a reservation", () => {
    const { subnets } = serverConfiguration({ pool: "10.2.0.3-10.2.0.5", leaseSeconds: "forever" }, HOST);
    assert.deepEqual(
      subnets.map(({ network }) => network),
      ["10.2.0.0"],
    );
    assert.equal(subnets[0].leaseTime, 0xffff_ffff);
    const wrong = /is in no network of this host \(10\.1\.0\.0\/24, 10\.2\.0\.0\/28\)/;
    assert.throws(() => serverConfiguration({ pool: "10.3.0.3" }, HOST), wrong);
    assert.throws(
      () => serverConfiguration({ reservations: { "02:00:00:00:00:05": "10.3.0.3" } }, HOST),
      wrong,
    );
  });

  test("problems have their places", () => {
    const problems = (configuration: Parameters<typeof dhcpProblems>[0]): string[] =>
      dhcpProblems(configuration).map(({ path, message }) => `${path.join(".")}: ${message}`);
    assert.deepEqual(problems({ pool: ["10.0.0.1-10.0.0.9", "10.0.0.9-10.0.0.1"] }), [
      "pool.1: the pool ends before it begins: 10.0.0.9 to 10.0.0.1",
    ]);
    assert.deepEqual(problems({ pool: "10.0.0.300" }), ['pool: "10.0.0.300" is no IPv4 address']);
    assert.deepEqual(problems({ pool: "10.0.0.0-10.9.0.0" }), [
      "pool: 589825 addresses, at most 65536 can be given",
    ]);
    assert.deepEqual(problems({ networks: { "10.2.0.1/24": null } }), [
      'networks.10.2.0.1/24: "10.2.0.1/24" is no IPv4 network such as 10.2.0.0/24',
    ]);
    assert.deepEqual(problems({ networks: { "10.2.0.0/24": { pool: "10.3.0.1" } } }), [
      "networks.10.2.0.0/24.pool: 10.3.0.1-10.3.0.1 is not in 10.2.0.0/24",
    ]);
    assert.deepEqual(problems({ leaseSeconds: 60, renewalSeconds: 60 }), [
      "renewalSeconds: 60 s is not before 60 s",
    ]);
    assert.deepEqual(
      problems({ reservations: { "02:00:00:00:00:05": "10.0.0.5", "02:00:00:00:00:06": "10.0.0.5" } }),
      ["reservations.02:00:00:00:00:06: 10.0.0.5 is reserved for 02:00:00:00:00:05 already"],
    );
    assert.deepEqual(
      problems({ networks: { "10.2.0.0/24": { pool: ["10.2.0.1", "10.2.0.9-10.2.0.255"] } } }),
      ["networks.10.2.0.0/24.pool.1: 10.2.0.255 is the broadcast address of 10.2.0.0/24, and no host's"],
    );
  });
});

const FILE = `hamlet: 1
name: Two
hosts:
  server:
    addresses: [10.0.0.2/24]
    services: { dhcp: { pool: 10.0.0.100-10.0.0.110 } }
  pc: { addresses: dhcp }
  six: { addresses: [dhcp, "2001:db8::6/64"] }
  card: { interfaces: { eth0: { addresses: dhcp, mac: "02:00:5e:00:00:07" } } }
routers:
  r: { addresses: [10.0.0.1/24] }
switches:
  lan: { connects: [server, pc, six, card, r] }
`;

test("a host behind a relay gets an address of its own link, renews it through the router, and gives it back", () => {
  const text = `hamlet: 1
name: Relayed
hosts:
  server:
    addresses: [10.0.0.2/24]
    gateway: 10.0.0.1
    services: { dhcp: { networks: { 10.7.0.0/24: { pool: 10.7.0.50-10.7.0.59, gateway: 10.7.0.1, leaseSeconds: 60 } } } }
  far: { addresses: dhcp }
routers:
  r:
    interfaces: { here: [10.0.0.1/24], there: [10.7.0.1/24] }
    services: { dhcp-relay: { servers: [10.0.0.2] } }
links:
  - { between: [server, "r:here"] }
  - { between: ["r:there", far] }
`;
  const { file, errors } = parseNetworkFile(text, "relayed.yaml");
  assert.equal(errors, undefined);
  const lab = buildNetwork(file ?? assert.fail());
  lab.start();
  const lease = () => lab.hosts.get("far")?.machine?.interfaces()[1].dhcp?.lease;
  lab.runTo({ timeNs: 10e9 });
  assert.deepEqual([lease()?.address, lease()?.routers], ["10.7.0.50/24", ["10.7.0.1"]]);
  lab.runTo({ timeNs: 100e9 });
  assert.ok((lease()?.startedAtNs ?? 0) > 60e9, "it was renewed");
  lab.hosts.get("far")?.machine?.leases.release();
  lab.runTo({ timeNs: 101e9 });
  const server = lab.hosts.get("server")?.services[0].running as RunningDhcp;
  assert.deepEqual(
    server.server.bindings().map(({ address, state }) => [address, state]),
    [["10.7.0.50", "free"]],
  );
  assert.deepEqual(lab.failures, []);
  lab.close();
});

describe("network files", () => {
  test("an interface has dhcp, beside IPv6 addresses, and a hardware address", () => {
    const { file } = parseNetworkFile(FILE, "two.yaml");
    const lab = buildNetwork(file ?? assert.fail());
    lab.start();
    lab.runTo({ timeNs: 6e9 });
    const given = (name: string) => lab.hosts.get(name)?.machine?.interfaces()[1];
    assert.match(given("pc")?.addresses.join() ?? "", /^10\.0\.0\.1\d\d\/24$/);
    assert.match(given("six")?.addresses.join() ?? "", /^2001:db8::6\/64,10\.0\.0\.1\d\d\/24$/);
    assert.equal(given("card")?.mac, "02:00:5e:00:00:07");
    assert.deepEqual(lab.failures, []);
    lab.close();
  });

  test("what cannot be is said with its line", () => {
    const mistakes: [string, string, string][] = [
      [
        '[dhcp, "2001',
        '[dhcp, 10.0.0.9/24, "2001',
        'two.yaml:8:28: the IPv4 address comes by DHCP: expected no other beside it, found "10.0.0.9/24"',
      ],
      [
        "pc: { addresses: dhcp }",
        "pc: { addresses: dhcp, gateway: 10.0.0.1 }",
        "two.yaml:7:35: the IPv4 gateway comes by DHCP: expected none here, found 10.0.0.1",
      ],
      [
        "02:00:5e:00:00:07",
        "03:00:5e:00:00:07",
        "two.yaml:9:55: 03:00:5e:00:00:07 is the address of a group: expected an even first octet, such as 02",
      ],
      [
        "02:00:5e:00:00:07",
        "02:00:00:00:00:07",
        "two.yaml:9:55: 02:00:00:00:00:07 is one that the lab gives itself: expected another, such as 02:00:5e:00:00:05",
      ],
      [
        "10.0.0.100-10.0.0.110",
        "10.0.0.110-10.0.0.100",
        "two.yaml:6:31: the pool ends before it begins: 10.0.0.110 to 10.0.0.100",
      ],
      [
        "10.0.0.100-10.0.0.110",
        "10.0.0.0-10.0.0.110",
        "two.yaml:6:31: 10.0.0.0 is the network 10.0.0.0/24, and no host's",
      ],
      [
        "addresses: dhcp }\n  six",
        "addresses: dhpc }\n  six",
        'two.yaml:7:20: expected a list of addresses with their prefix length, such as ["192.168.1.5/24"], or dhcp, found "dhpc", did you mean "dhcp"?',
      ],
    ];
    for (const [before, after, expected] of mistakes) {
      const { errors = [] } = parseNetworkFile(FILE.replace(before, after), "two.yaml");
      assert.deepEqual(errors.map(formatFileError), [expected]);
    }
  });

  test("an editor offers dhcp where addresses stand", () => {
    const text = FILE.replace("pc: { addresses: dhcp }", "pc:\n    addresses: ");
    const line = text.split("\n").indexOf("    addresses: ");
    const offers = completeNetworkFile(text, line, "    addresses: ".length);
    assert.ok(JSON.stringify(offers).includes('"dhcp"'), JSON.stringify(offers));
  });
});
