import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseNetworkFile } from "./parse.ts";
import { errorsAfter, errorsOf, rightFile, testOptions } from "./testing/fixtures.ts";

test("a right file, value by value", () => {
  const { file, errors } = parseNetworkFile(rightFile, "test.yaml", testOptions);
  assert.deepEqual(errors, undefined);
  assert.equal(file?.name, "Test");
  assert.equal(file.seed, 7);
  assert.deepEqual(
    file.hosts.map((host) => [host.name, host.kind]),
    [
      ["a.test", "host"],
      ["b.test", "host"],
      ["r1", "router"],
      ["r2", "router"],
    ],
  );
  const [a, b, r1] = file.hosts;
  assert.deepEqual(a.interfaces, [
    {
      name: "eth0",
      addresses: ["10.0.0.1/24", "2001:db8::1/64"],
      dhcp: false,
      mac: undefined,
      mtu: undefined,
    },
  ]);
  assert.deepEqual(a.nameServers, ["10.0.0.2"]);
  assert.deepEqual(a.users, [{ name: "bob", password: "hungry" }]);
  assert.deepEqual(a.services, [{ name: "knock", configuration: { port: 7 } }]);
  assert.deepEqual(b.gateways, ["10.0.0.254"]);
  assert.equal(r1.interfaces[1].mtu, 1400);
  assert.deepEqual(
    file.links.map((link) => link.name),
    ["lan--a.test", "lan--b.test", "lan--r1", "far"],
  );
  assert.deepEqual(file.links[2].ends, [
    { node: "lan", interface: undefined },
    { node: "r1", interface: "lan" },
  ]);
  assert.deepEqual(file.links[3].forth, { delayMs: 40, bandwidthBps: 10e6, loss: 0.01 });
  assert.deepEqual(file.links[3].back, { delayMs: 40, bandwidthBps: 1e6, loss: 0.01, queuePackets: 20 });
  assert.deepEqual(
    file.forwards.map(({ protocol, listen, to }) => [protocol, listen.address, listen.port, to.port]),
    [
      ["tcp", "127.0.0.1", 2525, 25],
      ["tcp", "::1", 2053, 53],
      ["udp", "::1", 2053, 53],
    ],
  );
  assert.deepEqual(file.socks, { listen: { address: "127.0.0.1", port: 1080 }, from: "b.test" });
  assert.deepEqual(file.story[0], {
    name: "greet",
    when: { kind: "after", ms: 0 },
    action: {
      kind: "run",
      host: "a.test",
      command: "say 'hello you' there",
      words: ["say", "hello you", "there"],
      input: "one\ntwo\n",
    },
  });
  assert.deepEqual(file.story[1].when, { kind: "at", ms: 3000 });
  assert.deepEqual(file.story[2].action, { kind: "heal", link: "far" });
  assert.deepEqual(file.expectations[0], {
    line: 47,
    kind: "mailbox",
    host: "a.test",
    user: "bob",
    from: undefined,
    subject: { contains: "Hi" },
    body: undefined,
    count: { least: 0, most: 0 },
  });
  assert.deepEqual(file.expectations[2], {
    line: 51,
    kind: "packets",
    lost: false,
    fresh: false,
    protocol: "ARP",
    from: "a.test",
    to: "10.0.0.2",
    info: undefined,
    count: { least: 0, most: 4 },
    beforeMs: 1000,
  });
});

