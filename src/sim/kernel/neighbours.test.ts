import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sleep, type Task } from "../../net/index.ts";
import type { SimHost } from "../host.ts";
import { Frame } from "../link/frame.ts";
import { ping, routedHosts, twoHosts } from "../testing/networks.ts";
import { Transcript } from "../testing/transcript.ts";
import {
  ARP_REPLY,
  ARP_REQUEST,
  ETHERTYPE_ARP,
  emitArp,
  emitEthernet,
  MAC_BROADCAST,
} from "../wire/index.ts";
import { AddressTable } from "./ip-address.ts";

describe("ARP, as it passes", () => {
  test("the first packet waits for the answer", () => {
    const { world, a } = twoHosts();
    const transcript = new Transcript(world);
    assert.equal(world.run(ping(a, "10.0.0.2")), "reply from 10.0.0.2 after 4 ms");
    assert.deepEqual(transcript.take(), [
      "0 origin a/eth0: Who has 10.0.0.2? Tell 10.0.0.1 (packets wait for 10.0.0.2)",
      "1 receive b/eth0: Who has 10.0.0.2? Tell 10.0.0.1",
      "1 origin b/eth0: 10.0.0.2 is at 02:00:00:00:00:04 (answer to 10.0.0.1)",
      "2 receive a/eth0: 10.0.0.2 is at 02:00:00:00:00:04",
      "2 origin a/eth0: 10.0.0.1 to 10.0.0.2, protocol 1, 36 octets, TTL 64: Echo request, id 24194, sequence 1",
      "3 receive b/eth0: 10.0.0.1 to 10.0.0.2, protocol 1, 36 octets, TTL 64: Echo request, id 24194, sequence 1",
      "3 origin b/eth0: 10.0.0.2 to 10.0.0.1, protocol 1, 36 octets, TTL 64: Echo reply, id 24194, sequence 1",
      "4 receive a/eth0: 10.0.0.2 to 10.0.0.1, protocol 1, 36 octets, TTL 64: Echo reply, id 24194, sequence 1",
    ]);
  });

  test("who does not answer is asked three times, a second apart, then the packet is given up", () => {
    const { world, a } = twoHosts();
    const transcript = new Transcript(world);
    assert.equal(world.run(ping(a, "10.0.0.9")), "unreachable from 10.0.0.1 after 3000 ms");
    assert.deepEqual(transcript.take("origin", "drop"), [
      "0 origin a/eth0: Who has 10.0.0.9? Tell 10.0.0.1 (packets wait for 10.0.0.9)",
      "1000 origin a/eth0: Who has 10.0.0.9? Tell 10.0.0.1 (packets wait for 10.0.0.9)",
      "2000 origin a/eth0: Who has 10.0.0.9? Tell 10.0.0.1 (packets wait for 10.0.0.9)",
      "3000 drop a/eth0: 10.0.0.1 to 10.0.0.9, protocol 1, 36 octets, TTL 64: Echo request, id 24194, sequence 1" +
        " (10.0.0.9 did not answer 3 questions for its MAC address)",
    ]);
  });

  test("a neighbour that was not confirmed for half a minute is asked directly, after it was used again", () => {
    const { world, a, b } = twoHosts();
    world.run(ping(a, "10.0.0.2"));
    world.runUntil(40e9);
    const transcript = new Transcript(world);
    world.run(sendDatagram(a, b));
    world.runUntilIdle({ maxNs: 100e9 });
    assert.deepEqual(transcript.take("origin"), [
      "40000 origin a/eth0: 10.0.0.1 to 10.0.0.2, protocol 17, 36 octets, TTL 64: UDP 36039 to 7, 8 octets",
      "45000 origin a/eth0: Who has 10.0.0.2? Tell 10.0.0.1 (is 10.0.0.2 still there?)",
      "45001 origin b/eth0: 10.0.0.2 is at 02:00:00:00:00:04 (answer to 10.0.0.1)",
    ]);
  });

  test("a host that has changed its card is found again", () => {
    const { world, a, link } = twoHosts();
    world.run(ping(a, "10.0.0.2"));
    const neighbour = a.interfaces[0].neighbours?.find(world.addresses.of("10.0.0.2"));
    assert.equal(neighbour?.state, "reachable");
    const message = {
      operation: ARP_REPLY,
      senderMac: 0x0200000000aa,
      targetMac: a.interfaces[0].macAddress,
    };
    link.a.receive(arpFrame({ ...message, sender: "10.0.0.2", target: "10.0.0.1" }));
    assert.equal(neighbour?.mac, 0x0200000000aa);
  });

  test("an answer that nobody asked for makes no entry; a question for us does", () => {
    const { a, b, link } = twoHosts();
    const { neighbours } = a.interfaces[0];
    const forged = { senderMac: 0x0200000000aa, targetMac: 0, target: "10.0.0.1" };
    link.a.receive(arpFrame({ ...forged, operation: ARP_REQUEST, sender: "10.0.0.77", target: "10.0.0.78" }));
    assert.equal(neighbours?.list().length, 0);
    link.a.receive(arpFrame({ ...forged, operation: ARP_REQUEST, sender: "10.0.0.77" }));
    assert.equal(neighbours?.list().length, 1);
    // Nobody else is our own address, nor an address of no host at all.
    link.a.receive(arpFrame({ ...forged, operation: ARP_REQUEST, sender: "10.0.0.1" }));
    link.a.receive(arpFrame({ ...forged, operation: ARP_REQUEST, sender: "0.0.0.0" }));
    assert.equal(neighbours?.list().length, 1);
    assert.equal(b.isOn, true);
  });

  test("only so many packets wait, the newest of them", () => {
    const { world, a, b, link } = twoHosts();
    link.partition("both");
    const arrived: number[] = [];
    world.run(
      (function* () {
        const receiver = yield* b.network.bind({ port: 7 });
        const sender = yield* a.network.bind({ port: 0 });
        for (let i = 0; i < 70; i++) sender.send(Uint8Array.of(i), { address: "10.0.0.2", port: 7 });
        world.schedule.after(500e6, () => link.partition("none"));
        for (;;) {
          const datagram = yield* receiver.receive(2000);
          if (datagram === undefined) break;
          arrived.push(datagram.bytes[0]);
        }
      })(),
    );
    assert.deepEqual(
      arrived,
      Array.from({ length: 64 }, (_, i) => i + 6),
    );
  });
});

