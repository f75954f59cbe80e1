import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DATAGRAMS_QUEUED_MAX, type Task } from "../../net/index.ts";
import type { SimHost } from "../host.ts";
import { twoHosts } from "../testing/networks.ts";
import { Transcript } from "../testing/transcript.ts";
import { World } from "../world.ts";

function* receiveOne(host: SimHost, address: string, port: number): Task<string> {
  const socket = yield* host.network.bind({ address, port });
  const datagram = yield* socket.receive(5000);
  socket.close();
  return datagram === undefined ? "nothing" : `${datagram.bytes[0]} from ${datagram.from.address}`;
}

function* sendOne(host: SimHost, octet: number, address: string, port: number): Task {
  const socket = yield* host.network.bind({ port: 0 });
  socket.send(Uint8Array.of(octet), { address, port });
  socket.close();
}

describe("UDP", () => {
  test("a socket's queue is bounded, and the capture says what was lost", () => {
    const { world, a, b } = twoHosts();
    const socket = b.kernel.udp.bind(undefined, undefined, 9);
    world.run(sendOne(a, 0, "10.0.0.2", 9));
    world.runUntil(1e9);
    const transcript = new Transcript(world);
    for (let i = 0; i < DATAGRAMS_QUEUED_MAX + 9; i++) world.run(sendOne(a, i, "10.0.0.2", 9));
    world.runUntil(2e9);
    const drops = transcript.take("drop");
    assert.equal(drops.length, 10);
    assert.match(drops[0], /\(the socket's queue is full\)$/);
    let count = 0;
    while (socket.take() !== undefined) count++;
    assert.equal(count, DATAGRAMS_QUEUED_MAX);
  });

  test("the socket of the very address is preferred to that of every address", () => {
    const { world, a, b } = twoHosts();
    const exact = b.network.spawn("exact", receiveOne(b, "10.0.0.2", 9));
    world.step();
    assert.throws(() => b.kernel.udp.bind(undefined, undefined, 9), { code: "address-in-use" });
    const other = b.network.spawn("other", receiveOne(b, "2001:db8::2", 9));
    world.run(sendOne(a, 4, "10.0.0.2", 9));
    world.run(sendOne(a, 6, "2001:db8::2", 9));
    assert.equal(world.finish(exact), "4 from 10.0.0.1");
    assert.equal(world.finish(other), "6 from 2001:db8::1");
  });

  test("one IPv4 and one IPv6 socket share a port", () => {
    const { b } = twoHosts();
    b.kernel.udp.bind(undefined, 4, 9);
    assert.throws(() => b.kernel.udp.bind(undefined, undefined, 9), { code: "address-in-use" });
    assert.throws(() => b.kernel.udp.bind(b.kernel.ip.addresses.of("10.0.0.2"), undefined, 9), {
      code: "address-in-use",
    });
    b.kernel.udp.bind(b.kernel.ip.addresses.of("2001:db8::2"), undefined, 9);
  });

  test("to oneself, over the loopback interface, on every own address", () => {
    const { world, a } = twoHosts();
    for (const address of ["127.0.0.1", "127.8.9.10", "::1", "10.0.0.1", "2001:db8::1"]) {
      const transcript = new Transcript(world);
      const receiving = a.network.spawn("receive", receiveOne(a, "::", 9));
      world.run(sendOne(a, 5, address, 9));
      assert.equal(world.finish(receiving), `5 from ${address}`);
      assert.deepEqual(
        [...new Set(transcript.events.map(({ interfaceId }) => interfaceId))],
        [a.loopback.id],
      );
      transcript.stop();
    }
  });

  test("a closed port answers with refused to clients, and only to them", () => {
    const { world, a } = twoHosts();
    const ask = function* (port: number): Task<unknown> {
      const socket = yield* a.network.bind({ port });
      try {
        socket.send(Uint8Array.of(1), { address: "10.0.0.2", port: 9 });
        return yield* socket.receive(1000);
      } finally {
        socket.close();
      }
    };
    assert.throws(() => world.run(ask(0)), { code: "refused", message: /UDP port 9 of 10.0.0.2/ });
    assert.equal(world.run(ask(53)), undefined);
  });
});

describe("broadcast", () => {
  /** Three hosts on a switch; the third has no address yet. */
  function lan() {
    const world = new World({ seed: 1 });
    const ports = world.addSwitch("lan");
    const hosts = ["server", "client", "new"].map((name, i) => {
      const host = world.addHost(name);
      const addresses = name === "new" ? [] : [`10.0.0.${i + 1}/24`];
      world.connect(host.addInterface({ addresses }), ports.addPort());
      return host;
    });
    return { world, hosts };
  }

  test("a host without an address reaches everybody, from 0.0.0.0, as DHCP needs it", () => {
    const { world, hosts } = lan();
    const waiting = hosts
      .slice(0, 2)
      .map((host) => host.network.spawn("receive", receiveOne(host, "0.0.0.0", 67)));
    const discover = function* (host: SimHost): Task {
      const socket = yield* host.network.bind({ address: "0.0.0.0", port: 68 });
      socket.send(Uint8Array.of(1), { address: "255.255.255.255", port: 67 });
      socket.close();
    };
    world.run(discover(hosts[2]));
    for (const handle of waiting) assert.equal(world.finish(handle), "1 from 0.0.0.0");
  });

  test("the answer reaches a host that has no address yet, by broadcast", () => {
    const { world, hosts } = lan();
    const waiting = hosts[2].network.spawn("receive", receiveOne(hosts[2], "0.0.0.0", 68));
    world.run(sendOne(hosts[0], 2, "255.255.255.255", 68));
    assert.equal(world.finish(waiting), "2 from 10.0.0.1");
  });

  test("the broadcast address of the network reaches those who are in it; a router does not pass it on", () => {
    const { world, hosts } = lan();
    const waiting = hosts[1].network.spawn("receive", receiveOne(hosts[1], "0.0.0.0", 9));
    const deaf = hosts[2].network.spawn("receive", receiveOne(hosts[2], "0.0.0.0", 9));
    world.run(sendOne(hosts[0], 3, "10.0.0.255", 9));
    assert.equal(world.finish(waiting), "3 from 10.0.0.1");
    assert.equal(world.finish(deaf), "nothing");
  });

  test("an address that comes at run time works at once, and is gone when it is taken away", () => {
    const { world, hosts } = lan();
    const [nic] = hosts[2].interfaces;
    hosts[2].addAddress(nic, "10.0.0.3/24");
    const waiting = hosts[2].network.spawn("receive", receiveOne(hosts[2], "::", 9));
    world.run(sendOne(hosts[0], 7, "10.0.0.3", 9));
    assert.equal(world.finish(waiting), "7 from 10.0.0.1");
    hosts[2].removeAddress(nic, "10.0.0.3/24");
    assert.deepEqual(nic.addresses, []);
    assert.throws(() => world.run(hosts[2].network.pinger.ping("10.0.0.1", PING)), { code: "unreachable" });
  });
});

const PING = { sequence: 1, payload: new Uint8Array(0), timeoutMs: 1000 };
