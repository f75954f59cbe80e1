import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalError } from "../net/index.ts";
import { buildNetwork } from "./build.ts";
import type { Lab } from "./lab.ts";
import type { NetworkFile } from "./network-file.ts";
import { parseNetworkFile } from "./parse.ts";

const text = `hamlet: 1
name: Change
hosts:
  pc: { addresses: [10.0.0.1/24, "2001:db8::1/64"] }
  server: { addresses: [10.0.0.2/24, "2001:db8::2/64"], services: { echo: } }
  far: { addresses: [10.9.0.2/24] }
routers:
  r1: { interfaces: { lan: [10.0.0.254/24], wan: [10.9.0.1/24] } }
switches:
  lan: { connects: [pc, server, "r1:lan"], delay: 1 ms }
links:
  - { name: wan, between: ["r1:wan", far], delay: 10 ms, loss: 0 % }
story:
  - { name: late, at: 100 s, on: server, run: hostname }
`;

function parsed(source: string): NetworkFile {
  const { file, errors } = parseNetworkFile(source, "change.yaml");
  assert.equal(errors, undefined);
  return file as NetworkFile;
}

function started(source = text): Lab {
  const lab = buildNetwork(parsed(source));
  lab.start();
  lab.runTo({ timeNs: 1e9 });
  return lab;
}

function change(lab: Lab, from: string | RegExp, to: string, base = text): string {
  const changed = base.replace(from, to);
  assert.notEqual(changed, base);
  lab.changeTo(parsed(changed));
  return changed;
}

/** Runs a command to its end; its exit status and what it printed. */
function exec(lab: Lab, host: string, line: string): { exit: number; output: string } {
  let output = "";
  const print = (part: string): void => {
    output += part;
  };
  const handle = lab.hosts.get(host)?.exec(line.split(" "), { print, printError: print });
  assert.ok(handle);
  return { exit: lab.world.finish(handle, { maxNs: lab.world.nowNs + 600e9 }), output };
}

test("a host that comes is there, one that goes is not, and its address can be taken by another", () => {
  const lab = started();
  assert.equal(exec(lab, "pc", "ping -c 1 10.0.0.2").exit, 0);
  const withNew = change(
    lab,
    /( {2}server.*\n)/,
    "$1  new: { addresses: [10.0.0.3/24], services: { echo: } }\n",
  ).replace("server,", "server, new,");
  lab.changeTo(parsed(withNew));
  assert.deepEqual([...lab.hosts.keys()], ["pc", "server", "new", "far", "r1"]);
  assert.equal(exec(lab, "far", "ping -c 1 10.0.0.3").exit, 0);
  assert.match(exec(lab, "pc", "echo 10.0.0.3 --text hello").output, /hello/);
  // Its neighbours know its MAC address; whoever has the address next must be heard all the same.
  const without = withNew
    .replace(/ {2}server.*\n/, "")
    .replace("server, ", "")
    .replace(/story:.*/s, "");
  lab.changeTo(parsed(without));
  assert.equal(lab.hosts.has("server"), false);
  assert.equal(lab.world.host("server"), undefined);
  assert.equal(exec(lab, "pc", "ping -c 1 10.0.0.2").exit, 1);
  lab.changeTo(parsed(without.replace("10.0.0.3/24", "10.0.0.2/24")));
  lab.runTo({ timeNs: lab.world.nowNs + 10e6 });
  assert.equal(exec(lab, "pc", "ping -c 1 10.0.0.2").exit, 0);
  assert.equal(exec(lab, "far", "ping -c 1 10.0.0.3").exit, 1);
  lab.runTo({ timeNs: 200e9 });
  assert.match(lab.steps[0].output[0].text, /there is no host "server"/);
  assert.equal(lab.steps[0].exit, 1);
  lab.close();
});

test("an address that moves to another host is announced: connections to it reach the new one at once", () => {
  const lab = started();
  exec(lab, "pc", "ping -c 1 10.0.0.2");
  exec(lab, "pc", "ping -c 1 2001:db8::2");
  const swapped = text.replace("10.0.0.2/24", "10.0.0.7/24").replace("db8::2/64", "db8::7/64");
  lab.changeTo(parsed(swapped));
  const taken = swapped.replace(
    "far: { addresses: [10.9.0.2/24]",
    "far: { interfaces: { eth0: [10.9.0.2/24]",
  );
  lab.changeTo(
    parsed(
      taken
        .replace("[10.9.0.2/24]", '[10.9.0.2/24], b: [10.0.0.2/24, "2001:db8::2/64"] }')
        .replace("[pc, server", '[pc, "far:b", server')
        .replace('"r1:wan", far', '"r1:wan", "far:eth0"'),
    ),
  );
  lab.runTo({ timeNs: lab.world.nowNs + 10e6 });
  const { output, exit } = exec(lab, "pc", "ping -c 1 10.0.0.2");
  assert.equal(exit, 0, output);
  assert.equal(exec(lab, "pc", "ping -c 1 2001:db8::2").exit, 0);
  lab.close();
});

