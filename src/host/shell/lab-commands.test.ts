import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lab } from "../../topology/index.ts";
import { buildNetwork, parseNetworkFile } from "../../topology/index.ts";
import { splitWords } from "./words.ts";

function office(): Lab {
  const { file, errors } = parseNetworkFile(
    `hamlet: 1
name: Office
hosts:
  pc: { addresses: [10.1.0.1/24, "2001:db8::1/64"], nameServers: 10.2.0.1 }
  server:
    addresses: [10.2.0.1/24]
    users: { bob: hungry }
    services: { echo: , pop3: , dns: { zones: { test: ["@ NS server", "server A 10.2.0.1"] } } }
routers:
  r1: { interfaces: { a: [10.1.0.254/24, "2001:db8::fe/64"], b: [10.2.0.254/24] } }
links:
  - between: [pc, "r1:a"]
  - between: [server, "r1:b"]
`,
    "office.yaml",
  );
  assert.deepEqual(errors, undefined);
  const lab = buildNetwork(file as NonNullable<typeof file>);
  lab.start();
  lab.world.runUntil(1e6);
  return lab;
}

function type(lab: Lab, hostName: string, line: string): { status: number; printed: string; errors: string } {
  let printed = "";
  let errors = "";
  const output = {
    print: (text: string) => (printed += text),
    printError: (text: string) => (errors += text),
  };
  const handle = lab.hosts.get(hostName)?.exec(splitWords(line), output);
  assert.ok(handle !== undefined);
  return { status: lab.world.finish(handle), printed, errors };
}

test("ip, arp, route and sockets show the machine as it is", () => {
  const lab = office();
  assert.match(
    type(lab, "pc", "ip").printed,
    /^eth0 +up +02:00:00:00:00:\w\w +1500 +10\.1\.0\.1\/24 2001:db8::1\/64$/m,
  );
  assert.match(
    type(lab, "pc", "ipconfig").printed,
    /^ +Address +10\.1\.0\.1\/24\n[\s\S]*^ +From +configured by hand$/m,
  );
  assert.doesNotMatch(type(lab, "pc", "arp").printed, /10\.1\.0\.254/);
  assert.equal(type(lab, "pc", "ping -c 1 10.2.0.1").status, 0);
  assert.match(type(lab, "pc", "arp").printed, /^10\.1\.0\.254 +02:.* eth0 +reachable$/m);
  assert.match(type(lab, "pc", "route").printed, /^10\.1\.0\.0\/24 +on link +eth0 +connected$/m);
  assert.match(type(lab, "pc", "route").printed, /10\.1\.0\.254 +eth0 +computed$/m);
  assert.match(type(lab, "server", "sockets").printed, /^tcp +\[::\]:110 +\* +LISTEN$/m);
  assert.match(type(lab, "server", "sockets").printed, /^udp +\[::\]:7 +\*$/m);
  const json = JSON.parse(type(lab, "server", "ip --json").printed);
  assert.equal(json[1].addresses[0], "10.2.0.1/24");
});

test("traceroute names each router and says whether it came through", () => {
  const lab = office();
  const found = type(lab, "pc", "traceroute server.test");
  assert.equal(found.status, 0);
  assert.match(
    found.printed,
    /^traceroute to server\.test \(10\.2\.0\.1\), at most 30 hops\n 1 {2}10\.1\.0\.254 .* ms\n 2 {2}10\.2\.0\.1 .* ms\n$/,
  );
  const [link] = [...lab.links.values()].slice(-1);
  link.partition("both");
  const lost = type(lab, "pc", "traceroute -m 3 -w 100ms 10.2.0.1");
  assert.equal(lost.status, 1);
  assert.match(lost.printed, / 2 {2}\*\n 3 {2}\*\n$/);
  const answer = JSON.parse(type(lab, "pc", "traceroute --json -m 1 10.2.0.1").printed);
  assert.equal(answer.hops[0].from, "10.1.0.254");
});

test("nslookup prints addresses, as JSON one document; no address is a failure", () => {
  const lab = office();
  assert.equal(type(lab, "pc", "nslookup server.test").printed, "10.2.0.1\n");
  const answer = JSON.parse(type(lab, "pc", "nslookup --json server.test").printed);
  assert.deepEqual(answer, { name: "server.test", addresses: ["10.2.0.1"] });
  assert.deepEqual(type(lab, "pc", "nslookup nobody.test"), {
    status: 1,
    printed: "",
    errors: "nslookup: nobody.test has no address\n",
  });
});

test("with --json a failure is a document, unless the result is printed already", () => {
  const lab = office();
  const failed = type(lab, "pc", "nslookup --json nobody.test");
  assert.equal(JSON.parse(failed.printed).error.code, "name-not-found");
  assert.equal(failed.status, 1);
  assert.equal(JSON.parse(type(lab, "pc", "dig --json --sort").printed).error.code, "usage");
  const lost = type(lab, "pc", "ping --json -c 1 -W 100ms 10.1.0.77");
  assert.equal(lost.status, 1);
  assert.equal(JSON.parse(lost.printed).error, undefined);
});

test("service switches the services of a host", () => {
  const lab = office();
  assert.match(type(lab, "server", "service").printed, /^pop3 +on +listens on /m);
  assert.deepEqual(type(lab, "server", "service stop pop3"), {
    status: 0,
    printed: "pop3 is off\n",
    errors: "",
  });
  assert.match(type(lab, "server", "service").printed, /^pop3 +off$/m);
  assert.match(type(lab, "pc", "pop --server 10.2.0.1 -u bob -p hungry").errors, /does not answer/);
  assert.match(type(lab, "server", "service start pop3").printed, /^pop3 is on: listens on /);
  assert.equal(type(lab, "pc", "pop --server 10.2.0.1 -u bob -p hungry").printed, "no messages\n");
  assert.match(type(lab, "server", "service restart echo").printed, /^echo is on/);
  assert.match(
    type(lab, "server", "service stop http").errors,
    /server has no service "http" \(it has: echo, pop3, dns\)/,
  );
  assert.equal(type(lab, "server", "service halt echo").status, 2);
});

test("user changes accounts, and the services know at once", () => {
  const lab = office();
  assert.equal(type(lab, "server", "user").printed, "bob\n");
  assert.equal(type(lab, "server", "user add carol parsley").status, 0);
  assert.equal(type(lab, "pc", "pop --server 10.2.0.1 -u carol -p parsley").status, 0);
  assert.equal(type(lab, "server", "user password carol dill").status, 0);
  assert.equal(type(lab, "pc", "pop --server 10.2.0.1 -u carol -p parsley").status, 1);
  assert.equal(type(lab, "server", "user remove carol").status, 0);
  assert.equal(type(lab, "pc", "pop --server 10.2.0.1 -u carol -p dill").status, 1);
  assert.equal(type(lab, "server", "user add carol").status, 2);
  assert.match(type(lab, "server", "user remove carol").errors, /no user carol/);
});

test("help lists the commands and explains one", () => {
  const lab = office();
  const { printed } = type(lab, "pc", "help");
  for (const { name } of lab.hosts.get("pc")?.commands ?? [])
    assert.match(printed, new RegExp(`^${name} `, "m"));
  assert.match(type(lab, "pc", "help mail send").printed, /^Usage: mail send/);
  assert.match(type(lab, "pc", "help cook").errors, /unknown command "cook"/);
});