/** What stands in the right file, what takes its place, and the only error that must come of it. */
const mistakes: [string, string, string][] = [
  // The form.
  ["hamlet: 1", "hamlet: 2", "1:9 expected 1, found the number 2"],
  ["name: Test\n", "", '1:1 the key "name" is missing: text'],
  ["seed: 7", "sede: 7", '3:1 unknown key "sede", did you mean "seed"?'],
  ["seed: 7", "seed: -1", "3:7 expected a whole number from 0 to 9007199254740991, found the number -1"],
  ["seed: 7", "seed: 1.5", "3:7 expected a whole number from 0 to 9007199254740991, found the number 1.5"],
  ["seed: 7", "seed: .nan", "3:7 expected a whole number from 0 to 9007199254740991, found the number .nan"],
  ["hungry", "1234", '8:19 expected a password as text (in quotes: "1234"), found the number 1234'],
  ["bob:", "b ob:", '8:14 expected a user name of at most 64 letters, digits and . _ -, found "b ob"'],
  [
    "delay: 0.1 ms",
    "delay: 0.1",
    '22:55 expected a duration such as "10 ms", "1.5 s", "2 min", found the number 0.1',
  ],
  ["10 Mbit/s", "10 Mb", '27:16 expected a bandwidth such as "100 Mbit/s", "64 kbit/s", found "10 Mb"'],
  [
    "10 Mbit/s",
    "0.0 Mbit/s",
    '27:16 expected a bandwidth such as "100 Mbit/s", "64 kbit/s", found "0.0 Mbit/s"',
  ],
  ["40 ms", "61 min", '26:12 expected a duration of at most 1 h, found "61 min"'],
  [
    "delay: 0.1 ms",
    "delay: 999999999999 h",
    '22:55 expected a duration of at most 1 h, found "999999999999 h"',
  ],
  [
    "10 Mbit/s",
    "0.000000001 bit/s",
    '27:16 expected a bandwidth of 1 bit/s to 10000 Gbit/s, found "0.000000001 bit/s"',
  ],
  [
    "bandwidth: 1 Mbit/s, queue: 20",
    "bandwidth: 10001 Gbit/s",
    '29:24 expected a bandwidth of 1 bit/s to 10000 Gbit/s, found "10001 Gbit/s"',
  ],
  ["at: 3 s", "at: 2401 h", '43:11 expected a duration of at most 2400 h, found "2401 h"'],
  ["after: 1 s", "after: 2401 h", '44:14 expected a duration of at most 2400 h, found "2401 h"'],
  ["within: 1 s", "within: 2401 h", '50:67 expected a duration of at most 2400 h, found "2401 h"'],
  ["loss: 1 %", "loss: 1", '28:11 expected a percentage such as "0.5 %", found the number 1'],
  ["queue: 20", "queue: 0", "29:41 expected a whole number from 1 to 1000000, found the number 0"],
  [
    "addresses: [10.9.0.1/30], mtu: 1400",
    'addresses: ["2001:db8:9::1/64"], mtu: 1279',
    "18:52 expected at least 1280 beside an IPv6 address, found 1279",
  ],
  ["mtu: 1400", "mtu: 20", "18:45 expected a whole number from 68 to 65535, found the number 20"],
  [
    "[10.0.0.2/24]",
    "10.0.0.2/24",
    '12:16 expected a list of addresses with their prefix length, such as ["192.168.1.5/24"], or dhcp, found "10.0.0.2/24"',
  ],
  ["knock: { port: 7 }", "knok: { port: 7 }", '10:7 unknown key "knok", did you mean "knock"?'],
  ["port: 7", "port: 70000", "10:22 expected a whole number from 1 to 65535, found the number 70000"],
  ["port: 7", "names: [x]", '10:14 the key "port" is missing: a whole number from 1 to 65535'],
  ["port: 7", "port: 7, mode: lout", '10:31 expected "loud" or "soft", found "lout", did you mean "loud"?'],
  ["port: 7", "port: 7, names: [x, x]", '10:36 "x" stands twice in the list'],
  [
    "powerOff: b.test",
    "powerUp: b.test",
    '45:5 expected a command (on, run), or a cut (cut), or a healing (heal), or a change (change), or a power failure (powerOff), or a return of power (powerOn); found a map with "powerUp"',
  ],
  [
    "protocol: both",
    "protocol: bot",
    '35:58 expected "tcp" or "udp" or "both", found "bot", did you mean "both"?',
  ],
  [
    "heal: far",
    "change: far",
    "44:5 expected what changes, such as loss, delay or bandwidth: nothing is named",
  ],
  ["heal: far", "change: fra, loss: 1 %", '44:27 unknown link "fra", did you mean "far"?'],
  ["heal: far", "change: far, burst: 3", "44:39 burst is the length of losses: expected loss beside it"],
  ["socks: 1080", "socks: 70000", "32:10 expected a port from 0 to 65535, found the number 70000"],
  ["    run: say 'hello you' there\n", "", '37:5 the key "run" is missing: text'],
  ["port: 7", "port: 7, names: [x, nobody]", "10:36 nobody knocks"],
  // Machines and addresses.
  [
    "10.0.0.2/24]",
    "10.0.0.2/33]",
    '12:17 expected an address with its prefix length, such as 192.168.1.5/24, found "10.0.0.2/33"',
  ],
  ["10.0.0.2/24]", "10.0.0.0/24]", "12:17 10.0.0.0/24 is the network itself, expected a host in it"],
  [
    "10.0.0.2/24]",
    "10.0.0.255/24]",
    "12:17 10.0.0.255/24 is the broadcast address of 10.0.0.0/24, expected a host in it",
  ],
  [
    "addresses: [10.9.0.2/30]",
    "addresses: [10.9.0.1/30]",
    "20:17 10.9.0.1 is the address of r1 already (line 18)",
  ],
  [
    "addresses: [10.9.0.2/30]",
    "addresses: [10.8.0.2/30]",
    "20:17 10.8.0.2/30 is in no network of its link, where the others are in 10.9.0.0/30",
  ],
  [
    "gateway: 10.0.0.254",
    "gateway: 10.0.0.2",
    "13:14 the gateway 10.0.0.2 is the host itself, expected a router",
  ],
  ["gateway: 10.0.0.254", "gateway: 10.0.0.1", "13:14 the gateway 10.0.0.1 is a.test, which is no router"],
  [
    "gateway: 10.0.0.254",
    "gateway: [10.0.0.254, 10.0.0.254]",
    "13:27 10.0.0.254 is a second IPv4 gateway, expected at most one",
  ],
  [
    "nameServers: 10.0.0.2",
    "nameServers: 10.0.0.77",
    "7:18 no host or router of this network has the address 10.0.0.77",
  ],
  [
    "nameServers: 10.0.0.2",
    "nameServers: 10.0.0.777",
    '7:18 expected an address such as 192.168.1.1, found "10.0.0.777"',
  ],
  ["  lan: {", "  A.test: {", '22:3 "A.test" stands in hosts already'],
  [
    "    gateway: 10.0.0.254",
    "    interfaces: { eth1: [] }",
    "12:5 addresses and interfaces exclude each other: expected one of them",
  ],
  // Links.
  [
    "connects: [a.test, b.test",
    "connects: [a.test, b.tset",
    '22:29 unknown host, router or switch "b.tset", did you mean "b.test"?',
  ],
  [
    "connects: [a.test, b.test",
    "connects: [a.test, a.test",
    '22:29 a.test:eth0 is linked already (by "lan--a.test"), expected one link for each interface',
  ],
  ['"r1:wan", r2', "r1, r2", "25:15 r1 has several interfaces, expected r1:lan or r1:wan"],
  ['"r1:wan", r2', '"r1:wam", r2', '25:15 unknown interface of r1 "wam", did you mean "wan"?'],
  [
    '"r1:wan", r2',
    '"r1:lan", r2',
    '24:5 r1:lan is linked already (by "lan--r1"), expected one link for each interface',
  ],
  ['"r1:wan", r2', '"lan:1", r2', '25:15 a switch has no named interfaces, expected "lan", found "lan:1"'],
  // Forwarded ports.
  ["from: b.test", "from: c.test", '31:9 unknown host "c.test", did you mean "a.test"?'],
  [
    'to: "a.test:25"',
    'to: "a.test:99999"',
    '34:27 expected HOST:PORT with a port from 1 to 65535, found "a.test:99999"',
  ],
  ["listen: 2525", "listen: 1080", "34:17 tcp 127.0.0.1:1080 is forwarded already (line 32)"],
  // Story.
  ["on: a.test", "on: a.tost", '38:9 unknown host "a.tost", did you mean "a.test"?'],
  ["run: say", "run: sya", '39:10 unknown command "sya", did you mean "say"?'],
  ["'hello you'", "'hello you", "39:10 a quotation that begins with ' has no end"],
  [
    "say 'hello",
    "say --loud 'hello",
    '39:10 say: there is no option --loud; "say --help" lists what there is',
  ],
  ["cut: far", "cut: fat", '43:21 unknown link "fat", did you mean "far"?'],
  ["powerOff: b.test", "powerOff: lan", '45:17 unknown host "lan"; there is: a.test, b.test, r1, r2'],
  ["at: 3 s,", "at: 3 s, after: 2 s,", "43:23 at and after exclude each other: expected one of them"],
  ["{ after: 1 s, heal", "{ name: greet, heal", '44:13 a second step "greet" (the first: line 37)'],
  // Expectations.
  ["bob@a.test", "bib@a.test", '47:14 unknown user of a.test "bib", did you mean "bob"?'],
  ["bob@a.test", "bob@a.tes", '47:14 unknown host "a.tes", did you mean "a.test"?'],
  ["step: greet", "step: great", '50:13 unknown step "great", did you mean "greet"?'],
  ["/^there$/", "/(there/", "50:45 expected a regular expression, found /(there/"],
  ["from: a.test, to", "from: q, to", '51:27 unknown host "q"; there is: a.test, b.test, r1, r2'],
  ["atMost: 4", "atMost: 4, count: 2", "51:67 count and atLeast or atMost exclude each other"],
  ["atMost: 4", "atMost: 4, atLeast: 5", "51:57 expected at least 5 (atLeast), found 4"],
  [
    ', exit: 0, prints: [hello, "/^there$/"], within: 1 s',
    "",
    "50:5 expected one of exit, prints, equals, within: nothing is asserted of the step",
  ],
];

