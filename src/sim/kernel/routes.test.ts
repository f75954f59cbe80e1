import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatAddress } from "../../net/index.ts";
import { twoHosts } from "../testing/networks.ts";
import { AddressTable } from "./ip-address.ts";
import { broadcastAddress, commonBits, maskedBytes, matchesPrefix, parsePrefix } from "./prefix.ts";
import { describeRoute, RouteTable } from "./routes.ts";

const addresses = new AddressTable();
const octets = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
);

/** The bits as text: slow and plain, to compare with. */
const bits = (bytes: Uint8Array): string =>
  [...bytes].map((octet) => octet.toString(2).padStart(8, "0")).join("");

describe("prefixes", () => {
  test("agree with bits written out", () => {
    fc.assert(
      fc.property(octets, octets, fc.nat(128), (one, two, wanted) => {
        const length = Math.min(wanted, one.length * 8);
        const a = addresses.read(one, 0, one.length as 4 | 16);
        const same = one.length === two.length && bits(one).slice(0, length) === bits(two).slice(0, length);
        assert.equal(
          matchesPrefix(a, two, Math.min(wanted, two.length * 8)),
          one.length === two.length && same,
        );
        assert.equal(
          bits(maskedBytes(one, length)),
          bits(one)
            .slice(0, length)
            .padEnd(one.length * 8, "0"),
        );
        if (one.length !== two.length) return;
        const b = addresses.read(two, 0, two.length as 4 | 16);
        const shared = [...bits(one)].findIndex((bit, i) => bit !== bits(two)[i]);
        assert.equal(commonBits(a, b), shared === -1 ? one.length * 8 : shared);
      }),
    );
  });

  test("texts", () => {
    assert.deepEqual(parsePrefix("10.1.0.10/24"), { bytes: Uint8Array.of(10, 1, 0, 10), length: 24 });
    assert.equal(parsePrefix("2001:db8::/128").length, 128);
    for (const wrong of [
      "10.1.0.10",
      "10.1.0.10/33",
      "10.1.0.10/",
      "10.1.0/24",
      "10.1.0.10/24/1",
      "::/129",
      "/1",
      "::/-1",
    ]) {
      assert.throws(() => parsePrefix(wrong), TypeError, wrong);
    }
  });

  test("broadcast addresses", () => {
    const of = (text: string, length: number): string | undefined => {
      const bytes = broadcastAddress(addresses.of(text), length);
      return bytes && formatAddress(bytes);
    };
    assert.equal(of("10.1.2.3", 24), "10.1.2.255");
    assert.equal(of("10.1.2.3", 20), "10.1.15.255");
    assert.equal(of("10.1.2.3", 31), undefined);
    assert.equal(of("::1", 64), undefined);
  });
});

describe("the table of addresses", () => {
  test("equal addresses are one object, others are others", () => {
    const table = new AddressTable();
    fc.assert(
      fc.property(fc.array(octets, { maxLength: 50 }), (list) => {
        for (const one of list) {
          const address = table.read(one, 0, one.length as 4 | 16);
          assert.deepEqual(address.bytes, one);
          assert.equal(table.of(address.text), address);
        }
      }),
    );
    assert.throws(() => table.of("example.com"), TypeError);
  });
});

describe("a routing table", () => {
  const [nic] = twoHosts().a.interfaces;
  const route = (prefix: string, origin: "connected" | "static" | "computed", gateway?: string) => ({
    prefix: parsePrefix(prefix),
    interface: nic,
    gateway: gateway === undefined ? undefined : addresses.of(gateway),
    origin,
  });

  test("the longest prefix wins, whatever the order", () => {
    const prefix = fc.tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.nat(32));
    fc.assert(
      fc.property(
        fc.array(prefix, { maxLength: 30 }),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        (list, wanted) => {
          const table = new RouteTable();
          for (const [bytes, length] of list) table.add(route(`${formatAddress(bytes)}/${length}`, "static"));
          const address = addresses.read(wanted, 0, 4);
          const lengths = list
            .filter(([bytes, length]) => matchesPrefix(address, bytes, length))
            .map(([, length]) => length);
          assert.equal(
            table.lookup(address)?.prefix.length,
            lengths.length === 0 ? undefined : Math.max(...lengths),
          );
        },
      ),
    );
  });

  test("connected before static before computed", () => {
    const table = new RouteTable();
    table.add(route("10.0.0.0/8", "computed", "10.0.0.3"));
    table.add(route("10.0.0.0/8", "static", "10.0.0.2"));
    const found = (): string => describeRoute(table.lookup(addresses.of("10.1.1.1")) as never);
    assert.equal(found(), "10.0.0.0/8 via 10.0.0.2 dev eth0 (static)");
    table.add(route("10.0.0.0/8", "connected"));
    assert.equal(found(), "10.0.0.0/8 dev eth0 (connected)");
    table.removeWhere(({ origin }) => origin !== "computed");
    assert.equal(found(), "10.0.0.0/8 via 10.0.0.3 dev eth0 (computed)");
    table.removeWhere(() => true);
    assert.equal(table.lookup(addresses.of("10.1.1.1")), undefined);
    assert.deepEqual(table.list(), []);
  });
});
