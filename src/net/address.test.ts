import assert from "node:assert/strict";
import { isIPv4, isIPv6 } from "node:net";
import { describe, test } from "node:test";
import fc from "fast-check";
import { canonicalAddress, familyOf, formatAddress, formatEndpoint, parseAddress } from "./index.ts";

describe("the canonical form", () => {
  test("of RFC 5952's own examples", () => {
    for (const [text, canonical] of RFC_5952) assert.equal(canonicalAddress(text), canonical, text);
  });

  test("is the form that a URL has, for any address", () => {
    fc.assert(
      fc.property(ipv6Octets(), (octets) => {
        const bytes = Uint8Array.from(octets);
        // The URL standard writes an IPv4-mapped address in hexadecimal; RFC 5952 section 5 recommends the dots.
        const isMapped =
          bytes.subarray(0, 10).every((octet) => octet === 0) && bytes[10] === 255 && bytes[11] === 255;
        if (isMapped) return;
        assert.equal(`[${formatAddress(bytes)}]`, new URL(`http://[${fullText(bytes)}]/`).hostname);
      }),
    );
  });

  test("is read back as the same octets, and is its own canonical form", () => {
    fc.assert(
      fc.property(fc.oneof(ipv6Octets(), ipv4Octets()), (octets) => {
        const bytes = Uint8Array.from(octets);
        const text = formatAddress(bytes);
        assert.deepEqual(parseAddress(text), bytes);
        assert.equal(canonicalAddress(text), text);
        assert.equal(familyOf(text), bytes.length === 4 ? 4 : 6);
      }),
    );
  });

  test("keeps an IPv4-mapped address IPv6", () => {
    assert.equal(canonicalAddress("::FFFF:c000:0201"), "::ffff:192.0.2.1");
    assert.equal(familyOf("::ffff:192.0.2.1"), 6);
  });
});

describe("what is an address", () => {
  test("nothing that is none for Node, and all that is one for it", () => {
    const character = fc.constantFrom(..."0123456789abcdefABCDEFg::::....-% ");
    const text = fc.array(character, { maxLength: 45 }).map((characters) => characters.join(""));
    fc.assert(
      fc.property(fc.oneof(text, fc.ipV6(), fc.ipV4(), fc.string()), (candidate) => {
        // Node also takes a zone, which is no part of an address.
        const expected = isIPv4(candidate)
          ? 4
          : isIPv6(candidate) && !candidate.includes("%")
            ? 6
            : undefined;
        assert.equal(familyOf(candidate), expected, candidate);
      }),
      { numRuns: 2000 },
    );
  });

  test("not what older notations meant by it", () => {
    for (const text of [
      "127.1",
      "0x7f.0.0.1",
      "010.0.0.1",
      "1.2.3.4.",
      " 1.2.3.4",
      "1.2.3.256",
      "1.2.3",
      "",
    ]) {
      assert.equal(familyOf(text), undefined, text);
    }
    for (const text of [
      "::1%eth0",
      "[::1]",
      "1::2::3",
      ":::",
      "1:2:3:4:5:6:7",
      "::1.2.3.4:5",
      "1:2:3:4:5:6:7::8",
      "::12345",
    ]) {
      assert.equal(familyOf(text), undefined, text);
    }
    assert.throws(() => formatAddress(new Uint8Array(5)), RangeError);
  });

  test("an endpoint has brackets around IPv6", () => {
    assert.equal(formatEndpoint({ address: "192.0.2.1", port: 25 }), "192.0.2.1:25");
    assert.equal(formatEndpoint({ address: "2001:db8::1", port: 25 }), "[2001:db8::1]:25");
  });
});

/** Eight groups in full, without any shortening. */
function fullText(bytes: Uint8Array): string {
  return Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] << 8) | bytes[2 * i + 1]).toString(16)).join(":");
}

/** Sixteen octets with many zeros, for it is they that are written in many ways. */
function ipv6Octets() {
  const octet = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 255 }));
  return fc.array(octet, { minLength: 16, maxLength: 16 });
}

function ipv4Octets() {
  return fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });
}

/** RFC 5952 sections 1, 2 and 4. */
const RFC_5952: readonly (readonly [string, string])[] = [
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8::1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:0db8::1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8:0:0:1::1", "2001:db8::1:0:0:1"],
  ["2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"],
  ["2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"],
  ["2001:db8:aaaa:bbbb:cccc:dddd:0:1", "2001:db8:aaaa:bbbb:cccc:dddd:0:1"],
  ["2001:db8:0:0:0::1", "2001:db8::1"],
  ["2001:db8:0:0::1", "2001:db8::1"],
  ["2001:db8::", "2001:db8::"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["0:0:0:0:0:0:0:1", "::1"],
  ["0:0:0:0:0:0:0:0", "::"],
  ["2001:DB8::AaBb", "2001:db8::aabb"],
  ["0:0:0:0:0:ffff:192.0.2.1", "::ffff:192.0.2.1"],
];