test("links: what is new carries, what is gone does not, a changed quality is in force, the rest stays", () => {
  const lab = started();
  lab.links.get("lan--pc")?.setOptions({ loss: 0.5 });
  const slow = change(lab, "delay: 10 ms", "delay: 50 ms");
  const link = lab.links.get("wan");
  assert.equal(link?.options("a-to-b").delayMs, 50);
  assert.equal(lab.links.get("lan--pc")?.options("b-to-a").loss, 0.5);
  lab.links.get("lan--pc")?.setOptions({ loss: 0 });
  const bursts = change(lab, "loss: 0 %", "loss: 10 %, burst: 5", slow);
  assert.notEqual(link?.options("a-to-b").lossBurst, undefined);
  change(lab, "loss: 10 %, burst: 5", "loss: 0 %", bursts);
  assert.equal(link?.options("a-to-b").lossBurst?.enter, 0);
  assert.equal(exec(lab, "pc", "ping -c 1 10.9.0.2").exit, 0);
  change(lab, /links:\n.*\n/, "");
  assert.equal(lab.links.has("wan"), false);
  assert.equal(exec(lab, "pc", "ping -c 1 10.9.0.2").exit, 1);
  assert.equal(lab.hosts.get("far")?.machine?.interfaces()[1].up, false);
  lab.changeTo(parsed(text));
  assert.equal(exec(lab, "pc", "ping -c 1 10.9.0.2").exit, 0);
  lab.close();
});

test("addresses, gateways and name servers change while it runs", () => {
  const lab = started();
  change(
    lab,
    '[10.0.0.1/24, "2001:db8::1/64"] }',
    "[10.0.0.9/24], gateway: 10.0.0.254, nameServers: 10.0.0.2 }",
  );
  const pc = lab.hosts.get("pc");
  assert.deepEqual(pc?.machine?.interfaces()[1].addresses, ["10.0.0.9/24"]);
  assert.deepEqual(pc?.nameServers, ["10.0.0.2"]);
  const routes = pc?.machine
    ?.routes()
    .map(({ destination, gateway, origin }) => `${destination} ${gateway} ${origin}`);
  assert.ok(routes?.includes("0.0.0.0/0 10.0.0.254 static"), routes?.join());
  assert.equal(exec(lab, "pc", "ping -c 1 10.9.0.2").exit, 0);
  assert.equal(exec(lab, "far", "ping -c 1 10.0.0.9").exit, 0);
  assert.equal(exec(lab, "far", "ping -c 1 10.0.0.1").exit, 1);
  lab.changeTo(parsed(text));
  assert.deepEqual(
    pc?.machine?.routes().filter(({ origin }) => origin === "static"),
    [],
  );
  assert.equal(exec(lab, "far", "ping -c 1 10.0.0.1").exit, 0);
  lab.close();
});

test("services are installed, configured and taken away; one that was switched off stays off", () => {
  const lab = started();
  const running = () =>
    lab.hosts.get("server")?.services.map(({ name, running }) => `${name} ${running !== undefined}`);
  const both = change(lab, "services: { echo: }", "services: { echo: , pop3: }, users: { bob: hungry }");
  lab.runTo({ timeNs: 2e9 });
  assert.deepEqual(running(), ["echo true", "pop3 true"]);
  assert.deepEqual(lab.hosts.get("server")?.users, [{ name: "bob", password: "hungry" }]);
  const moved = change(lab, "echo: ,", "echo: { port: 7777 },", both);
  lab.runTo({ timeNs: 3e9 });
  assert.match(exec(lab, "pc", "echo 10.0.0.2:7777 --text hello").output, /hello/);
  assert.equal(exec(lab, "server", "service stop echo").exit, 0);
  const again = change(lab, "7777", "7778", moved);
  lab.runTo({ timeNs: 20e9 });
  assert.deepEqual(running(), ["echo false", "pop3 true"]);
  change(lab, "echo: { port: 7778 },", "", again);
  lab.runTo({ timeNs: 30e9 });
  assert.deepEqual(running(), ["pop3 true"]);
  assert.deepEqual(lab.failures, []);
  lab.close();
});

test("cut, power and their states; what does not exist is said", () => {
  const lab = started();
  lab.cut("wan", "forth");
  assert.equal(lab.linkState("wan"), "cut-forth");
  lab.cut("wan", "back");
  assert.equal(lab.linkState("wan"), "cut-both");
  lab.heal("wan");
  assert.equal(lab.linkState("wan"), "up");
  lab.cut("wan", "both");
  assert.equal(lab.linkState("wan"), "down");
  assert.equal(lab.hosts.get("far")?.machine?.interfaces()[1].up, false);
  lab.setPower("server", false);
  assert.deepEqual(lab.hosts.get("server")?.machine?.sockets(), []);
  assert.throws(() => lab.cut("ocean", "both"), LocalError);
  assert.throws(() => lab.setPower("lan", true), LocalError);
  lab.close();
});

