/** Fetching on the machine's own sockets, and what needs no network at all. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { encodeUtf8, FormatError } from "../../bytes/index.ts";
import { anyCharacter } from "../../bytes/testing/any-character.ts";
import {
  type Connection,
  fromByteString,
  HamletError,
  type Network,
  silentLog,
  toByteString,
} from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import { osHosts } from "../../os/testing/os-hosts.ts";
import {
  describeDatagram,
  emitDatagram,
  emitFileName,
  emitRequest,
  emitStreamHeader,
  emitWord,
  type FetchDatagram,
  fetchDialogue,
  generatedText,
  MemoryFileStore,
  PART_SIZE,
  parseDatagram,
  parseFileName,
  parseRequest,
  parseStreamEnd,
  parseStreamHeader,
  parseWord,
  WORD_MAX,
  WordReader,
} from "./index.ts";
import { fetchSuite } from "./testing/fetch-suite.ts";

fetchSuite("the operating system", osHosts);

describe("names", () => {
  test("none that is served leads out of the root, whatever is asked for", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "",
        "a",
        "~",
        "%2e%2e",
        "c:",
        "\\",
        "..\\",
        "\0",
        "...",
        ". .",
        "a\n",
        "\u00e9",
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.constantFrom("/", "//", "\\"), (parts, separator) => {
        const name = parseFileName(emitFileName(parts.join(separator)));
        if (name === undefined) return;
        for (const one of name) assert.match(one, /^[^./\\:\p{Cc}][^/\\:\p{Cc}]*$/u);
        assert.ok(
          new URL(name.map(encodeURIComponent).join("/"), "file:///root/").pathname.startsWith("/root/"),
        );
      }),
    );
  });

  test("the ordinary ones are served, the others not", () => {
    assert.deepEqual(parseFileName("a/b c/d.txt"), ["a", "b c", "d.txt"]);
    assert.deepEqual(parseFileName(emitFileName("žluťoučký kůň.png")), ["žluťoučký kůň.png"]);
    assert.deepEqual(parseFileName("%2e%2e/x"), ["%2e%2e", "x"]);
    const bad = [
      "",
      "/",
      "/etc/passwd",
      "..",
      "a/../b",
      "a//b",
      "a/",
      "./a",
      ".ssh/id",
      "a\\b",
      "c:x",
      "a\0b",
    ];
    for (const name of [...bad, "\xff", "x".repeat(256), "a/".repeat(600)])
      assert.equal(parseFileName(name), undefined, JSON.stringify(name));
  });
});

describe("lines", () => {
  test("requests and headers survive the way there and back", () => {
    const name = fc
      .string()
      .filter((text) => !/[\n\r]/.test(text) && !text.startsWith("/"))
      .map(emitFileName);
    const version = fc.option(fc.stringMatching(/^[A-Za-z0-9._]{1,64}$/), { nil: undefined });
    fc.assert(
      fc.property(
        name,
        fc.maxSafeNat().map((n) => n % 1e15),
        version,
        (text, offset, held) => {
          const request = { kind: "stream", name: text, offset, version: held } as const;
          assert.deepEqual(parseRequest(emitRequest(request).slice(0, -1)), request);
          assert.deepEqual(parseRequest(emitRequest({ kind: "words", name: text }).slice(0, -1)), {
            kind: "words",
            name: text,
          });
          const header = { size: offset + 5, offset, version: held ?? "v" };
          assert.deepEqual(parseStreamHeader(emitStreamHeader(header).slice(0, -1)), header);
        },
      ),
    );
  });

  test("any other line is a FormatError", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (line) => {
        for (const parse of [parseRequest, parseStreamHeader, parseStreamEnd])
          orFormatError(() => parse(line));
      }),
    );
    for (const line of ["200 5 6 v", "200 -1 0 v", "200 1 0", "404 file not found", "200 1 0 v "])
      assert.throws(() => parseStreamHeader(line), FormatError, line);
    assert.throws(() => parseRequest("/stream 1 v"), FormatError);
  });
});

describe("words", () => {
  test("are those between white space, in order, for any octets and any pieces", () => {
    const octets = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.stringMatching(/^[a-c \n\t]{0,200}$/).map(encodeUtf8),
    );
    fc.assert(
      fc.property(octets, fc.integer({ min: 1, max: 40 }), (bytes, piece) => {
        const reader = new WordReader(fileOf(bytes, piece));
        const words: string[] = [];
        for (let word = reader.next(); word !== undefined; word = reader.next()) words.push(word);
        const expected = toByteString(bytes).split(/[\t-\r ]+/);
        assert.deepEqual(
          words,
          expected.filter((word) => word !== ""),
        );
      }),
    );
  });

  test("none looks like the end, and each survives", () => {
    const word = fc.oneof(fc.stringMatching(/^\\{0,4}EOF?$/), fc.stringMatching(/^\S{1,20}$/));
    fc.assert(
      fc.property(word, (text) => {
        assert.notEqual(emitWord(text), "EOF");
        assert.equal(parseWord(emitWord(text)), text);
      }),
    );
    assert.deepEqual(["rose", "EOF", "\\EOF", "\\alpha"].map(emitWord), [
      "rose",
      "\\EOF",
      "\\\\EOF",
      "\\alpha",
    ]);
  });

  test("one that is too long is an error, not a memory of its length", () => {
    const reader = new WordReader(fileOf(new Uint8Array(WORD_MAX + 1).fill(97), 1000));
    assert.throws(() => reader.next(), { code: "word-too-long" });
    const longest = new WordReader(fileOf(new Uint8Array(WORD_MAX).fill(97), 1000));
    assert.equal(longest.next()?.length, WORD_MAX);
  });
});

describe("datagrams", () => {
  test("survive the way there and back, and any octets parse or are a FormatError", () => {
    const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const text = fc.string({ unit: "binary-ascii" });
    const cookie = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const part = fc.tuple(uint32, fc.nat(5), fc.integer({ min: 1, max: PART_SIZE }), fc.boolean());
    const datagram: fc.Arbitrary<FetchDatagram> = fc.oneof(
      fc.record(
        {
          type: fc.constant("request" as const),
          identifier: uint32,
          rate: uint32,
          cookie,
          name: text,
        },
        PLAIN,
      ),
      fc.record({ type: fc.constant("cookie" as const), identifier: uint32, cookie }, PLAIN),
      fc.record({ type: fc.constant("refusal" as const), identifier: uint32, text }, PLAIN),
      part.map(([identifier, number, length, isLast]) => ({
        type: "part" as const,
        identifier,
        offset: number * PART_SIZE,
        size: (number + (isLast ? 0 : 3)) * PART_SIZE + length,
        bytes: new Uint8Array(isLast ? length : PART_SIZE).fill(7),
      })),
    );
    fc.assert(
      fc.property(datagram, (one) => {
        assert.deepEqual(parseDatagram(emitDatagram(one)), one);
        assert.ok(describeDatagram(one).length > 0);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 0, max: 5 }), (bytes, type) => {
        orFormatError(() => parseDatagram(bytes));
        orFormatError(() => parseDatagram(Uint8Array.of(type, ...bytes)));
      }),
    );
  });
});

test("the server ends every dialogue, whatever is said in each of its states", () => {
  const request = fc.constantFrom("", "poem\n", "/stream 0 - poem\n", "poem\nWORD_1\n", "/stream 3 x poem\n");
  const noise = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.constant(fromByteString("WORD_1\nWORD_1\n")));
  fc.assert(
    fc.property(request, fc.array(noise, { maxLength: 5 }), fc.boolean(), (begin, pieces, ends) => {
      const world = new MemoryWorld();
      const [near, far] = world.connectionPair(64);
      const files = new MemoryFileStore(new Map([["poem", generatedText(500)]]));
      const network = { clock: world.clock, log: silentLog } as unknown as Network;
      let failure: unknown;
      world.spawn("server", fetchDialogue(network, far, files, 100)).whenDone((outcome) => {
        if ("error" in outcome) failure = outcome.error;
        far.close();
      });
      world.spawn("drain", drain(near)).whenDone(() => {});
      world.spawn("client", say(near, [fromByteString(begin), ...pieces], ends)).whenDone(() => {});
      world.runUntilIdle();
      assert.ok(failure === undefined || failure instanceof HamletError, String(failure));
      assert.deepEqual(world.runner.liveNames(), []);
    }),
  );
});

function* say(connection: Connection, pieces: Uint8Array[], ends: boolean) {
  for (const piece of pieces) yield* connection.write(piece, 50);
  if (ends) connection.end();
}

function* drain(connection: Connection) {
  while ((yield* connection.read(1000, 10_000)) !== null);
}

/** A file whose reads bring less than is asked for, as a file's may at a boundary. */
function fileOf(bytes: Uint8Array, piece: number) {
  return {
    size: bytes.length,
    version: "1",
    read: (offset: number, length: number) => bytes.slice(offset, offset + Math.min(length, piece)),
    isUnchanged: () => true,
    close() {},
  };
}

function orFormatError(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
  }
}

/** Objects as the parser makes them. */
const PLAIN = { noNullPrototype: true } as const;
