import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parseNetworkFile } from "../parse.ts";
import { completeNetworkFile, describeNetworkFile } from "./index.ts";

const base = `hamlet: 1
name: Test
hosts:
  pc:
    description: A PC
    addresses: [10.0.0.1/24]
  server:
    addresses: [10.0.0.2/24]
    users: { bob: hungry }
    services:
      dns: { zones: { test: ["@ NS server", "server A 10.0.0.2"] } }
      smtp: { domains: [test] }
routers:
  r1: { interfaces: { lan: [10.0.0.254/24], wan: [10.1.0.1/24] } }
switches:
  lan: { connects: [pc, server, "r1:lan"] }
links:
  - { name: far, between: [r1:wan, lan] }
`;

/** Completion at the bar of `text`. */
function at(text: string): { labels: string[]; texts: string[]; replaced: string; details: string[] } {
  const offset = text.indexOf("|");
  const before = text.slice(0, offset).split("\n");
  const whole = text.replace("|", "");
  const [line, column] = [before.length - 1, before.at(-1)?.length ?? 0];
  const { from, to, options } = completeNetworkFile(whole, line, column);
  return {
    labels: options.map(({ label }) => label),
    texts: options.map(({ text }) => text),
    details: options.map(({ detail }) => detail),
    replaced: whole.split("\n")[line].slice(from, to),
  };
}

test("keys at their place, without those that are there, with what they mean", () => {
  const root = at(`${base}st|`);
  assert.deepEqual(root.labels, ["description", "seed", "forward", "story", "expect"]);
  assert.equal(root.replaced, "st");
  const host = at(base.replace("    description: A PC\n", "    na|\n"));
  assert.ok(host.labels.includes("nameServers") && !host.labels.includes("addresses"), host.labels.join());
  assert.match(host.details[host.labels.indexOf("nameServers")], /best first/);
  assert.deepEqual(at("hamlet: 1\nhosts:\n  pc:\n    |").labels.slice(0, 3), [
    "description",
    "at",
    "addresses",
  ]);
  assert.ok(at(base.replace("{ domains: [test] }", "{ domains: [test], na| }")).labels.includes("name"));
  assert.ok(at(base.replace("{ name: far, between", "{ name: far, de|, between")).labels.includes("delay"));
  assert.deepEqual(at(`${base}  - |`).labels.slice(0, 2), ["between", "name"]);
});

test("a key that has its colon keeps it; one without gets it", () => {
  assert.ok(at(base.replace("description: A PC", "descr|: A PC")).texts.includes("description"));
  assert.ok(at(base.replace("    description: A PC\n", "    |\n")).texts.includes("gateway: "));
  assert.ok(at(base.replace("    description: A PC\n", "    |\n")).texts.includes("services:"));
});

test("services by name, enumerated values, alternatives by what stands there", () => {
  const services = at(base.replace("      smtp: { domains: [test] }\n", "      |\n"));
  assert.ok(services.labels.includes("pop3") && !services.labels.includes("dns"));
  assert.deepEqual(at(`${base}story:\n  - { cut: far, direction: | }`).labels, ["both", "forth", "back"]);
  assert.deepEqual(at(`${base}expect:\n  - { service: smtp@server, state: | }`).labels, ["on", "off"]);
  assert.deepEqual(at(`${base}expect:\n  - { link: far, state: | }`).labels, ["up", "down", "cut"]);
  const packets = at(`${base}expect:\n  - packets: SMTP\n    |`);
  assert.ok(packets.labels.includes("info") && !packets.labels.includes("subject"), packets.labels.join());
  assert.ok(
    at(base.replace("smtp: { domains: [test] }", "smtp: { domains: [test], hello: | }")).labels.includes(
      "textbook",
    ),
  );
});

