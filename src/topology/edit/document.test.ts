import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { LocalError } from "../../net/index.ts";
import { buildNetwork } from "../build.ts";
import type { Lab } from "../lab.ts";
import type { NetworkFile } from "../network-file.ts";
import { NetworkDocument } from "./document.ts";

function shipped(name: string): string {
  return readFileSync(new URL(`../../../networks/${name}`, import.meta.url), "utf8");
}

/** Lines that are only in the first text, and only in the second. */
function difference(before: string, after: string): { gone: string[]; come: string[] } {
  const count = (text: string): Map<string, number> => {
    const lines = new Map<string, number>();
    for (const line of text.split("\n")) lines.set(line, (lines.get(line) ?? 0) + 1);
    return lines;
  };
  const [old, now] = [count(before), count(after)];
  const more = (a: Map<string, number>, b: Map<string, number>): string[] =>
    [...a].flatMap(([line, times]) => Array<string>(Math.max(0, times - (b.get(line) ?? 0))).fill(line));
  return { gone: more(old, now), come: more(now, old) };
}

function changed(
  text: string,
  change: (document: NetworkDocument) => void,
): { gone: string[]; come: string[] } {
  const document = new NetworkDocument(text, "test.yaml");
  change(document);
  return difference(text, document.text);
}

const ketchup = shipped("ketchup.yaml");
const town = shipped("town.yaml");

test("a host comes, and is linked: two entries, an address of its site, the name servers of its neighbours", () => {
  assert.deepEqual(
    changed(ketchup, (document) => {
      assert.equal(document.addNode("host", { at: [10.4, 20] }), "host1");
      assert.equal(document.connect("host1", "crepes-lan"), "crepes-lan--host1");
    }),
    {
      gone: ['  crepes-lan: { connects: [pc.crepes.fr, mail.crepes.fr, "paris:lan"], delay: 0.1 ms }'],
      come: [
        "    nameServers: 10.3.0.53",
        "  host1:",
        "    at: [10, 20]",
        "    addresses: [10.1.0.11/24]",
        '  crepes-lan: { connects: [pc.crepes.fr, mail.crepes.fr, "paris:lan", host1], delay: 0.1 ms }',
      ],
    },
  );
});

test("IPv6 too where the site has it; a list that is shared stays shared", () => {
  assert.deepEqual(
    changed(town, (document) => {
      document.addNode("host", { name: "tablet.crepes.fr" });
      document.connect("crepes-lan", "tablet.crepes.fr");
    }).come.slice(0, 3),
    [
      "  tablet.crepes.fr:",
      '    addresses: [10.1.0.11/24, "2001:db8:1::11/64"]',
      '    nameServers: [10.1.0.53, "2001:db8:1::53"]',
    ],
  );
});

test("a second interface makes the first be called by its name; routers among themselves get a network of their own", () => {
  const document = new NetworkDocument(ketchup, "ketchup.yaml");
  document.addNode("router", { name: "london" });
  assert.equal(document.connect("paris", "london", { delayMs: 5, loss: 0.001 }), "paris--london");
  assert.equal(
    document.connect("ns.example.net", "newyork"),
    "newyork--ns.example.net".split("--").reverse().join("--"),
  );
  const { come } = difference(ketchup, document.text);
  assert.ok(
    come.includes('  - { between: ["paris:eth0", london], delay: 5 ms, loss: 0.1 % }'),
    come.join("\n"),
  );
  assert.ok(
    come.some((line) => line.includes('between: ["paris:dns", "ns.example.net:eth0"]')),
    come.join("\n"),
  );
  assert.ok(
    come.some((line) => line.includes("eth0: [10.255.0.5/30]")),
    come.join("\n"),
  );
});

