/** A world that is changed while it runs: what is taken away is gone, what takes its place is found at once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkError } from "../net/index.ts";
import type { FrameEvent } from "./capture/tap.ts";
import { ping } from "./testing/networks.ts";
import { World } from "./world.ts";

/** Three hosts (10.0.0.1 to 3, also 2001:db8::1 to 3) on one switch. */
function lan() {
  const world = new World({ seed: 1 });
  const wires = world.addSwitch("lan");
  const add = (n: number, name = `h${n}`) => {
    const host = world.addHost(name);
    const nic = host.addInterface({ addresses: [`10.0.0.${n}/24`, `2001:db8::${n}/64`] });
    return { host, nic, link: world.connect(nic, wires.addPort(), { delayMs: 1 }) };
  };
  return { world, wires, add, nodes: [add(1), add(2), add(3)] };
}

/** Nobody answers, or the host itself finds that nobody can. */
function fails(world: World, task: ReturnType<typeof ping>): void {
  try {
    assert.doesNotMatch(world.run(task), /^reply/);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}

test("a link that is taken out loses what is on its way, and frees both ends", () => {
  const { world, wires, nodes } = lan();
  const [a, b] = nodes;
  const dropped: (string | undefined)[] = [];
  world.addTap({
    handleFrame: (event: FrameEvent) => void (event.kind === "drop" && dropped.push(event.reason)),
  });
  world.spawn("ping", ping(a.host, "10.0.0.2")).whenDone(() => {});
  world.runUntil(0.5e6);
  world.disconnect(a.link);
  world.runUntil(2e6);
  assert.deepEqual(dropped, ["the link is down"]);
  assert.equal(wires.ports.length, 2);
  assert.throws(() => world.disconnect(a.link), /not in this world/);
  world.connect(a.nic, wires.addPort());
  assert.equal(wires.ports.at(-1)?.name, "port4");
  world.run(ping(a.host, "10.0.0.2"));
  assert.equal(b.link.isUp, true);
});

test("a switch forgets who was behind a port that is taken away", () => {
  const { world, wires, nodes } = lan();
  const [a, b] = nodes;
  world.run(ping(a.host, "10.0.0.2"));
  world.disconnect(b.link);
  assert.equal(wires.portOf(b.nic.macAddress), undefined);
  world.connect(b.nic, wires.addPort());
  world.run(ping(a.host, "10.0.0.2"));
});

test("a host that is taken away is gone with its links; its interfaces keep their numbers, its name is free", () => {
  const { world, wires, add, nodes } = lan();
  const before = world.interfaces.length;
  world.removeHost("h2");
  assert.equal(world.host("h2"), undefined);
  assert.equal(world.links.length, 2);
  assert.equal(wires.ports.length, 2);
  assert.equal(world.interfaces.length, before);
  assert.deepEqual(world.interfaces[nodes[1].nic.id].addresses, []);
  fails(world, ping(nodes[0].host, "10.0.0.2"));
  assert.throws(() => world.removeHost("h2"), /no host "h2"/);
  const { host } = add(2);
  world.run(ping(nodes[0].host, "10.0.0.2"));
  world.run(ping(host, "2001:db8::1"));
});

test("a switch that is taken away leaves its hosts alone", () => {
  const { world, nodes } = lan();
  world.removeSwitch("lan");
  assert.deepEqual([world.links.length, world.switches.length], [0, 0]);
  assert.equal(nodes[0].nic.outgoing, undefined);
  fails(world, ping(nodes[0].host, "10.0.0.2"));
  world.connect(nodes[0].nic, nodes[1].nic);
  world.run(ping(nodes[0].host, "10.0.0.2"));
});

for (const [kind, address, prefix] of [
  ["ARP", "10.0.0.2", "24"],
  ["neighbour discovery", "2001:db8::2", "64"],
] as const) {
  test(`an address that goes to another host is announced by ${kind}: the next packet finds it`, () => {
    const { world, nodes } = lan();
    const [a, b, c] = nodes;
    world.run(ping(a.host, address));
    b.host.removeAddress(b.nic, `${address}/${prefix}`);
    c.host.addAddress(c.nic, `${address}/${prefix}`);
    c.host.announce(c.nic);
    world.runUntil(world.nowNs + 10e6);
    world.run(ping(a.host, address));
    const entry = a.nic.neighbours?.list().find((each) => each.address.text === address);
    assert.equal(entry?.mac, c.nic.macAddress);
  });
}

test("an interface goes with its addresses and routes; gateways set anew replace the old ones", () => {
  const { world, nodes } = lan();
  const [a] = nodes;
  const second = a.host.addInterface({ addresses: ["10.7.0.1/24"] });
  a.host.setGateways(["10.7.0.254"]);
  const statics = () =>
    a.host.routes.list().flatMap(({ origin, gateway }) => (origin === "static" ? gateway?.text : []));
  assert.deepEqual(statics(), ["10.7.0.254"]);
  a.host.setGateways(["10.0.0.3", "2001:db8::3"]);
  assert.deepEqual(statics().toSorted(), ["10.0.0.3", "2001:db8::3"]);
  a.host.removeInterface(second);
  assert.deepEqual(a.host.interfaces, [a.nic]);
  assert.ok(a.host.routes.list().every((route) => route.interface !== second));
  assert.throws(() => a.host.removeInterface(a.nic), /has a link/);
  assert.throws(() => a.host.removeInterface(a.host.loopback), /no interface lo/);
  world.run(ping(a.host, "10.0.0.2"));
});

test("the largest packet of an interface may change while it runs", () => {
  const { world, nodes } = lan();
  const [a] = nodes;
  const lengths: number[] = [];
  world.addTap({
    handleFrame: ({ kind, interfaceId, bytes }) =>
      void (kind === "origin" && interfaceId === a.nic.id && lengths.push(bytes.length)),
  });
  a.nic.mtu = 600;
  const socket = world.run(a.host.network.bind({ port: 0 }));
  socket.send(new Uint8Array(1000), { address: "10.0.0.2", port: 9 });
  world.runUntil(1e9);
  assert.ok(Math.max(...lengths) <= 614, lengths.join());
});