for (const [from, to, expected] of mistakes) {
  test(`${from.trim()} -> ${to.trim() || "(nothing)"}`, () =>
    assert.deepEqual(errorsAfter(from, to), [expected]));
}

test("all mistakes come at once, in the order of the file", () => {
  const text = rightFile
    .replace("seed: 7", "sede: 7")
    .replace("10 Mbit/s", "10 Mb")
    .replace("run: say", "run: sya")
    .replace("from: b.test", "from: c.test");
  assert.deepEqual(
    errorsOf(text).map((error) => error.split(":")[0]),
    ["3", "27", "31", "39"],
  );
});

test("switches in a loop are refused", () => {
  const text = `hamlet: 1
name: Loop
hosts: {}
switches: { s1: , s2: , s3: }
links:
  - between: [s1, s2]
  - between: [s2, s3]
  - between: [s3, s1]
  - between: [s1, s1]
`;
  assert.deepEqual(errorsOf(text), [
    "8:5 s3 and s1 are joined already: frames would circle for ever",
    "9:5 both ends are at s1, expected two machines",
  ]);
});

test("what is no YAML, too much of it, or another kind of it", () => {
  const cases: [string, RegExp][] = [
    ["", /^1:1 expected a network file, found nothing/],
    ["# only a comment\n", /found nothing/],
    ["hamlet: [1", /^1:\d+ not valid YAML: /],
    ["a: 1\na: 2\n", /^2:1 not valid YAML: Map keys must be unique/],
    ["a: !!js/function x\n", /^1:4 not valid YAML: Unresolved tag/],
    ["a: 1\n--- \nb: 2\n", /not valid YAML: Source contains multiple documents/],
    ["- 1\n- 2\n", /^1:1 expected a map|^1:1 expected .*, found a list/],
    ["hello", /found "hello"/],
    ["? [a]\n: 1\n", /expected a plain word as the key/],
    ["hosts: *nobody\n", /^1:8 /],
    [`hosts: ${"[".repeat(60)}${"]".repeat(60)}`, /nested deeper than 40 levels/],
    [`hosts: ${"[".repeat(100_000)}`, /nested deeper|not valid YAML|not YAML/],
    ["x".repeat(2_000_001), /expected at most 2000000 characters/],
    ["a: &a [*a]\n", /nested deeper|unknown key/],
    ["\x7fELF\0\0", /^1:1 expected a text in UTF-8, found other octets/],
    ["\ufffd\ufffdPNG: 1", /^1:1 expected a text in UTF-8, found other octets/],
    [`${"] ".repeat(1000)}\n`, /not valid YAML/],
    [`[a]: "b"\n]${"c".repeat(10_000)}\n`, /not valid YAML: .*…/],
  ];
  for (const [text, expected] of cases) {
    const errors = errorsOf(text);
    assert.ok(errors.length > 0 && errors.length <= 21, text.slice(0, 40));
    assert.ok(errors.join("\n").length < 5000, text.slice(0, 40));
    assert.match(errors.join("\n"), expected, text.slice(0, 40));
  }
});

