import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { checksum, decodeHex, encodeHex, FormatError } from "../../bytes/index.ts";
import { formatAddress, parseAddress } from "../../net/index.ts";
import * as wire from "./index.ts";

const v4 = (text: string): Uint8Array => parseAddress(text) as Uint8Array;
const hex = (text: string): Uint8Array => decodeHex(text.replaceAll(" ", "")) as Uint8Array;

describe("ethernet", () => {
  test("a header is read as it was written", () => {
    const header = { destination: 0xffffffffffff, source: 0x020000000001, etherType: wire.ETHERTYPE_ARP };
    const bytes = new Uint8Array(20);
    wire.emitEthernet(bytes, 2, header);
    assert.deepEqual(wire.parseEthernet(bytes, 2), { ...header, payloadStart: 16 });
    assert.equal(
      wire.describeEthernet(wire.parseEthernet(bytes, 2)),
      "02:00:00:00:00:01 to ff:ff:ff:ff:ff:ff, ARP",
    );
  });

  test("a length in place of the type is refused", () => {
    assert.throws(() => wire.parseEthernet(new Uint8Array(14)), FormatError);
  });

  test("MAC addresses: text and back, groups", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (mac) => {
        assert.equal(wire.parseMac(wire.formatMac(mac)), mac);
        const bytes = new Uint8Array(6);
        wire.writeMac(bytes, 0, mac);
        assert.equal(wire.readMac(bytes, 0), mac);
        assert.equal(wire.isGroupMac(mac), (bytes[0] & 1) === 1);
      }),
    );
    assert.equal(wire.parseMac("02-00-00-00-00-0A"), 0x02000000000a);
    for (const wrong of ["", "02:00:00:00:00", "02:00:00:00:00:0g", "02:00-00:00:00:01", "020000000001"]) {
      assert.equal(wire.parseMac(wrong), undefined, wrong);
    }
  });

  test("an IPv6 group has its MAC address", () => {
    assert.equal(wire.formatMac(wire.multicastMac(v4("ff02::1:ff00:fe"))), "33:33:ff:00:00:fe");
  });
});

describe("arp", () => {
  test("a request, octet by octet", () => {
    const message = {
      operation: wire.ARP_REQUEST,
      senderMac: 0x020000000001,
      senderAddress: v4("10.0.0.1"),
      targetMac: 0,
      targetAddress: v4("10.0.0.2"),
    };
    const bytes = wire.emitArp(message);
    assert.equal(
      encodeHex(bytes),
      "0001080006040001" + "020000000001" + "0a000001" + "000000000000" + "0a000002",
    );
    assert.deepEqual(wire.parseArp(bytes), message);
    assert.equal(wire.describeArp(message), "Who has 10.0.0.2? Tell 10.0.0.1");
    const reply = { ...message, operation: wire.ARP_REPLY };
    assert.equal(wire.describeArp(reply), "10.0.0.1 is at 02:00:00:00:00:01");
  });

  test("other hardware or protocols are refused, and named", () => {
    const bytes = hex("0006080006040001 020000000001 0a000001 000000000000 0a000002");
    assert.throws(() => wire.parseArp(bytes), { field: "arp.hardwareType", offset: 0 });
    bytes[1] = 1;
    bytes[5] = 16;
    assert.throws(() => wire.parseArp(bytes), { field: "arp.protocolLength", offset: 5 });
  });
});

describe("ipv4", () => {
  // The example of many a textbook; its checksum is b861.
  const sample = hex("45000073 00004000 4011b861 c0a80001 c0a800c7");

  test("a known header", () => {
    const bytes = new Uint8Array(0x73);
    bytes.set(sample);
    const packet = wire.parseIpv4Packet(bytes);
    assert.equal(packet.headerChecksum, 0xb861);
    assert.equal(packet.dontFragment, true);
    assert.equal(packet.payloadStart, 20);
    assert.equal(packet.payloadEnd, 0x73);
    assert.equal(wire.describeIpv4(packet), "192.168.0.1 to 192.168.0.199, protocol 17, 115 octets, TTL 64");
    assert.ok(wire.ipv4ChecksumIsRight(bytes, 0));
    const again = new Uint8Array(20);
    wire.emitIpv4(again, 0, packet);
    assert.equal(encodeHex(again), encodeHex(sample));
  });

  test("one less to live keeps the checksum right, whatever it was", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        fc.integer({ min: 1, max: 255 }),
        (bytes, ttl) => {
          bytes[0] = 0x45;
          bytes[8] = ttl;
          wire.writeIpv4Checksum(bytes, 0);
          wire.decrementTtl(bytes, 0);
          assert.equal(bytes[8], ttl - 1);
          assert.ok(wire.ipv4ChecksumIsRight(bytes, 0));
        },
      ),
    );
  });

  test("what is wrong is named", () => {
    const broken = (change: (bytes: Uint8Array) => void): (() => void) => {
      const bytes = new Uint8Array(0x73);
      bytes.set(sample);
      change(bytes);
      return () => wire.parseIpv4Packet(bytes);
    };
    assert.throws(() => wire.parseIpv4Packet(sample.subarray(0, 19)), { field: "ipv4", offset: 0 });
    assert.throws(() => wire.parseIpv4Packet(sample), { field: "ipv4.totalLength", offset: 2 });
    assert.throws(
      broken((b) => (b[0] = 0x65)),
      { field: "ipv4.version" },
    );
    assert.throws(
      broken((b) => (b[0] = 0x44)),
      { field: "ipv4.headerLength" },
    );
    assert.throws(
      broken((b) => b.fill(0xff, 6, 8)),
      { field: "ipv4.fragmentOffset" },
      "ping of death",
    );
  });
});

