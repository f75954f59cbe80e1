/** The DHCP server's panel: leases live, reservations, whom to serve, who asked in vain, a rogue server. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openLab, type PanelBench } from "../testing/lab.ts";
import type { DhcpView } from "./view.ts";

const viewOf = (bench: PanelBench): DhcpView => bench.view<DhcpView>("server", "dhcp");
const addressOf = (bench: PanelBench, host: string) => bench.lab.world.host(host)?.interfaces[0].addresses[0];

/** The laptop is off, and everybody asks anew. */
function openWithoutRogue(): PanelBench {
  const bench = openLab("dhcp.yaml");
  bench.lab.setPower("laptop", false);
  for (const name of ["pc1", "pc2", "visitor", "tablet", "phone"]) {
    const { network, machine } = bench.host(name);
    machine?.leases.release();
    if (machine !== undefined) network.spawn("renew", machine.leases.renew());
  }
  return bench;
}

test("leases with the time that is left; one is reserved, one taken back: the client hears of it when it asks", () => {
  const bench = openWithoutRogue();
  for (const name of ["visitor", "tablet", "phone"]) bench.lab.setPower(name, false);
  bench.lab.runTo({ timeNs: 20e9 });
  const [pool] = viewOf(bench).pools;
  assert.deepEqual([pool.network, pool.size, pool.routers], ["192.168.1.0/24", 2, ["192.168.1.1"]]);
  const pc1 = viewOf(bench).leases.find(({ hostName }) => hostName === "pc1") ?? assert.fail();
  assert.ok(pc1.untilNs !== undefined && pc1.untilNs > 100e9, String(pc1.untilNs));
  bench.act("server", "dhcp", "reserve", { client: "02:00:5E:00:00:01", address: "192.168.1.77" });
  assert.deepEqual(viewOf(bench).reservations.at(-1), {
    client: "02:00:5e:00:00:01",
    address: "192.168.1.77",
  });
  bench.lab.runTo({ timeNs: 120e9 });
  assert.equal(addressOf(bench, "pc1"), "192.168.1.77");
  bench.act("server", "dhcp", "unreserve", { client: "02:00:5e:00:00:01" });
  assert.equal(viewOf(bench).reservations.length, 1);
  bench.act("server", "dhcp", "revoke", { address: "192.168.1.77" });
  assert.equal(viewOf(bench).leases.find(({ address }) => address === "192.168.1.77")?.state, "free");
  bench.lab.runTo({ timeNs: 250e9 });
  assert.match(addressOf(bench, "pc1") ?? "", /^192\.168\.1\.10[01]$/);
});

test("only who is named is served; the others stand among those who asked in vain; the pool is changed", () => {
  const bench = openWithoutRogue();
  bench.act("server", "dhcp", "only", { clients: ["02:00:5e:00:00:02"] });
  bench.lab.runTo({ timeNs: 400e9 });
  const refused = viewOf(bench).refusals.map(({ hostName }) => hostName);
  for (const name of ["pc1", "visitor", "tablet", "phone"]) assert.ok(refused.includes(name), refused.join());
  assert.equal(addressOf(bench, "pc2"), "192.168.1.50");
  assert.equal(addressOf(bench, "pc1"), undefined);
  bench.act("server", "dhcp", "only", { clients: null });
  bench.act("server", "dhcp", "settings", { pool: "192.168.1.110-192.168.1.120", leaseSeconds: 60 });
  bench.lab.runTo({ timeNs: 600e9 });
  assert.deepEqual(viewOf(bench).refusals, []);
  assert.match(addressOf(bench, "phone") ?? "", /^192\.168\.1\.1[12]/);
  assert.deepEqual([viewOf(bench).poolText, viewOf(bench).leaseSeconds], ["192.168.1.110-192.168.1.120", 60]);
});

test("a rogue server is known by the clients that take its offers", () => {
  const bench = openLab("dhcp.yaml");
  bench.lab.runTo({ timeNs: 30e9 });
  const [other] = viewOf(bench).others;
  assert.equal(other?.serverIdentifier, "192.168.1.66");
});

test("what cannot be is refused in words for a person, and changes nothing", () => {
  const bench = openLab("dhcp.yaml");
  const refuse = (action: string, value: object, message: RegExp): void =>
    void assert.throws(() => bench.act("server", "dhcp", action, value), { message });
  refuse("reserve", { client: "pc1", address: "192.168.1.77" }, /no hardware address/);
  refuse(
    "reserve",
    { client: "02:00:5e:00:00:09", address: "10.0.0.1" },
    /10\.0\.0\.1, which is reserved, is in no network/,
  );
  refuse(
    "reserve",
    { client: "02:00:5e:00:00:09", address: "192.168.1.50" },
    /reserved for 02:00:5e:00:00:02 already/,
  );
  refuse("settings", { pool: "10.0.0.1-10.0.0.9", leaseSeconds: 60 }, /is in no network of this host/);
  refuse("settings", { pool: "192.168.1.9-192.168.1.1", leaseSeconds: 60 }, /ends before it begins/);
  const broadcast = /^192\.168\.1\.255 is the broadcast address of 192\.168\.1\.0\/24, and no host's$/;
  refuse("settings", { pool: "192.168.1.255", leaseSeconds: 60 }, broadcast);
  refuse("settings", { pool: "192.168.1.9-192.168.2.9", leaseSeconds: 60 }, broadcast);
  refuse("reserve", { client: "02:00:5e:00:00:09", address: "192.168.1.0" }, /is the network/);
  refuse(
    "settings",
    { pool: "192.168.1.9", leaseSeconds: 5_000_000_000 },
    /^the lease time is a whole number of seconds, at least 10 and at most 4294967294$/,
  );
  refuse("revoke", { address: "192.168.1.99" }, /nobody has 192\.168\.1\.99/);
  assert.equal(viewOf(bench).poolText, "192.168.1.100-192.168.1.101");
});