test("aliases work, and cannot be used to make a small file large", () => {
  const shared = rightFile
    .replace("delay: 0.1 ms", "delay: &short 0.1 ms")
    .replace("delay: 40 ms", "delay: *short");
  const { file } = parseNetworkFile(shared, "test.yaml", testOptions);
  assert.equal(file?.links[3].forth.delayMs, 0.1);
  const levels = Array.from(
    { length: 30 },
    (_, i) => `k${i}: &l${i} [${i === 0 ? "x" : `*l${i - 1}, *l${i - 1}`}]`,
  );
  const errors = errorsOf(`${levels.join("\n")}\n`);
  assert.match(errors.join("\n"), /more than 200000 values, aliases counted/);
});

test("whatever is done to a file, it is read or its mistakes are reported", () => {
  const lines = rightFile.split("\n");
  const mutation = fc.record({
    line: fc.nat(lines.length - 1),
    kind: fc.constantFrom("delete", "double", "swap", "insert", "cut"),
    text: fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom("{", "]", ": ", "- ", "*a", "&a ", "null", "!!x ", "\t", "'", '"', "#", "__proto__: 1"),
    ),
    at: fc.nat(30),
  });
  const mutated = fc.array(mutation, { minLength: 1, maxLength: 4 }).map((mutations) => {
    const out = [...lines];
    for (const { line, kind, text, at } of mutations) {
      if (kind === "delete") out.splice(line, 1);
      else if (kind === "double") out.splice(line, 0, out[line] ?? "");
      else if (kind === "swap") out.splice(line, 0, ...out.splice(line + 1, 1));
      else if (kind === "insert")
        out[line] = `${(out[line] ?? "").slice(0, at)}${text}${(out[line] ?? "").slice(at)}`;
      else out[line] = (out[line] ?? "").slice(0, at);
    }
    return out.join("\n");
  });
  fc.assert(
    fc.property(mutated, (text) => {
      const { file, errors } = parseNetworkFile(text, "test.yaml", testOptions);
      assert.notEqual(file === undefined, errors === undefined);
      for (const { line, column, message } of errors ?? []) {
        assert.ok(
          line >= 1 && line <= text.split("\n").length && column >= 1,
          `${line}:${column} ${message}`,
        );
        assert.ok(message.length > 0 && !message.includes("\n") && !message.includes("undefined"), message);
      }
    }),
    { numRuns: 150 },
  );
});

test("brackets without end are refused before they cost anything", () => {
  const { errors } = parseNetworkFile("[".repeat(1_000_000), "deep.yaml");
  assert.match(errors?.[0].message ?? "", /nested deeper/);
});
