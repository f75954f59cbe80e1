import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Frame } from "../link/frame.ts";
import { Schedule } from "../schedule.ts";
import { askDatagram, echoDatagrams, ping, routedHosts, twoHosts } from "../testing/networks.ts";
import { Transcript } from "../testing/transcript.ts";
import { ETHERTYPE_IPV4, emitEthernet, emitIpv4, MAC_BROADCAST } from "../wire/index.ts";
import { ICMP_ERRORS, ICMPV6_ERRORS } from "./icmp-errors.ts";
import { IcmpRate } from "./icmp-rate.ts";

describe("ICMP errors, as they pass", () => {
  test("a TTL that runs out is reported by the router where it did", () => {
    const { world, a } = routedHosts();
    world.run(ping(a, "10.0.2.2"));
    const transcript = new Transcript(world);
    assert.equal(world.run(ping(a, "10.0.2.2", 8, 1)), "time-exceeded from 10.0.1.254 after 2 ms");
    assert.deepEqual(transcript.take(), [
      "8 origin a/eth0: 10.0.1.1 to 10.0.2.2, protocol 1, 36 octets, TTL 1: Echo request, id 24195, sequence 1",
      "9 receive r/eth0: 10.0.1.1 to 10.0.2.2, protocol 1, 36 octets, TTL 1: Echo request, id 24195, sequence 1",
      "9 drop r/eth0: 10.0.1.1 to 10.0.2.2, protocol 1, 36 octets, TTL 1: Echo request, id 24195, sequence 1 (TTL has run out)",
      "9 origin r/eth0: 10.0.1.254 to 10.0.1.1, protocol 1, 64 octets, TTL 64: Time exceeded: TTL ran out in transit (a packet to 10.0.2.2 ends here)",
      "10 receive a/eth0: 10.0.1.254 to 10.0.1.1, protocol 1, 64 octets, TTL 64: Time exceeded: TTL ran out in transit",
    ]);
    assert.equal(world.run(ping(a, "2001:db8:2::2", 8, 1)), "time-exceeded from 2001:db8:1::fe after 4 ms");
  });

  test("no route is reported by the router that has none", () => {
    const { world, a } = routedHosts();
    world.run(ping(a, "10.0.2.2"));
    assert.equal(world.run(ping(a, "192.0.2.1")), "unreachable from 10.0.1.254 after 2 ms");
    assert.equal(world.run(ping(a, "2001:db8:9::1")), "unreachable from 2001:db8:1::fe after 4 ms");
  });

  test("a host without any route says so itself", () => {
    const { world, a } = twoHosts();
    assert.throws(() => world.run(ping(a, "192.0.2.1")), { code: "unreachable" });
  });

  test("a closed UDP port is reported, and the socket says refused", () => {
    const { world, a } = twoHosts();
    const transcript = new Transcript(world);
    for (const address of ["10.0.0.2", "2001:db8::2"]) {
      assert.throws(() => world.run(askDatagram(a, address, "hello")), { code: "refused" });
    }
    const errors = transcript.take("origin").filter((line) => line.includes("unreachable"));
    assert.match(errors[0], /10.0.0.2 to 10.0.0.1.*Destination unreachable: port unreachable/);
    assert.match(errors[1], /2001:db8::2 to 2001:db8::1.*Destination unreachable: port unreachable/);
  });

  test("a protocol that is not spoken is reported", () => {
    const { world, a, b } = twoHosts();
    world.run(ping(a, "10.0.0.2"));
    const transcript = new Transcript(world);
    const { ip } = a.kernel;
    for (const [from, to] of [
      ["10.0.0.1", "10.0.0.2"],
      ["2001:db8::1", "2001:db8::2"],
    ]) {
      const header = {
        source: ip.addresses.of(from),
        destination: ip.addresses.of(to),
        protocol: 132,
        reason: undefined,
      };
      ip.send(ip.allocate(20), header);
    }
    world.runUntil(world.nowNs + 100e6);
    const errors = transcript
      .take("origin")
      .filter((line) => line.includes("origin b/") && !line.includes("Neighbour"));
    assert.match(errors[0], /Destination unreachable: protocol unreachable/);
    assert.match(errors[1], /Parameter problem: unknown next header at octet 6/);
    assert.equal(b.isOn, true);
  });

  test("nothing is said about errors, groups, or fragments behind the first", () => {
    const { world, b, link } = twoHosts();
    const transcript = new Transcript(world);
    const base = {
      identification: 1,
      ttl: 64,
      source: Uint8Array.of(10, 0, 0, 1),
      destination: Uint8Array.of(10, 0, 0, 2),
    };
    const deliver = (header: object, payload: number[], mac = b.interfaces[0].macAddress): void => {
      const bytes = new Uint8Array(34 + payload.length);
      emitEthernet(bytes, 0, { destination: mac, source: 0x020000000003, etherType: ETHERTYPE_IPV4 });
      emitIpv4(bytes, 14, { ...base, protocol: 17, totalLength: 20 + payload.length, ...header });
      bytes.set(payload, 34);
      link.b.receive(new Frame(bytes, 0, 0, undefined));
    };
    const datagram = [0, 9, 0, 9, 0, 8, 0, 0];
    deliver({}, datagram);
    world.runUntil(world.nowNs + 10e6);
    assert.equal(
      transcript.take("origin").some((line) => line.includes("unreachable")),
      true,
      "the control",
    );
    deliver({ destination: Uint8Array.of(10, 0, 0, 255) }, datagram);
    deliver({ destination: Uint8Array.of(255, 255, 255, 255) }, datagram);
    deliver({}, datagram, MAC_BROADCAST);
    deliver({ source: Uint8Array.of(10, 0, 0, 255) }, datagram);
    deliver({ source: Uint8Array.of(224, 0, 0, 1) }, datagram);
    deliver({ source: Uint8Array.of(0, 0, 0, 0) }, datagram);
    deliver({ protocol: 99, fragmentOffset: 8 }, datagram);
    deliver({ protocol: 1 }, [3, 3, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
    world.runUntil(world.nowNs + 100e9);
    assert.deepEqual(
      transcript.take("origin").filter((line) => !line.includes("still there")),
      [],
    );
  });

  test("every error that is sent is understood by who gets it", () => {
    for (const kind of Object.keys(ICMP_ERRORS)) assert.ok(kind in ICMPV6_ERRORS, kind);
  });
});

test("echo requests come back as they were, whatever they carry", () => {
  const { world, a } = twoHosts();
  for (const length of [0, 1, 1472, 1473, 5000, 65_507]) {
    assert.match(world.run(ping(a, "10.0.0.2", length)), /^reply/, `${length} octets`);
  }
  assert.throws(() => world.run(ping(a, "10.0.0.2", 65_508)), { code: "message-too-large" });
});

test("a ping that nobody answers ends at its time limit, a cancelled one leaves nothing", () => {
  const { world, a, link } = twoHosts();
  world.run(ping(a, "10.0.0.2"));
  link.partition("a-to-b");
  assert.throws(() => world.run(ping(a, "10.0.0.2")), { code: "timed-out" });
  const handle = a.network.spawn("ping", ping(a, "10.0.0.2"));
  world.step();
  handle.cancel();
  world.runUntilIdle({ maxNs: 100e9 });
  assert.deepEqual(world.liveTaskNames, []);
});

test("ICMP errors are limited: a burst, then a rate", () => {
  const schedule = new Schedule();
  const rate = new IcmpRate(schedule);
  const burst = (): number => {
    let sent = 0;
    while (rate.take()) sent++;
    return sent;
  };
  assert.equal(burst(), 50);
  schedule.advanceTo(10e6);
  assert.equal(burst(), 10);
  schedule.advanceTo(100e9);
  assert.equal(burst(), 50);
});

test("whatever octets arrive in a frame, a host and a router go on working", () => {
  const { world, a, r, b } = routedHosts();
  const server = b.network.spawn("echo", echoDatagrams(b));
  world.run(askDatagram(a, "10.0.2.2", "before"));
  const transcript = new Transcript(world);
  world.run(askDatagram(a, "10.0.2.2", "to be spoilt"));
  world.run(askDatagram(a, "2001:db8:2::2", "to be spoilt"));
  world.run(ping(a, "2001:db8:2::2"));
  world.run(ping(a, "10.0.2.2", 3000));
  transcript.stop();
  const frames = transcript.events.filter(({ kind }) => kind === "receive");
  const change = fc.tuple(fc.nat(100), fc.nat(255));
  const spoilt = fc.record({
    which: fc.nat(frames.length - 1),
    changes: fc.array(change, { maxLength: 8 }),
    cut: fc.nat(90),
  });
  fc.assert(
    fc.property(spoilt, fc.boolean(), ({ which, changes, cut }, intact) => {
      const { bytes, interfaceId } = frames[which];
      const copy = cut < 60 ? bytes.slice() : bytes.slice(0, cut);
      for (const [at, octet] of changes) if (at < copy.length) copy[at] = octet;
      const frame = new Frame(copy, 0, 0, undefined);
      frame.intact = intact;
      const nic = [a, r, b].flatMap((host) => host.interfaces).find(({ id }) => id === interfaceId);
      nic?.receive(frame);
      world.runUntil(world.nowNs + 1e6);
    }),
    { numRuns: 500 },
  );
  world.runUntil(world.nowNs + 200e9);
  assert.deepEqual(world.run(askDatagram(a, "10.0.2.2", "after")), Uint8Array.from(Buffer.from("after")));
  assert.deepEqual(
    world.run(askDatagram(a, "2001:db8:2::2", "after")),
    Uint8Array.from(Buffer.from("after")),
  );
  server.cancel();
});
