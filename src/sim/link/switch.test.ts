import assert from "node:assert/strict";
import { test } from "node:test";
import { ping } from "../testing/networks.ts";
import { Transcript } from "../testing/transcript.ts";
import { ETHERTYPE_IPV4, emitEthernet } from "../wire/index.ts";
import { World } from "../world.ts";
import { Frame } from "./frame.ts";

/** Three hosts (10.0.0.1 to 3) on one switch. */
function lan3() {
  const world = new World({ seed: 1 });
  const lan = world.addSwitch("lan");
  const hosts = [1, 2, 3].map((n) => {
    const host = world.addHost(`h${n}`);
    world.connect(host.addInterface({ addresses: [`10.0.0.${n}/24`] }), lan.addPort());
    return host;
  });
  return { world, lan, hosts };
}

test("a switch floods what it does not know, and sends to one port what it has learned", () => {
  const { world, lan, hosts } = lan3();
  const transcript = new Transcript(world);
  world.run(ping(hosts[0], "10.0.0.2"));
  const forwarded = transcript
    .take("forward")
    .map((line) => line.replace(/^\d+ forward (\S+): (.*)/, "$1 $2"));
  assert.match(forwarded[0], /^lan\/port2 Who has 10.0.0.2/);
  assert.match(forwarded[1], /^lan\/port3 Who has 10.0.0.2/);
  assert.match(forwarded[2], /^lan\/port1 10.0.0.2 is at/);
  assert.match(forwarded[3], /^lan\/port2 .*Echo request/);
  assert.match(forwarded[4], /^lan\/port1 .*Echo reply/);
  assert.equal(forwarded.length, 5);
  assert.equal(lan.portOf(hosts[0].interfaces[0].macAddress)?.name, "port1");
  assert.equal(lan.portOf(hosts[2].interfaces[0].macAddress)?.name, undefined);
});

test("what was learned is forgotten after five minutes", () => {
  const { world, lan, hosts } = lan3();
  world.run(ping(hosts[0], "10.0.0.2"));
  world.runUntil(world.nowNs + 310e9);
  assert.equal(lan.portOf(hosts[0].interfaces[0].macAddress)?.name, undefined);
});

test("a host that moves to another port is found there", () => {
  const { world, lan, hosts } = lan3();
  world.run(ping(hosts[0], "10.0.0.2"));
  const [nic] = hosts[0].interfaces;
  lan.handle(frameFrom(nic.macAddress), lan.ports[2]);
  assert.equal(lan.portOf(nic.macAddress)?.name, "port3");
});

test("frames that are too short, or come from a group, teach nothing", () => {
  const { lan } = lan3();
  lan.handle(new Frame(new Uint8Array(11), 0, 0, undefined), lan.ports[0]);
  lan.handle(frameFrom(0xffffffffffff), lan.ports[0]);
  assert.equal(lan.portOf(0xffffffffffff)?.name, undefined);
});

function frameFrom(source: number): Frame {
  const bytes = new Uint8Array(60);
  emitEthernet(bytes, 0, { destination: 0x020000000099, source, etherType: ETHERTYPE_IPV4 });
  return new Frame(bytes, 0, 0, undefined);
}

test("a loop of switches is refused", () => {
  const world = new World({ seed: 1 });
  const [one, two, three] = ["one", "two", "three"].map((name) => world.addSwitch(name));
  world.connect(one.addPort(), two.addPort());
  world.connect(two.addPort(), three.addPort());
  assert.throws(() => world.connect(three.addPort(), one.addPort()), /loop of switches/);
  assert.throws(() => world.connect(one.addPort(), two.addPort()), /loop of switches/);
});
