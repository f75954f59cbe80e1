import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Frame } from "../link/frame.ts";
import { twoHosts } from "../testing/networks.ts";
import { Transcript } from "../testing/transcript.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, emitEthernet, emitIpv4, emitIpv6, emitUdp } from "../wire/index.ts";
import { fragmentIpv4, fragmentIpv6 } from "./fragmentation.ts";
import { AddressTable } from "./ip-address.ts";

const PAYLOAD_LENGTH = 5000;
const addresses = new AddressTable();

/** A UDP datagram from a to port 7 of b as one frame that no link would carry. */
function bigFrame(family: 4 | 6, identification = 77): Frame {
  const source = addresses.of(family === 4 ? "10.0.0.1" : "2001:db8::1").bytes;
  const destination = addresses.of(family === 4 ? "10.0.0.2" : "2001:db8::2").bytes;
  const at = 14 + (family === 4 ? 20 : 40);
  const bytes = new Uint8Array(at + 8 + PAYLOAD_LENGTH);
  const length = bytes.length - at;
  for (let i = 0; i < PAYLOAD_LENGTH; i++) bytes[at + 8 + i] = i * 7;
  emitUdp(bytes, at, bytes.length, { source, destination, sourcePort: 5000, destinationPort: 7 });
  if (family === 4)
    emitIpv4(bytes, 14, {
      totalLength: 20 + length,
      identification,
      ttl: 64,
      protocol: 17,
      source,
      destination,
    });
  else emitIpv6(bytes, 14, { payloadLength: length, nextHeader: 17, hopLimit: 64, source, destination });
  return new Frame(bytes, 0, 1, undefined);
}

function pieces(family: 4 | 6, mtu: number, identification = 77): Frame[] {
  const frame = bigFrame(family, identification);
  return family === 4 ? fragmentIpv4(frame, mtu) : fragmentIpv6(frame, mtu, identification);
}

/** b with a socket on port 7, and how to hand it frames; `received` counts whole and right datagrams. */
function receiver() {
  const { world, b, link } = twoHosts();
  const socket = b.kernel.udp.bind(undefined, undefined, 7);
  const transcript = new Transcript(world);
  return {
    world,
    transcript,
    deliver(frame: Frame): void {
      const etherType = frame.bytes[frame.start + 14] >> 4 === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
      const addresses = { destination: b.interfaces[0].macAddress, source: 0x020000000003 };
      emitEthernet(frame.bytes, frame.start, { ...addresses, etherType });
      link.b.receive(frame);
    },
    received(): number {
      let count = 0;
      for (let datagram = socket.take(); datagram !== undefined; datagram = socket.take()) {
        assert.equal(datagram.bytes.length, PAYLOAD_LENGTH);
        assert.ok(datagram.bytes.every((octet, i) => octet === ((i * 7) & 0xff)));
        count++;
      }
      return count;
    },
    drops: () =>
      transcript.events
        .splice(0)
        .filter(({ kind }) => kind === "drop")
        .map(({ reason }) => reason),
  };
}

for (const family of [4, 6] as const) {
  describe(`IPv${family} fragments`, () => {
    test("of any size, in any order, some of them twice, make the packet again", () => {
      const plan = fc.record({
        mtu: fc.integer({ min: 256, max: 3000 }),
        order: fc.infiniteStream(fc.nat()),
        copies: fc.nat(3),
      });
      fc.assert(
        fc.property(plan, ({ mtu, order, copies }) => {
          const { deliver, received } = receiver();
          const all = pieces(family, mtu);
          assert.ok(all.every((piece) => piece.length - 14 <= mtu));
          const shuffled = all.map((piece) => ({ piece, key: order.next().value as number }));
          shuffled.sort((a, b) => a.key - b.key);
          for (const { piece } of shuffled.slice(0, -1)) {
            deliver(piece);
            for (let i = 0; i < copies; i++) deliver(piece.duplicate());
          }
          assert.equal(received(), 0);
          deliver(shuffled[shuffled.length - 1].piece);
          assert.equal(received(), 1);
        }),
        { numRuns: 40 },
      );
    });

    test("can be cut again, and two packets at once do not mix", () => {
      const { deliver, received } = receiver();
      const one = pieces(family, 1500, 1);
      const two = pieces(family, 1500, 2);
      for (const [i, piece] of one.entries()) {
        for (const part of family === 4 ? fragmentIpv4(piece, 500) : [piece]) deliver(part);
        deliver(two[i]);
      }
      assert.equal(received(), 2);
    });

    test("that overlap discard all of them", () => {
      const { deliver, received, drops } = receiver();
      const coarse = pieces(family, 1500);
      const fine = pieces(family, 700);
      deliver(coarse[0]);
      deliver(fine[1]);
      assert.deepEqual(drops(), ["fragments overlap"]);
      for (const piece of coarse.slice(1)) deliver(piece);
      assert.equal(received(), 0);
    });

    test("whose rest does not come are dropped after a minute, and the source is told", () => {
      const { world, transcript, deliver, drops, received } = receiver();
      const [first, second] = pieces(family, 1500);
      deliver(first);
      deliver(second);
      world.runUntil(59e9);
      assert.deepEqual(drops(), []);
      world.runUntil(60e9);
      const reason = "the other fragments did not come in time";
      assert.deepEqual(drops(), [reason, reason]);
      world.runUntil(60.1e9);
      assert.match(transcript.take("origin").join("\n"), /Time exceeded: fragment reassembly/);
      assert.equal(received(), 0);
    });

    test("without the first one, time out without a word", () => {
      const { world, transcript, deliver } = receiver();
      deliver(pieces(family, 1500)[1]);
      world.runUntil(61e9);
      assert.deepEqual(transcript.take("origin"), []);
    });

    test("by the thousand are bounded: the oldest packets give way", () => {
      const { world, deliver, drops, received } = receiver();
      for (let id = 0; id < 1500; id++) deliver(pieces(family, 4000, id)[0]);
      const dropped = drops();
      assert.ok(dropped.length > 400, `${dropped.length}`);
      assert.equal(new Set(dropped).size, 1);
      assert.equal(dropped[0], "too many fragments wait for others");
      deliver(pieces(family, 4000, 1499)[1]);
      assert.equal(received(), 1);
      assert.ok(world.schedule.pending < 1500);
    });
  });
}

test("an IPv4 fragment that reaches beyond the largest packet is refused", () => {
  const { deliver, drops } = receiver();
  const [first] = pieces(4, 1500);
  first.bytes[20] = 0x3f;
  first.bytes[21] = 0xff;
  const frame = new Frame(first.bytes, 0, 1, undefined);
  deliver(frame);
  assert.match(`${drops()}`, /ipv4.fragmentOffset/);
});