test("names of hosts, interfaces, links, steps, mailboxes, services, commands where the file refers to them", () => {
  assert.deepEqual(at(base.replace("[pc, server,", "[|, server,")).labels, [
    "pc",
    "server",
    "r1:lan",
    "r1:wan",
    "lan",
  ]);
  const wan = at(base.replace("[r1:wan, lan]", '["r1:|", lan]'));
  assert.deepEqual(
    [wan.labels, wan.texts],
    [
      ["r1:lan", "r1:wan"],
      ["lan", "wan"],
    ],
  );
  assert.deepEqual(at(`${base}story:\n  - { cut: | }`).labels, ["far", "lan--pc", "lan--server", "lan--r1"]);
  assert.deepEqual(at(`${base}story:\n  - on: |`).labels, ["pc", "server", "r1"]);
  assert.ok(at(`${base}story:\n  - { on: pc, run: pi| }`).labels.includes("ping"));
  assert.deepEqual(at(`${base}story:\n  - { name: look, on: pc, run: arp }\nexpect:\n  - step: |`).labels, [
    "look",
  ]);
  assert.deepEqual(at(`${base}expect:\n  - mailbox: |`).labels, ["bob@server"]);
  assert.deepEqual(at(`${base}expect:\n  - { service: |, state: on }`).labels, ["dns@server", "smtp@server"]);
  assert.deepEqual(at(base.replace("description: A PC", "nameServers: |")).labels, ["10.0.0.2"]);
  assert.deepEqual(at(base.replace("description: A PC", "gateway: 10|")).labels, ["10.0.0.254", "10.1.0.1"]);
});

test("help: what a key means, also on its value; nothing where there is nothing", () => {
  const help = (text: string): string | undefined => {
    const before = text.slice(0, text.indexOf("|")).split("\n");
    return describeNetworkFile(text.replace("|", ""), before.length - 1, before.at(-1)?.length ?? 0);
  };
  assert.match(help(base.replace("addresses", "addr|esses")) ?? "", /^addresses: Addresses of eth0/);
  assert.match(
    help(`${base}story:\n  - { cut: far, direction: fo|rth }`) ?? "",
    /^direction: .*Value: both, forth, back/s,
  );
  assert.match(help(base.replace("domains", "do|mains")) ?? "", /Domains whose mail ends here/);
  assert.match(help(base.replace("hamlet: 1", "ham|let: 1")) ?? "", /Version/);
  assert.equal(help(`${base}# a comm|ent`), undefined);
  assert.equal(help(`${base}nothing|: 1`), undefined);
});

test("every key that is offered is one that the file may have", () => {
  const text = readFileSync(new URL("../../../networks/ketchup.yaml", import.meta.url), "utf8");
  const lines = text.split("\n");
  let offered = 0;
  for (const [i, line] of lines.entries()) {
    // A third of them is enough to find a mistake of principle.
    if (i % 3 !== 0) continue;
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    const { options } = completeNetworkFile(
      [...lines.slice(0, i), `${" ".repeat(indent)}`, ...lines.slice(i)].join("\n"),
      i,
      indent,
    );
    for (const { label } of options.slice(0, 3)) {
      if (label.includes(".") || label.includes("@")) continue;
      offered++;
      const changed = [...lines.slice(0, i), `${" ".repeat(indent)}${label}: 1`, ...lines.slice(i)].join(
        "\n",
      );
      for (const { message } of parseNetworkFile(changed, "x").errors ?? [])
        assert.doesNotMatch(message, new RegExp(`unknown key "${label}"`), `line ${i + 1}`);
    }
  }
  assert.ok(offered > 20, String(offered));
});

test("no text and no place makes it fail", () => {
  const text = readFileSync(new URL("../../../networks/mail-lab.yaml", import.meta.url), "utf8");
  fc.assert(
    fc.property(
      fc.nat(text.length),
      fc.nat(text.length),
      fc.constantFrom("", "{", "[", ": ", "- ", "*x", '"', "\t"),
      (cut, place, noise) => {
        const broken = text.slice(0, cut) + noise + text.slice(cut + 5);
        const before = broken.slice(0, place).split("\n");
        const [line, column] = [before.length - 1, before.at(-1)?.length ?? 0];
        const { from, to } = completeNetworkFile(broken, line, column);
        assert.ok(from <= column && column <= to);
        describeNetworkFile(broken, line, column);
      },
    ),
    { numRuns: 60 },
  );
  assert.deepEqual(completeNetworkFile("", 0, 0).options.length > 5, true);
  assert.deepEqual(completeNetworkFile("a", 7, 0).options, []);
});