describe("ipv6", () => {
  const header = {
    payloadLength: 8,
    nextHeader: 17,
    hopLimit: 64,
    source: v4("2001:db8::1"),
    destination: v4("2001:db8::2"),
  };

  test("a header is read as it was written", () => {
    const bytes = new Uint8Array(48);
    wire.emitIpv6(bytes, 0, header);
    const packet = wire.parseIpv6Packet(bytes);
    assert.deepEqual(
      [packet.payloadLength, packet.protocol, packet.hopLimit, packet.payloadStart, packet.payloadEnd],
      [8, 17, 64, 40, 48],
    );
    assert.equal(formatAddress(packet.source), "2001:db8::1");
    assert.equal(
      wire.describeIpv6(packet),
      "2001:db8::1 to 2001:db8::2, protocol 17, 48 octets, hop limit 64",
    );
  });

  test("extension headers are stepped over, up to the fragment header", () => {
    const bytes = new Uint8Array(40 + 8 + 8 + 16);
    wire.emitIpv6(bytes, 0, { ...header, payloadLength: 32, nextHeader: wire.HOP_BY_HOP });
    bytes[40] = wire.FRAGMENT;
    wire.emitFragmentHeader(bytes, 48, {
      nextHeader: 58,
      offset: 1232,
      moreFragments: true,
      identification: 0xdeadbeef,
    });
    const packet = wire.parseIpv6Packet(bytes);
    assert.deepEqual(packet.fragment, {
      nextHeader: 58,
      offset: 1232,
      moreFragments: true,
      identification: 0xdeadbeef,
      start: 48,
    });
    assert.equal(packet.protocol, 58);
    assert.equal(packet.payloadStart, 56);
  });

  test("an endless chain of extension headers ends", () => {
    const bytes = new Uint8Array(40 + 8 * 20);
    wire.emitIpv6(bytes, 0, { ...header, payloadLength: 160, nextHeader: wire.DESTINATION_OPTIONS });
    for (let at = 40; at < bytes.length; at += 8) bytes[at] = wire.DESTINATION_OPTIONS;
    assert.throws(() => wire.parseIpv6Packet(bytes), { field: "ipv6.extension" });
  });
});

describe("udp", () => {
  const ends = { source: v4("10.0.0.1"), destination: v4("10.0.0.2") };

  test("a datagram is read as it was written, its checksum is right, one bit more and it is not", () => {
    const bytes = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 104, 105, 33]);
    wire.emitUdp(bytes, 0, bytes.length, { ...ends, sourcePort: 40000, destinationPort: 53 });
    const datagram = wire.parseUdp(bytes);
    assert.equal(wire.describeUdp(datagram), "UDP 40000 to 53, 3 octets");
    assert.equal(wire.transportChecksum(bytes, 0, bytes.length, ends.source, ends.destination, 17), 0);
    bytes[9] ^= 4;
    assert.notEqual(wire.transportChecksum(bytes, 0, bytes.length, ends.source, ends.destination, 17), 0);
  });

  test("a checksum that comes out as zero is sent as all ones", () => {
    const bytes = new Uint8Array(10);
    // Two octets of payload that make the sum come out even.
    const withPayload = (value: number): number => {
      bytes[8] = value >> 8;
      bytes[9] = value;
      wire.emitUdp(bytes, 0, 10, { ...ends, sourcePort: 1, destinationPort: 2 });
      return wire.parseUdp(bytes).checksum;
    };
    const needed = withPayload(0);
    assert.equal(withPayload(needed), 0xffff);
  });

  test("lengths that do not fit are refused", () => {
    assert.throws(() => wire.parseUdp(new Uint8Array(7)), { field: "udp" });
    assert.throws(() => wire.parseUdp(hex("0001000200070000")), { field: "udp.length" });
    assert.throws(() => wire.parseUdp(hex("0001000200090000")), { field: "udp.length" });
  });
});

