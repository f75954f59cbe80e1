/** UDP sockets bound to an interface: what who gives addresses, and who gets one, needs of a host. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DatagramSocket, Task } from "../net/index.ts";
import type { SimHost } from "./host.ts";
import { Transcript } from "./testing/transcript.ts";
import { World } from "./world.ts";

const EVERYBODY = { address: "255.255.255.255", port: 67 };

/** A server with two interfaces, and on each link a host without an address. */
function newcomers() {
  const world = new World({ seed: 1 });
  const server = world.addHost("server");
  const hosts = [1, 2].map((i) => {
    const host = world.addHost(`new${i}`);
    const nic = server.addInterface({ addresses: [`10.0.${i}.1/24`] });
    world.connect(host.addInterface(), nic);
    return host;
  });
  const open = (host: SimHost, port: number, nic: string): DatagramSocket =>
    world.run(host.network.bind({ address: "0.0.0.0", port, interface: nic }));
  const hear = (socket: DatagramSocket): string => {
    const datagram = world.run(socket.receive(100));
    return datagram === undefined ? "nothing" : `${datagram.bytes} from ${datagram.from.address}`;
  };
  return { world, server, hosts, open, hear };
}

describe("a socket at an interface", () => {
  test("sends from 0.0.0.0 to everybody, and is heard by the socket of that link alone", () => {
    const { server, hosts, open, hear } = newcomers();
    const at0 = open(server, 67, "eth0");
    const at1 = open(server, 67, "eth1");
    open(hosts[0], 68, "eth0").send(Uint8Array.of(1), EVERYBODY);
    assert.equal(hear(at0), "1 from 0.0.0.0");
    assert.equal(hear(at1), "nothing");
  });

  test("broadcasts leave by it alone, from its own address", () => {
    const { server, hosts, open, hear } = newcomers();
    const clients = hosts.map((host) => open(host, 68, "eth0"));
    open(server, 67, "eth1").send(Uint8Array.of(7), { ...EVERYBODY, port: 68 });
    assert.equal(hear(clients[0]), "nothing");
    assert.equal(hear(clients[1]), "7 from 10.0.2.1");
  });

  test("a host without an address hears what is sent to its hardware address, at that port only", () => {
    const { world, server, hosts, open, hear } = newcomers();
    const client = open(hosts[0], 68, "eth0");
    const mac = hosts[0].interfaces[0].mac;
    const sender = open(server, 67, "eth0");
    const transcript = new Transcript(world);
    sender.sendOnLink?.(Uint8Array.of(5), { address: "10.0.1.9", port: 68 }, mac);
    assert.equal(hear(client), "5 from 10.0.1.1");
    sender.sendOnLink?.(Uint8Array.of(6), { address: "10.0.1.9", port: 69 }, mac);
    assert.equal(hear(client), "nothing");
    assert.match(transcript.take("drop").join("\n"), /10\.0\.1\.9 is not an address of this host/);
    hosts[0].addAddress(hosts[0].interfaces[0], "10.0.1.8/24");
    sender.sendOnLink?.(Uint8Array.of(7), { address: "10.0.1.9", port: 68 }, mac);
    assert.equal(hear(client), "nothing");
  });

  test("a broadcast that a host does not listen for is no loss", () => {
    const { world, hosts, open } = newcomers();
    const transcript = new Transcript(world);
    open(hosts[0], 68, "eth0").send(Uint8Array.of(1), EVERYBODY);
    world.runUntil(world.nowNs + 1e9);
    assert.deepEqual(transcript.take("drop"), []);
  });

  test("two interfaces share a port, one does not give it twice; an unknown one is refused", () => {
    const { world, server, open } = newcomers();
    open(server, 67, "eth0");
    open(server, 67, "eth1");
    assert.throws(() => open(server, 67, "eth0"), { code: "address-in-use" });
    assert.throws(() => open(server, 67, "eth7"), { code: "address-not-available" });
    const anywhere = (): Task<DatagramSocket> => server.network.bind({ port: 67 });
    assert.throws(() => world.run(anywhere()), { code: "address-in-use" });
  });

  test("the host lists its interfaces with their addresses as they are", () => {
    const { server, hosts } = newcomers();
    assert.deepEqual(
      server.network.interfaces().map(({ name, addresses }) => [name, ...addresses]),
      [
        ["eth0", "10.0.1.1/24"],
        ["eth1", "10.0.2.1/24"],
      ],
    );
    assert.deepEqual(hosts[0].network.interfaces()[0].addresses, []);
  });
});