test("the same changes at the same moments give the same packets", () => {
  const record = (): string[] => {
    const seen: string[] = [];
    const lab = buildNetwork(parsed(text), {
      taps: [
        { handleFrame: ({ timeNs, kind, bytes }) => void seen.push(`${timeNs} ${kind} ${bytes.join()}`) },
      ],
    });
    lab.start();
    lab.runTo({ timeNs: 1e9 });
    const swap = text.replace("10.0.0.2/24", "10.0.0.7/24");
    lab.changeTo(parsed(swap));
    exec(lab, "far", "ping -c 2 10.0.0.7");
    lab.changeTo(parsed(text));
    exec(lab, "far", "ping -c 2 10.0.0.2");
    lab.close();
    return seen;
  };
  const first = record();
  assert.ok(first.length > 20);
  assert.deepEqual(record(), first);
});

test("sockets with what they are doing, caches with their age, and the log", () => {
  const lab = started();
  const server = lab.hosts.get("server");
  const listening = server?.machine?.sockets().filter(({ state }) => state === "LISTEN");
  assert.deepEqual(
    listening?.map(({ local, service }) => `${local} ${service}`),
    ["[::]:7 echo"],
  );
  server?.log?.warn("something is odd");
  assert.deepEqual(server?.log?.lines.at(-1), { timeNs: 1e9, level: "warn", text: "something is odd" });
  for (let i = 0; i < 2_000; i++) server?.log?.info(`${i}`);
  assert.equal(server?.log?.lines.length, 500);
  exec(lab, "pc", "ping -c 1 10.0.0.2");
  const age = (): number | undefined => lab.hosts.get("pc")?.machine?.neighbours()[0].ageSeconds;
  const before = age() ?? Number.NaN;
  lab.runTo({ timeNs: lab.world.nowNs + 2e9 });
  assert.ok(Math.abs((age() ?? 0) - before - 2) < 0.01);
  lab.close();
});

test("a connection shows its window and round trip, and what the resolver and the name server remember", () => {
  const withNames = text
    .replace(
      "services: { echo: }",
      'services: { echo: , dns: { zones: { test: ["@ NS server", "server A 10.0.0.2"] } } }',
    )
    .replace('"2001:db8::1/64"] }', '"2001:db8::1/64"], nameServers: 10.0.0.2 }');
  const lab = started(withNames);
  assert.equal(exec(lab, "pc", "ping -c 1 server.test").exit, 0);
  const pc = lab.hosts.get("pc");
  assert.ok(pc);
  const cached = pc.machine
    ?.resolverCache()
    .map(({ holder, name, type, value }) => `${holder} ${name} ${type} ${value}`);
  assert.ok(cached?.includes("resolver server.test A 10.0.0.2"), String(cached));
  const task = pc.network.connect("10.0.0.2", 7, { timeoutMs: 1_000 });
  const connection = lab.world.finish(pc.network.spawn("connect", task), { maxNs: lab.world.nowNs + 10e9 });
  const socket = pc.machine?.sockets().find(({ state }) => state === "ESTABLISHED");
  assert.equal(socket?.remote, "10.0.0.2:7");
  assert.ok(
    socket.transfer &&
      socket.transfer.congestionWindow > 1_000 &&
      socket.transfer.slowStartThreshold === undefined,
  );
  assert.ok(
    Math.abs((socket.transfer.smoothedRoundTripMs ?? 0) - 4) < 1,
    String(socket.transfer.smoothedRoundTripMs),
  );
  assert.equal(JSON.parse(JSON.stringify(socket)).transfer.recovery, "none");
  connection.close();
  lab.setPower("pc", false);
  assert.deepEqual(pc.machine?.resolverCache(), []);
  lab.setPower("pc", true);
  assert.deepEqual(pc.machine?.resolverCache(), []);
  lab.close();
});

test("expectations about the state of things, and about lost packets", () => {
  const lab = started(`${text}expect:
  - { service: echo@server, state: on }
  - { host: server, state: on }
  - { link: wan, state: down }
  - { link: lan--pc, state: cut }
  - { queue: server, count: 0 }
  - { mailAccount: pc }
  - { packets: ICMP, from: pc, lost: true }
  - { packets: ICMP, from: server, lost: true }
`);
  const passed = () =>
    lab.world.run(lab.check(), { maxNs: Number.POSITIVE_INFINITY }).map((each) => each.passed);
  assert.deepEqual(passed(), [true, true, false, false, true, false, false, false]);
  lab.cut("wan", "both");
  lab.cut("lan--pc", "back");
  exec(lab, "pc", "ping -c 1 10.0.0.2");
  // Until nobody is asked any more for the MAC address.
  lab.runTo({ timeNs: lab.world.nowNs + 5e9 });
  assert.deepEqual(passed(), [true, true, true, true, true, false, true, false]);
  lab.setPower("server", false);
  const pc = lab.hosts.get("pc");
  if (pc !== undefined) pc.mailAccount = { address: "a@test" };
  assert.deepEqual(passed(), [false, false, true, true, true, true, true, false]);
  lab.close();
});
