/** The name server's panel: records live, and a cache that shows what was learnt. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../net/index.ts";
import type { DnsConfiguration } from "../../../services/dns/index.ts";
import { openLab, type PanelBench } from "../testing/lab.ts";
import type { DnsView } from "./view.ts";

const add = (bench: PanelBench, record: object) =>
  bench.act("server", "dns", "record.add", { zone: "gmail.com", name: "www", type: "A", ...record });

test("a record is added and removed while the server runs, and stays so when it starts again", () => {
  const bench = openLab("mail-lab.yaml");
  const server = bench.host("server");
  const zone = () => bench.view<DnsView>("server", "dns").zones[0];
  const lookUp = () => bench.lab.world.run(server.network.resolver.addresses("www.gmail.com", 4));
  const serial = zone().serial;
  add(bench, { value: "192.168.1.9" });
  assert.deepEqual(lookUp(), ["192.168.1.9"]);
  assert.equal(zone().serial, serial + 1);
  const record = zone().records.find(({ name }) => name === "www");
  assert.deepEqual([record?.type, record?.value, record?.ttlSeconds], ["A", "192.168.1.9", 3600]);
  for (const [service, on] of [
    ["stop", false],
    ["start", true],
  ] as const) {
    const task = on ? server.startService("dns") : server.stopService("dns");
    bench.lab.world.finish(server.network.spawn(service, ignoreResult(task)));
    assert.equal(bench.view<DnsView>("server", "dns").running, on);
    assert.ok(zone().records.some(({ name }) => name === "www"));
  }
  bench.act("server", "dns", "record.remove", { zone: "gmail.com", id: record?.id });
  assert.equal(zone().serial, serial + 2);
  assert.ok(!zone().records.some(({ name }) => name === "www"));
  assert.throws(
    () => bench.act("server", "dns", "record.remove", { zone: "gmail.com", id: record?.id }),
    /gone/,
  );
});

test("records that stay are written as they were: in the network file there may be comments beside them", () => {
  const bench = openLab("mail-lab.yaml");
  const lines = () => {
    const dns = bench.host("server").services.find(({ name }) => name === "dns");
    return (dns?.configuration as DnsConfiguration | undefined)?.zones?.["gmail.com"] as readonly string[];
  };
  const before = lines();
  add(bench, { value: "192.168.1.9" });
  assert.deepEqual(lines().slice(1, -1), before);
  assert.match(lines()[0], /\sSOA\s/);
  const { records } = bench.view<DnsView>("server", "dns").zones[0];
  bench.act("server", "dns", "record.remove", {
    zone: "gmail.com",
    id: records.find(({ type }) => type === "MX")?.id,
  });
  assert.deepEqual(
    lines().slice(1, -1),
    before.filter((line) => !line.includes("MX")),
  );
});

test("a record says its TTL, and is changed in its place", () => {
  const bench = openLab("mail-lab.yaml");
  const records = () => bench.view<DnsView>("server", "dns").zones[0].records;
  const www = () =>
    records()
      .filter(({ name }) => name === "www")
      .map(({ ttlSeconds, type, value }) => `${ttlSeconds} ${type} ${value}`);
  const { length } = records();
  add(bench, { value: "192.168.1.9", ttlSeconds: 60 });
  assert.throws(() => add(bench, { value: "192.168.1.9", ttlSeconds: 90 }), /there already/);
  const replaces = records().find(({ name }) => name === "www")?.id;
  add(bench, { value: "192.168.1.10", ttlSeconds: 90, replaces });
  assert.deepEqual(www(), ["90 A 192.168.1.10"]);
  assert.equal(records().length, length + 1);
  assert.throws(() => add(bench, { value: "192.168.1.11", replaces }), /gone/);
  assert.deepEqual(www(), ["90 A 192.168.1.10"]);
});

test("words of a TXT record without quotes are one string, whatever is in them", () => {
  const bench = openLab("mail-lab.yaml");
  const txt = (value: string): string | undefined => {
    const replaces = bench
      .view<DnsView>("server", "dns")
      .zones[0].records.find(({ type }) => type === "TXT")?.id;
    add(bench, { type: "TXT", value, ...(replaces && { replaces }) });
    return bench.view<DnsView>("server", "dns").zones[0].records.find(({ type }) => type === "TXT")?.value;
  };
  assert.equal(txt("hello world"), '"hello world"');
  assert.equal(txt("v=DKIM1; p=(a\\b)"), '"v=DKIM1; p=(a\\\\b)"');
  assert.equal(txt('"two" "strings"'), '"two" "strings"');
});

test("what makes no sense is refused with its reason, and nothing changes", () => {
  const bench = openLab("mail-lab.yaml");
  const before = bench.view<DnsView>("server", "dns");
  assert.throws(() => add(bench, { value: "192.168.1.999" }), /192\.168\.1\.999/);
  assert.throws(() => add(bench, { name: "mail", type: "CNAME", value: "server" }), /CNAME/);
  assert.throws(() => add(bench, { name: "www.example.org.", value: "192.168.1.9" }), /not within/);
  assert.throws(() => add(bench, { name: "mail", value: "192.168.1.5" }), /there already/);
  assert.throws(() => add(bench, { value: "192.168.1.9\nx A 1.2.3.4" }), /one line/);
  assert.throws(() => add(bench, { zone: "example.org", value: "192.168.1.9" }), /no zone/);
  assert.deepEqual(bench.view<DnsView>("server", "dns"), before);
  const ns = before.zones[0].records.find(({ type }) => type === "NS");
  assert.throws(() => bench.act("server", "dns", "record.remove", { zone: "gmail.com", id: ns?.id }), /NS/);
});

test("a zone is added and taken away", () => {
  const bench = openLab("mail-lab.yaml");
  bench.act("server", "dns", "zone.add", { zone: "example.org" });
  assert.throws(() => bench.act("server", "dns", "zone.add", { zone: "EXAMPLE.org" }), /already/);
  add(bench, { zone: "example.org", value: "192.168.1.77" });
  const { resolver } = bench.host("pc1").network;
  assert.deepEqual(bench.lab.world.run(resolver.addresses("www.example.org", 4)), ["192.168.1.77"]);
  bench.act("server", "dns", "zone.remove", { zone: "example.org" });
  assert.deepEqual(
    bench.view<DnsView>("server", "dns").zones.map(({ name }) => name),
    ["gmail.com"],
  );
});

test("the cache of a local name server shows what it learnt, and can be emptied", () => {
  const bench = openLab("town.yaml");
  const { lab } = bench;
  const local = [...lab.hosts.values()].find(
    (host) => bench.panel("dns").appliesTo(host) && bench.view<DnsView>(host.name, "dns").recursive,
  );
  assert.ok(local, "the town has a local name server");
  const client = [...lab.hosts.values()].find(({ mailAccount }) => mailAccount !== undefined);
  assert.ok(client);
  lab.world.run(client.network.resolver.addresses("mail.hamburger.edu", 4));
  const servers = [...lab.hosts.values()].filter((host) => bench.panel("dns").appliesTo(host));
  const caching = servers.find(({ name }) => bench.view<DnsView>(name, "dns").cache.length > 0);
  assert.ok(caching);
  const { cache } = bench.view<DnsView>(caching.name, "dns");
  const record = cache.find(({ name, type }) => name === "mail.hamburger.edu" && type === "A");
  assert.ok(record !== undefined && record.untilNs > lab.world.nowNs);
  const revision = bench.panel("dns").revision(caching);
  lab.runTo({ timeNs: lab.world.nowNs + 2e9 });
  assert.equal(bench.panel("dns").revision(caching), revision, "time alone is no change");
  bench.act(caching.name, "dns", "cache.clear");
  assert.deepEqual(bench.view<DnsView>(caching.name, "dns").cache, []);
});

function* ignoreResult(task: Task<unknown>): Task {
  yield* task;
}