describe("icmp", () => {
  test("an echo request and its checksum", () => {
    const bytes = new Uint8Array(12);
    wire.emitIcmpHeader(bytes, 0, { type: wire.ICMP_ECHO_REQUEST, code: 0, rest: 0x12340007 });
    wire.writeIcmpChecksum(bytes, 0, bytes.length);
    assert.equal(checksum(bytes), 0);
    assert.equal(wire.describeIcmp(wire.parseIcmp(bytes)), "Echo request, id 4660, sequence 7");
  });

  test("the names of errors", () => {
    const named = (type: number, code: number, rest = 0): string =>
      wire.describeIcmp({ type, code, rest, checksum: 0, bodyStart: 8, bodyEnd: 8 });
    assert.equal(named(3, 3), "Destination unreachable: port unreachable");
    assert.equal(named(3, 4, 1400), "Destination unreachable: fragmentation needed (MTU 1400)");
    assert.equal(named(11, 0), "Time exceeded: TTL ran out in transit");
    const named6 = (type: number, code: number, rest = 0): string =>
      wire.describeIcmpv6({ type, code, rest, checksum: 0, bodyStart: 8, bodyEnd: 8 });
    assert.equal(named6(1, 4), "Destination unreachable: port unreachable");
    assert.equal(named6(2, 0, 1280), "Packet too big (MTU 1280)");
  });
});

describe("neighbour discovery", () => {
  test("both messages are read as they were written", () => {
    const solicitation = {
      type: wire.NEIGHBOUR_SOLICITATION,
      router: false,
      solicited: false,
      override: false,
      target: v4("2001:db8::2"),
      mac: 0x020000000001,
    };
    assert.deepEqual(wire.parseNeighbour(wire.emitNeighbour(solicitation)), solicitation);
    const advertisement = {
      ...solicitation,
      type: wire.NEIGHBOUR_ADVERTISEMENT,
      router: true,
      solicited: true,
      override: true,
      mac: undefined,
    };
    assert.deepEqual(wire.parseNeighbour(wire.emitNeighbour(advertisement)), advertisement);
    assert.equal(wire.describeNeighbour(solicitation), "Neighbour solicitation: who has 2001:db8::2?");
  });

  test("an option of no length is refused", () => {
    const bytes = new Uint8Array(32);
    bytes[0] = wire.NEIGHBOUR_SOLICITATION;
    assert.throws(() => wire.parseNeighbour(bytes), { field: "nd.option.length" });
  });

  test("the solicited-node group of an address", () => {
    assert.equal(formatAddress(wire.solicitedNodeAddress(v4("2001:db8::12:3456"))), "ff02::1:ff12:3456");
  });
});

describe("every parser", () => {
  const packet = new Uint8Array(64);
  wire.emitIpv6(packet, 0, {
    payloadLength: 24,
    nextHeader: wire.HOP_BY_HOP,
    hopLimit: 1,
    source: v4("::1"),
    destination: v4("ff02::1"),
  });
  packet[40] = 59;
  const parsers: Record<
    string,
    { parse(bytes: Uint8Array, start: number, end: number): unknown; valid: Uint8Array }
  > = {
    ethernet: { parse: wire.parseEthernet, valid: hex("ffffffffffff 020000000001 0800 00") },
    arp: { parse: wire.parseArp, valid: hex("0001080006040001 020000000001 0a000001 000000000000 0a000002") },
    ipv4: {
      parse: wire.parseIpv4Packet,
      valid: hex("46000018 00004000 40110000 c0a80001 c0a800c7 01010101"),
    },
    ipv6: { parse: wire.parseIpv6Packet, valid: packet },
    udp: { parse: wire.parseUdp, valid: hex("0001000200080000") },
    icmp: { parse: wire.parseIcmp, valid: hex("0800000000010001 6162") },
    icmpv6: { parse: wire.parseIcmpv6, valid: hex("8000000000010001 6162") },
    neighbour: {
      parse: wire.parseNeighbour,
      valid: hex(`8700000000000000 ${"20".repeat(16)} 0101020000000001`),
    },
  };
  for (const [name, { parse, valid }] of Object.entries(parsers)) {
    test(`${name}: octets with mistakes parse or are refused, and nothing outside is read`, () => {
      parse(valid, 0, valid.length);
      const changes = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 6 });
      const mutated = fc.tuple(changes, fc.nat(valid.length)).map(([list, length]) => {
        const bytes = valid.slice();
        for (const [at, octet] of list) bytes[at] = octet;
        return bytes.subarray(0, length);
      });
      fc.assert(
        fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 80 })), fc.nat(255), (bytes, around) => {
          // The same octets in the middle of others give the same, so nobody looked at the others.
          const wide = new Uint8Array(bytes.length + 20).fill(around);
          wide.set(bytes, 10);
          assert.deepEqual(
            outcome(parse, wide, 10, 10 + bytes.length),
            outcome(parse, bytes, 0, bytes.length),
          );
        }),
        { numRuns: 300 },
      );
    });
  }
});

/** The parsed fields, positions counted from the start; or the words of a FormatError. */
function outcome(
  parse: (bytes: Uint8Array, start: number, end: number) => unknown,
  bytes: Uint8Array,
  start: number,
  end: number,
): unknown {
  try {
    return relative(parse(bytes, start, end), start);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `${error.field} at ${error.offset - start}`;
  }
}

function relative(value: unknown, start: number): unknown {
  if (value instanceof Uint8Array) return encodeHex(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).map(([name, field]) => {
    const isPosition = /(^s|S)tart$|End$/.test(name);
    return [name, isPosition ? field - start : relative(field, start)];
  });
}
