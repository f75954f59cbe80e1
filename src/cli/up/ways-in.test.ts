import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../../net/index.ts";
import { OsNetwork } from "../../os/index.ts";
import { type NetworkFile, parseNetworkFile } from "../../topology/index.ts";
import { exampleFor, execExample } from "./examples.ts";
import { describeTarget, type OpenWayIn, openWaysIn, planWaysIn, type WayIn } from "./ways-in.ts";

const file = read(`
hamlet: 1
name: Test
hosts:
  mail.a.example:
    addresses: [10.0.0.25/24]
    users: { ann: "it's secret" }
    services: { smtp: { domains: [a.example] }, pop3: {}, imap: {} }
  mail.b.example:
    addresses: [10.0.0.26/24]
    users: { bob: hungry }
    services: { smtp: { domains: [b.example] }, echo: {} }
  pc:
    addresses: [10.0.0.10/24]
switches:
  lan: { connects: [mail.a.example, mail.b.example, pc] }
forward:
  from: pc
  socks: 1080
  ports:
    - { listen: 2525, to: "mail.a.example:25" }
    - { listen: 2526, to: "mail.b.example:25" }
    - { listen: 2110, to: "mail.a.example:110" }
    - { listen: 2143, to: "mail.a.example:143" }
    - { listen: "[::1]:2053", to: "mail.b.example:53", protocol: both }
    - { listen: 9999, to: "mail.b.example:4711" }
`);

test("each way in has a name: the protocol's, or its target where two share it", () => {
  const ways = planWaysIn(file, []);
  assert.deepEqual(
    ways.map(({ name, kind, listen }) => `${name} ${kind} ${listen.address} ${listen.port}`),
    [
      "mail.a.example:25 tcp 127.0.0.1 2525",
      "mail.b.example:25 tcp 127.0.0.1 2526",
      "pop3 tcp 127.0.0.1 2110",
      "imap tcp 127.0.0.1 2143",
      "dns tcp ::1 2053",
      "dns udp ::1 2053",
      "4711 tcp 127.0.0.1 9999",
      "socks tcp 127.0.0.1 1080".replace("tcp", "socks"),
    ],
  );
  assert.equal(describeTarget(ways[5]), "mail.b.example:53 (UDP)");
});

test("--forward moves them, by name or by target; a protocol of two transports moves as one", () => {
  const ways = planWaysIn(file, ["dns=53000", "mail.a.example:25=0", "socks=1", "mail.a.example:110=7"]);
  assert.deepEqual(
    ways.map(({ listen }) => listen.port),
    [0, 2526, 7, 2143, 53000, 53000, 9999, 1],
  );
  assert.throws(() => planWaysIn(file, ["smtp=25"]), /no forwarded port "smtp"/);
  assert.throws(() => planWaysIn(file, ["pop=25"]), /did you mean "pop3"\?/);
});

test("the commands to copy name ports as they are and people of the file, quoted for a shell", () => {
  const example = (way: WayIn) => exampleFor(opened(way, 4000), file);
  const ways = planWaysIn(file, []);
  const mail = "printf 'Subject: hi\\r\\n\\r\\nhello\\r\\n'";
  assert.deepEqual(ways.map(example), [
    `${mail} | curl --mail-from bob@b.example --mail-rcpt ann@a.example -T - smtp://127.0.0.1:4000`,
    `${mail} | curl --mail-from ann@a.example --mail-rcpt bob@b.example -T - smtp://127.0.0.1:4000`,
    "curl -u 'ann:it'\\''s secret' pop3://127.0.0.1:4000/1",
    "curl -u 'ann:it'\\''s secret' 'imap://127.0.0.1:4000/INBOX;MAILINDEX=1'",
    "dig @::1 -p 4000 +tcp b.example MX",
    "dig @::1 -p 4000 b.example MX",
    "nc 127.0.0.1 4000",
    "curl --socks5-hostname 127.0.0.1:4000 -u 'ann:it'\\''s secret' pop3://mail.a.example/",
  ]);
  assert.equal(execExample("./hamlet exec", file), "./hamlet exec pc help");
});

test("a host with DHCP speaks IPv4; a way in that leads to one is the only one that is not opened", async (t) => {
  const network = read(`
hamlet: 1
name: Office
hosts:
  server: { addresses: [10.0.0.2/24], services: { dhcp: { pool: 10.0.0.100-10.0.0.109 }, echo: {} } }
  pc: { addresses: dhcp }
switches:
  lan: { connects: [server, pc] }
forward:
  from: pc
  ports:
    - { listen: 127.0.0.1:0, to: "pc:9" }
    - { listen: 127.0.0.1:0, to: "server:7" }
`);
  const os = new OsNetwork();
  t.after(() => os.close());
  const entrance = { isOpen: false, newVisit: () => 1, arrive() {} };
  const { open, problems } = await openWaysIn(planWaysIn(network, []), os, network, entrance, silentLog);
  t.after(() => {
    for (const { forward } of open) forward.close();
  });
  assert.deepEqual(open.map(describeTarget), ["server:7"]);
  assert.deepEqual(problems, [
    "9: pc gets its address by DHCP: a way in leads to one that stands in the file",
  ]);
});

function opened(way: WayIn, port: number): OpenWayIn {
  const protocol = way.kind === "udp" ? "udp" : "tcp";
  const local = { address: way.listen.address, port };
  return { ...way, forward: { name: way.name, protocol, local, close() {} } };
}

function read(text: string): NetworkFile {
  const { file, errors } = parseNetworkFile(text, "test.yaml");
  assert.deepEqual(errors, undefined);
  assert.ok(file !== undefined);
  return file;
}