describe("IPv6 neighbour discovery, as it passes", () => {
  test("the question goes to the solicited-node group, the answer to who asked", () => {
    const { world, a } = twoHosts();
    const transcript = new Transcript(world);
    assert.equal(world.run(ping(a, "2001:db8::2")), "reply from 2001:db8::2 after 4 ms");
    const groupMac = [...transcript.events[0].bytes.subarray(0, 6)];
    assert.deepEqual(groupMac, [0x33, 0x33, 0xff, 0, 0, 2]);
    assert.deepEqual(transcript.take("origin"), [
      "0 origin a/eth0: Neighbour solicitation: who has 2001:db8::2? (packets wait for 2001:db8::2)",
      "1 origin b/eth0: Neighbour advertisement: 2001:db8::2 is at 02:00:00:00:00:04 (answer to 2001:db8::1)",
      "2 origin a/eth0: 2001:db8::1 to 2001:db8::2, protocol 58, 56 octets, hop limit 64: Echo request, id 24194, sequence 1",
      "3 origin b/eth0: 2001:db8::2 to 2001:db8::1, protocol 58, 56 octets, hop limit 64: Echo reply, id 24194, sequence 1",
    ]);
  });

  test("a router that finds nobody says so to the source", () => {
    const { world, a } = routedHosts();
    world.run(ping(a, "2001:db8:2::2"));
    const transcript = new Transcript(world);
    const startMs = Math.round(world.nowNs / 1e6);
    assert.equal(world.run(ping(a, "2001:db8:2::9")), "unreachable from 2001:db8:1::fe after 3002 ms");
    const lines = transcript
      .take("origin")
      .map((line) => line.replace(/^\d+/, (ms) => `${Number(ms) - startMs}`));
    assert.deepEqual(lines, [
      "0 origin a/eth0: 2001:db8:1::1 to 2001:db8:2::9, protocol 58, 56 octets, hop limit 64: Echo request, id 24195, sequence 1",
      "1 origin r/eth1: Neighbour solicitation: who has 2001:db8:2::9? (packets wait for 2001:db8:2::9)",
      "1001 origin r/eth1: Neighbour solicitation: who has 2001:db8:2::9? (packets wait for 2001:db8:2::9)",
      "2001 origin r/eth1: Neighbour solicitation: who has 2001:db8:2::9? (packets wait for 2001:db8:2::9)",
      "3001 origin r/eth0: 2001:db8:1::fe to 2001:db8:1::1, protocol 58, 104 octets, hop limit 64: " +
        "Destination unreachable: address unreachable (a packet to 2001:db8:2::9 ends here)",
    ]);
  });
});

/** One datagram to a port where somebody listens and says nothing. */
function* sendDatagram(host: SimHost, quiet: SimHost): Task {
  const listening = yield* quiet.network.bind({ port: 7 });
  const socket = yield* host.network.bind({ port: 0 });
  socket.send(new Uint8Array(8), { address: "10.0.0.2", port: 7 });
  socket.close();
  yield* sleep(host.network.clock, 10);
  listening.close();
}

function arpFrame(message: {
  operation: number;
  senderMac: number;
  sender: string;
  targetMac: number;
  target: string;
}): Frame {
  const addresses = new AddressTable();
  const bytes = new Uint8Array(42);
  emitEthernet(bytes, 0, { destination: MAC_BROADCAST, source: message.senderMac, etherType: ETHERTYPE_ARP });
  const senderAddress = addresses.of(message.sender).bytes;
  bytes.set(emitArp({ ...message, senderAddress, targetAddress: addresses.of(message.target).bytes }), 14);
  return new Frame(bytes, 0, 0, undefined);
}