test("a host goes with all that names it: links, ways in, steps, expectations, name servers; comments stay", () => {
  const document = new NetworkDocument(ketchup, "ketchup.yaml");
  document.removeNode("pc.hamburger.edu");
  const { gone, come } = difference(ketchup, document.text);
  assert.deepEqual(come, [
    '  hamburger-lan: { connects: [mail.hamburger.edu, "newyork:lan"], delay: 0.1 ms }',
  ]);
  assert.ok(gone.includes("    run: pop fetch --verbose"));
  assert.ok(!document.file.expectations.some((each) => each.kind === "step" && each.step === "read"));
  for (const comment of ketchup.match(/^ *#.*$/gm) ?? []) assert.ok(document.text.includes(comment), comment);
  document.removeNode("ns.example.net");
  assert.ok(document.file.hosts.every(({ nameServers }) => nameServers.length === 0));
  assert.ok(document.file.links.every(({ name }) => name !== "to-ns"));
});

test("anchors live on with the first that refers to them", () => {
  const document = new NetworkDocument(town, "town.yaml");
  document.removeNode("pc.crepes.fr");
  document.configureHost("dns.crepes.fr", { addresses: ["10.1.0.52/24"] });
  document.removeNode("a.root-servers.net");
  assert.match(
    document.text,
    /visitor\.crepes\.fr:\n.*\n.*\n {4}nameServers: &crepes-dns \[10\.1\.0\.52\]\n/,
  );
  assert.match(document.text, /www\.crepes\.fr:\n.*\n.*\n {4}nameServers: \*crepes-dns\n/);
  const { services } = document.file.hosts.find(({ name }) => name === "k.root-servers.net") ?? {};
  assert.equal(JSON.stringify(services).includes("a.edu-servers.net. A 192.5.6.30"), true);
});

test("addresses: who refers to the old one refers to the new one", () => {
  assert.deepEqual(
    changed(ketchup, (document) => document.configureHost("ns.example.net", { addresses: ["10.3.0.99/24"] })),
    {
      gone: [...Array<string>(4).fill("    nameServers: 10.3.0.53"), "    addresses: [10.3.0.53/24]"],
      come: [...Array<string>(4).fill("    nameServers: 10.3.0.99"), "    addresses: [10.3.0.99/24]"],
    },
  );
  assert.deepEqual(
    changed(ketchup, (document) =>
      document.configureHost("paris", { interface: "lan", addresses: ["10.1.0.254/24", "2001:db8::1/64"] }),
    ).come,
    ['    interfaces: { lan: [10.1.0.254/24, "2001:db8::1/64"], ocean: [10.0.0.1/30], dns: [10.3.0.1/24] }'],
  );
  assert.deepEqual(
    changed(ketchup, (document) =>
      document.configureHost("pc.crepes.fr", { gateways: ["10.1.0.1"], nameServers: [] }),
    ),
    { gone: ["    nameServers: 10.3.0.53"], come: ["    gateway: 10.1.0.1"] },
  );
});

test("qualities: in the entry of the link; a cable of a switch gets an entry of its own", () => {
  assert.deepEqual(
    changed(ketchup, (document) =>
      document.changeLink("ocean", "both", { delayMs: 100, bandwidthBps: 2.5e6 }),
    ).come,
    ['  - { name: ocean, between: ["paris:ocean", "newyork:ocean"], delay: 100 ms, bandwidth: 2.5 Mbit/s }'],
  );
  assert.deepEqual(
    changed(ketchup, (document) => {
      document.changeLink("crepes-lan--pc.crepes.fr", "forth", { loss: 0.25 });
      document.changeLink("crepes-lan--pc.crepes.fr", "back", { loss: 0.5, queuePackets: 7 });
      document.changeLink("crepes-lan--pc.crepes.fr", "both", { loss: 0.125 });
    }),
    {
      gone: ['  crepes-lan: { connects: [pc.crepes.fr, mail.crepes.fr, "paris:lan"], delay: 0.1 ms }'],
      come: [
        '  crepes-lan: { connects: [mail.crepes.fr, "paris:lan"], delay: 0.1 ms }',
        "  - { between: [crepes-lan, pc.crepes.fr], delay: 0.1 ms, back: { queue: 7 }, loss: 12.5 % }",
      ],
    },
  );
});

test("services and sections that were not there", () => {
  const small = "hamlet: 1\nname: Small # as small as can be\nhosts: {}\n";
  const document = new NetworkDocument(small, "small.yaml");
  document.addNode("host", { name: "mail.crepes.fr" });
  document.addNode("switch", { at: [1, 2] });
  document.addNode("router");
  document.connect("mail.crepes.fr", "switch1");
  document.connect("router1", "switch1", { delayMs: 0.5 });
  document.installService("mail.crepes.fr", "smtp");
  document.installService("mail.crepes.fr", "dns");
  document.installService("mail.crepes.fr", "pop3");
  assert.equal(
    document.text,
    `hamlet: 1
name: Small # as small as can be
hosts:
  mail.crepes.fr:
    addresses: [192.168.1.10/24]
    services:
      smtp: { domains: [crepes.fr] }
      dns: { zones: { crepes.fr: ["@ NS mail", mail A 192.168.1.10] } }
      pop3:

routers:
  router1:
    addresses: [192.168.1.1/24]

switches:
  switch1:
    at: [1, 2]
    connects: [mail.crepes.fr]

links:
  - { between: [switch1, router1], delay: 0.5 ms }
`,
  );
  document.uninstallService("mail.crepes.fr", "dns");
  document.removeLink("switch1--router1");
  document.removeNode("router1");
  document.removeNode("switch1");
  document.removeNode("mail.crepes.fr");
  assert.equal(
    document.text,
    "hamlet: 1\nname: Small # as small as can be\nhosts: {}\n\n\n\n".replace(/\n+$/, "\n"),
  );
});

test("accounts and mail clients; an expectation of a mailbox goes with it", () => {
  assert.deepEqual(
    changed(ketchup, (document) => {
      document.setUser("mail.hamburger.edu", "carol", "1234");
      document.setUser("mail.hamburger.edu", "bob", "thirsty");
      document.setMailAccount("pc.hamburger.edu", undefined);
      document.setMailAccount("ns.example.net", { address: "carol@hamburger.edu", password: "1234" });
    }),
    {
      gone: [
        "    users: { bob: hungry }",
        "    mailAccount:",
        "      name: Bob",
        "      address: bob@hamburger.edu",
        "      outgoingServer: mail.hamburger.edu",
        "      incomingServer: mail.hamburger.edu",
        "      userName: bob",
        "      password: hungry",
      ].filter((line) => line !== "    mailAccount:"),
      come: [
        '    users: { bob: thirsty, carol: "1234" }',
        "      address: carol@hamburger.edu",
        '      password: "1234"',
      ],
    },
  );
  const document = new NetworkDocument(ketchup, "ketchup.yaml");
  document.removeUser("mail.hamburger.edu", "bob");
  assert.ok(document.file.expectations.every((each) => each.kind !== "mailbox"));
  assert.throws(() => document.removeUser("mail.hamburger.edu", "bob"), /no user bob/);
});

test("what cannot be is said, and nothing has changed", () => {
  const document = new NetworkDocument(ketchup, "ketchup.yaml");
  const refuse = (change: () => void, message: RegExp): void => {
    assert.throws(change, (error) => error instanceof LocalError && message.test(error.message));
    assert.equal(document.text, ketchup);
  };
  refuse(
    () => document.removeNode("mail.crepe.fr"),
    /no host, router or switch "mail\.crepe\.fr".*mail\.crepes\.fr/,
  );
  refuse(() => document.addNode("switch", { name: "paris" }), /paris.*already/);
  refuse(() => document.addNode("host", { name: "a b" }), /name/);
  refuse(() => document.connect("pc.crepes.fr:eth0", "hamburger-lan"), /linked already/);
  refuse(() => document.connect("paris", "paris"), /two machines/);
  refuse(
    () => document.configureHost("pc.crepes.fr", { addresses: ["10.1.0.25/24"] }),
    /mail\.crepes\.fr already/,
  );
  refuse(
    () => document.configureHost("pc.crepes.fr", { addresses: ["10.8.0.25/24"] }),
    /no network of its link/,
  );
  refuse(() => document.configureHost("pc.crepes.fr", { addresses: ["nonsense"] }), /address/);
  refuse(() => document.configureHost("pc.crepes.fr", { nameServers: ["10.1.0.77"] }), /10\.1\.0\.77/);
  refuse(() => document.configureHost("paris", { addresses: [] }), /several interfaces/);
  refuse(() => document.installService("pc.crepes.fr", "smpt"), /smtp/);
  refuse(() => document.changeLink("ocean", "both", { delayMs: 4e6 }), /1 h/);
  refuse(() => document.removeLink("oceans"), /ocean/);
  const loop = new NetworkDocument(ketchup, "ketchup.yaml");
  loop.addNode("switch");
  loop.connect("switch1", "crepes-lan");
  assert.throws(() => loop.connect("crepes-lan", "switch1"), /circle for ever/);
});

/** What a person would call the same network. */
function describeFile({ hosts, switches, links }: NetworkFile): unknown {
  return {
    hosts: hosts.map(({ name, kind, interfaces, nameServers, gateways, services, users }) => {
      return { name, kind, interfaces, nameServers, gateways, services, users };
    }),
    switches: switches.map(({ name }) => name).sort(),
    links: links.map(({ name, ends, forth, back }) => {
      const end = ends.map((each) => `${each.node}:${each.interface ?? ""}`);
      return {
        name,
        end,
        delays: [forth.delayMs ?? 1, back.delayMs ?? 1],
        loss: [forth.loss ?? 0, back.loss ?? 0],
      };
    }),
  };
}

function describeLab({ hosts, world, links }: Lab): unknown {
  return {
    hosts: [...hosts.values()].map((host) => {
      const machine = world.host(host.name);
      return {
        name: host.name,
        kind: machine?.forwards ? "router" : "host",
        interfaces: machine?.interfaces.map(({ name, assigned, mtu }) => ({
          name,
          addresses: assigned.map(({ address, prefixLength }) => `${address.text}/${prefixLength}`),
          dhcp: host.machine?.interfaces().find((view) => view.name === name)?.dhcp !== undefined,
          mtu: mtu === 1500 ? undefined : mtu,
        })),
        nameServers: host.nameServers,
        gateways: machine?.routes
          .list()
          .flatMap(({ origin, gateway }) => (origin === "static" ? gateway?.text : [])),
        services: host.services.map(({ name, configuration }) => ({ name, configuration })),
        users: host.users,
      };
    }),
    switches: world.switches.map(({ name }) => name).sort(),
    links: [...links.values()].map((link) => ({
      name: link.name,
      end: [link.a, link.b].map(({ hostName, name }) => `${hostName}:${world.switch(hostName) ? "" : name}`),
      delays: [link.options("a-to-b").delayMs, link.options("b-to-a").delayMs],
      loss: [link.options("a-to-b").loss, link.options("b-to-a").loss],
    })),
  };
}

interface Edit {
  readonly kind: string;
  readonly a: number;
  readonly b: number;
  readonly number: number;
}

const anEdit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(
    "host",
    "router",
    "switch",
    "remove",
    "connect",
    "unlink",
    "change",
    "address",
    "dhcp",
    "service",
    "move",
  ),
  a: fc.nat(50),
  b: fc.nat(50),
  number: fc.integer({ min: 1, max: 250 }),
});

