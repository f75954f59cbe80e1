/** The toolbox of the codecs, against the platform's own and against the vectors of the standards. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  checksum,
  checksumAdd,
  checksumFinish,
  decodeBase64,
  decodeHex,
  decodeUtf8,
  decodeUtf8Lossy,
  encodeBase64,
  encodeHex,
  encodeUtf8,
  FormatError,
  joinBytes,
  Reader,
  Writer,
} from "./index.ts";

const octets = (maxLength = 300) => fc.uint8Array({ maxLength });

describe("base64 and base16", () => {
  test("the vectors of RFC 4648 section 10", () => {
    const vectors = {
      "": "",
      f: "Zg==",
      fo: "Zm8=",
      foo: "Zm9v",
      foob: "Zm9vYg==",
      fooba: "Zm9vYmE=",
      foobar: "Zm9vYmFy",
    };
    for (const [text, base64] of Object.entries(vectors)) {
      assert.equal(encodeBase64(encodeUtf8(text)), base64);
      assert.deepEqual(decodeBase64(base64), encodeUtf8(text));
    }
    assert.equal(encodeHex(encodeUtf8("foobar")), "666f6f626172");
    assert.deepEqual(decodeHex("666F6F626172"), encodeUtf8("foobar"));
  });

  test("agree with Buffer on any octets, and read back what they write", () => {
    fc.assert(
      fc.property(octets(), (bytes) => {
        assert.equal(encodeBase64(bytes), Buffer.from(bytes).toString("base64"));
        assert.equal(encodeHex(bytes), Buffer.from(bytes).toString("hex"));
        assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes);
        assert.deepEqual(decodeHex(encodeHex(bytes)), bytes);
      }),
    );
  });

  test("only the canonical form is base64: whatever decodes encodes to itself", () => {
    for (const text of [
      "Z",
      "Zg",
      "Zg=",
      "Zh==",
      "Zm9=",
      "Zm=v",
      "=Zg=",
      "Zg==Zg==",
      "Zm9v\n",
      "Zm9-",
      "Zm 9",
      "====",
      "é===",
    ]) {
      assert.equal(decodeBase64(text), undefined, JSON.stringify(text));
    }
    const characters = fc.constantFrom(..."ABCDZabcgmv0189+/=-_ \n");
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        const bytes = decodeBase64(text);
        if (bytes !== undefined) assert.equal(encodeBase64(bytes), text);
        else assert.notEqual(Buffer.from(text, "base64").toString("base64"), text);
      }),
      { numRuns: 1000 },
    );
    for (const text of ["f", "fg", "0x", " 66", "é"]) assert.equal(decodeHex(text), undefined, text);
  });
});

describe("the Internet checksum", () => {
  test("the example of RFC 1071 section 3", () => {
    const example = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    assert.equal(checksumAdd(0, example), 0x2ddf0);
    assert.equal(checksum(example), ~0xddf2 & 0xffff);
  });

  test("agrees with a one's complement sum by hand, over any part", () => {
    fc.assert(
      fc.property(octets(), fc.nat(300), fc.nat(300), (bytes, a, b) => {
        const start = Math.min(a, b, bytes.length);
        const end = Math.min(Math.max(a, b), bytes.length);
        let sum = 0;
        for (let at = start; at < end; at += 2) {
          sum += bytes[at] * 256 + (at + 1 < end ? bytes[at + 1] : 0);
          if (sum > 0xffff) sum -= 0xffff;
        }
        assert.equal(checksum(bytes, start, end), ~sum & 0xffff);
      }),
    );
  });

  test("of octets with their own checksum in them is 0, and parts may be summed apart", () => {
    fc.assert(
      fc.property(octets(), fc.nat(150), (bytes, half) => {
        const even = bytes.subarray(0, bytes.length & ~1);
        const value = checksum(even);
        assert.equal(checksum(Uint8Array.of(...even, value >> 8, value & 0xff)), 0);
        const cut = Math.min(2 * half, bytes.length);
        assert.equal(checksumFinish(checksumAdd(checksumAdd(0, bytes, 0, cut), bytes, cut)), checksum(bytes));
      }),
    );
    assert.equal(checksum(new Uint8Array(0)), 0xffff);
  });
});

describe("UTF-8", () => {
  test("agrees with TextEncoder on any text, lone surrogates too", () => {
    const codePoint = fc.integer({ min: 0, max: 0x10ffff });
    const codePoints = fc.array(codePoint).map((codes) => String.fromCodePoint(...codes));
    const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
    fc.assert(
      fc.property(fc.oneof(codePoints, fc.string(), units), (text) => {
        assert.deepEqual(encodeUtf8(text), new TextEncoder().encode(text));
        assert.equal(decodeUtf8(encodeUtf8(text)), text.toWellFormed());
      }),
    );
  });

  test("takes and refuses the octets that TextDecoder takes and refuses", () => {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    // Octets near the bounds of RFC 3629 section 4: random ones hardly ever form a sequence.
    const edges = [
      0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xef,
    ];
    const edge = fc.constantFrom(...edges, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff);
    const sample = fc.oneof(
      octets(20),
      fc.array(edge, { maxLength: 6 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(sample, (bytes) => {
        let expected: string | undefined;
        try {
          expected = strict.decode(bytes);
        } catch {}
        assert.equal(decodeUtf8(bytes), expected);
        const lossy = decodeUtf8Lossy(bytes);
        assert.ok(lossy.isWellFormed());
        if (expected !== undefined) assert.equal(lossy, expected);
        else assert.match(lossy, /\ufffd/);
      }),
      { numRuns: 3000 },
    );
  });

  test("all sequences of two octets, and each kind of bad one of three and four", () => {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    for (let pair = 0; pair < 0x10000; pair++) {
      const bytes = Uint8Array.of(pair >> 8, pair & 0xff);
      const good = isGood(strict, bytes);
      assert.equal(decodeUtf8(bytes) !== undefined, good, `${pair.toString(16)}`);
    }
    // Overlong, surrogate, above U+10FFFF, cut short.
    for (const hex of ["e08080", "eda080", "f0808080", "f4908080", "f5808080", "e282", "f09f98"]) {
      assert.equal(decodeUtf8(decodeHex(hex) ?? new Uint8Array(0)), undefined, hex);
    }
    assert.equal(decodeUtf8Lossy(Uint8Array.of(0x61, 0xe2, 0x82, 0x62)), "a\ufffd\ufffdb");
  });

  test("a hundred thousand characters are no matter", () => {
    const text = "grüße €😀".repeat(15_000);
    assert.equal(decodeUtf8(encodeUtf8(text)), text);
  });
});

describe("Reader and Writer", () => {
  type Field =
    | { readonly kind: "uint8" | "uint16" | "uint32"; readonly value: number }
    | { readonly bytes: Uint8Array };
  const uint = (kind: "uint8" | "uint16" | "uint32", bits: number): fc.Arbitrary<Field> =>
    fc.record({ kind: fc.constant(kind), value: fc.integer({ min: 0, max: 2 ** bits - 1 }) });
  const fields = fc.array(
    fc.oneof<fc.Arbitrary<Field>[]>(
      uint("uint8", 8),
      uint("uint16", 16),
      uint("uint32", 32),
      fc.record({ bytes: octets(100) }),
    ),
    { maxLength: 30 },
  );

  test("read back what was written, as a DataView has it", () => {
    fc.assert(
      fc.property(fields, fc.integer({ min: 0, max: 3 }), (list, capacity) => {
        const writer = new Writer(capacity);
        for (const field of list) {
          if ("bytes" in field) writer.append(field.bytes);
          else writer[field.kind](field.value);
        }
        const bytes = writer.finish();
        assert.equal(bytes.length, writer.length);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        const reader = new Reader(bytes);
        for (const field of list) {
          const at = reader.offset;
          if ("bytes" in field) assert.deepEqual(reader.take(field.bytes.length, "bytes"), field.bytes);
          else {
            const get = { uint8: "getUint8", uint16: "getUint16", uint32: "getUint32" } as const;
            assert.equal(view[get[field.kind]](at), field.value);
            assert.equal(reader[field.kind]("field"), field.value);
          }
        }
        assert.equal(reader.left, 0);
      }),
    );
  });

  test("never read past the end, and say where and what was missing", () => {
    fc.assert(
      fc.property(
        octets(10),
        fc.nat(10),
        fc.nat(10),
        fc.integer({ min: 0, max: 12 }),
        (bytes, a, b, length) => {
          const start = Math.min(a, b, bytes.length);
          const end = Math.min(Math.max(a, b), bytes.length);
          const reader = new Reader(bytes, start, end);
          if (length <= end - start) {
            assert.deepEqual(reader.take(length, "data"), bytes.subarray(start, start + length));
            assert.deepEqual(reader.rest(), bytes.subarray(start + length, end));
            return;
          }
          assert.throws(() => reader.take(length, "dns.name"), {
            name: "FormatError",
            field: "dns.name",
            offset: start,
          });
          assert.equal(reader.offset, start, "a field that fails is not consumed");
        },
      ),
    );
    assert.throws(
      () => new Reader(new Uint8Array(1)).uint16("length"),
      /length at octet 0: needs 2 octets, 1 are left/,
    );
    assert.throws(() => new Reader(new Uint8Array(1)).uint32("x"), FormatError);
  });

  test("a length of no sense is an error too, never a step backwards", () => {
    for (const length of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const reader = new Reader(new Uint8Array(8), 2);
      assert.throws(() => reader.take(length, "data"), FormatError, `${length}`);
      assert.equal(reader.offset, 2);
    }
    assert.throws(() => new Reader(new Uint8Array(2), 1, 3), RangeError);
    assert.throws(() => new Reader(new Uint8Array(2), 2, 1), RangeError);
  });

  test("a length written later, and only where something is written already", () => {
    const writer = new Writer(1).uint16(0).append(encodeUtf8("abc"));
    assert.deepEqual(writer.setUint16(0, 0x1234).finish(), Uint8Array.of(0x12, 0x34, 97, 98, 99));
    for (const offset of [4, 5, -1])
      assert.throws(() => writer.setUint16(offset, 1), RangeError, `${offset}`);
  });

  test("what was finished is a copy, and so is what was appended", () => {
    const piece = Uint8Array.of(1, 2);
    const writer = new Writer().append(piece);
    const first = writer.finish();
    piece[0] = 9;
    writer.setUint16(0, 0xffff);
    assert.deepEqual(first, Uint8Array.of(1, 2));
  });
});

function isGood(decoder: TextDecoder, bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

test("pieces are joined as Buffer joins them", () => {
  fc.assert(
    fc.property(fc.array(octets(20), { maxLength: 5 }), (pieces) => {
      assert.deepEqual(joinBytes(pieces), new Uint8Array(Buffer.concat(pieces)));
    }),
  );
});