function perform(document: NetworkDocument, { kind, a, b, number }: Edit): void {
  const { hosts, switches, links } = document.file;
  const nodes = [...hosts, ...switches].map(({ name }) => name);
  const pick = <T>(list: readonly T[], i: number): T => list[i % list.length];
  if (kind === "host" || kind === "router" || kind === "switch") {
    document.connect(document.addNode(kind, { at: [a, b] }), pick(nodes, a));
  } else if (kind === "remove") document.removeNode(pick(nodes, a));
  else if (kind === "connect")
    document.connect(pick(nodes, a), pick(nodes, b), b % 2 ? { delayMs: number } : {});
  else if (kind === "unlink") document.removeLink(pick(links, a).name);
  else if (kind === "change") {
    document.changeLink(pick(links, a).name, pick(["both", "forth", "back"], b), {
      delayMs: number / 10,
      loss: b / 100,
    });
  } else if (kind === "address") {
    const { name, interfaces } = pick(hosts, a);
    const chosen = pick(interfaces, b);
    const addresses = chosen.addresses.map((text) => text.replace(/[0-9a-f]+\//, `${number}/`));
    document.configureHost(name, { interface: chosen.name, addresses });
  } else if (kind === "dhcp") {
    const { name, interfaces } = pick(hosts, a);
    document.configureHost(name, { interface: pick(interfaces, b).name, addresses: ["dhcp"] });
  } else if (kind === "service") {
    const { name, services } = pick(hosts, a);
    const service = pick(["echo", "pop3", "smtp", "dns"], b);
    if (services.some((each) => each.name === service)) document.uninstallService(name, service);
    else document.installService(name, service);
  } else document.setPosition(pick(nodes, a), [b, number]);
}

for (const [name, text] of [
  ["ketchup", ketchup],
  ["town", town],
] as const) {
  test(`random edits of ${name}: the saved text is the network that runs`, () => {
    fc.assert(
      fc.property(fc.array(anEdit, { minLength: 1, maxLength: 12 }), (edits) => {
        const document = new NetworkDocument(text, "x.yaml");
        const lab = buildNetwork(document.file);
        lab.start({ story: false });
        lab.runTo({ timeNs: 1e6 });
        let done = 0;
        for (const edit of edits) {
          try {
            perform(document, edit);
            done++;
          } catch (error) {
            if (!(error instanceof LocalError) && document.file.links.length > 0) throw error;
          }
          lab.changeTo(document.file);
        }
        lab.runTo({ timeNs: lab.world.nowNs + 1e6 });
        const reopened = new NetworkDocument(document.text, "x.yaml");
        assert.deepEqual(describeFile(reopened.file), describeFile(document.file));
        assert.deepEqual(
          JSON.parse(JSON.stringify(describeLab(lab))),
          JSON.parse(JSON.stringify(describeFile(document.file))),
        );
        assert.deepEqual(
          lab.failures.filter(({ error }) => !(error instanceof LocalError)),
          [],
        );
        lab.close();
        return done >= 0;
      }),
      { numRuns: name === "town" ? 4 : 12 },
    );
  });
}

test("nodes stand where they stood, whether or not somebody looked between two changes", () => {
  const [watched, unwatched] = [
    new NetworkDocument(ketchup, "a.yaml"),
    new NetworkDocument(ketchup, "a.yaml"),
  ];
  const before = new Map(watched.positions());
  for (const document of [watched, unwatched]) {
    document.addNode("host", { name: "new", at: [900, 700] });
    if (document === watched) document.positions();
    document.connect("new", "paris");
  }
  assert.deepEqual(unwatched.positions(), watched.positions());
  for (const [name, place] of before) assert.deepEqual(unwatched.positions().get(name), place, name);
});
