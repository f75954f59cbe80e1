/** Commands, replies, addresses and content on the wire: cases of the standard, round trips, anything at all. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { fromByteString, HamletError, type Task, toByteString } from "../../net/index.ts";
import { MemoryWorld } from "../../net/testing/memory-world.ts";
import {
  formatMailbox,
  formatPath,
  isDomainOrLiteral,
  type Mailbox,
  parseMailbox,
  parsePathAt,
} from "./address.ts";
import { DATA_LINE_MAX, emitData, receiveData } from "./data.ts";
import {
  type Command,
  describeLine,
  emitCommand,
  emitReply,
  joinReply,
  parseCommand,
  parseReplyLine,
} from "./wire.ts";

const tolerant = { strict: false };

test("addresses as RFC 5321 writes them", () => {
  const cases: [string, string, string][] = [
    ["alice@crepes.fr", "alice", "crepes.fr"],
    ["a.b+c@x-1.example", "a.b+c", "x-1.example"],
    ['"a b"@crepes.fr', "a b", "crepes.fr"],
    ['"a\\"b\\\\c"@crepes.fr', 'a"b\\c', "crepes.fr"],
    ["alice@[192.0.2.1]", "alice", "[192.0.2.1]"],
    ["alice@[IPv6:2001:DB8:0::1]", "alice", "[IPv6:2001:db8::1]"],
  ];
  for (const [text, localPart, domain] of cases) assert.deepEqual(parseMailbox(text), { localPart, domain });
  assert.equal(formatMailbox(parseMailbox('"alice"@crepes.fr')), "alice@crepes.fr");
  const wrong = [
    "alice",
    "@crepes.fr",
    "alice@",
    "alice@-x",
    "alice@x-",
    "a..b@x",
    ".a@x",
    "a b@x",
    "alice@x.",
    "alice@x..y",
    "alice@[1.2.3]",
    "alice@[1.2.3.400]",
    "alice@[IPv6:1.2.3.4]",
    "alice@[tag:x]",
    `${"a".repeat(65)}@x`,
    `a@${"x.".repeat(130)}x`,
    "gr\xfc\xdfe@x",
    '"a\x07"@x',
    "alice@x y",
  ];
  for (const text of wrong) assert.throws(() => parseMailbox(text), FormatError, text);
});

test("paths: null, postmaster, source routes", () => {
  assert.deepEqual(parsePathAt("<>", 0), { path: null, end: 2 });
  assert.deepEqual(parsePathAt("<POSTmaster>", 0).path, { localPart: "POSTmaster", domain: "" });
  assert.deepEqual(parsePathAt("<@a.example,@b.example:bob@c.example> X", 0), {
    path: { localPart: "bob", domain: "c.example" },
    end: 37,
  });
  for (const text of ["", "<", "<bob@x", "<@a:>", "<@a bob@x>", "<@a,b:bob@x>", "<bob>", "bob@x", "< >"]) {
    assert.throws(() => parsePathAt(text, 0), FormatError, text);
  }
});

test("names in HELO", () => {
  for (const name of ["crepes.fr", "x", "my_pc", "[127.0.0.1]", "[IPv6:::1]"])
    assert.ok(isDomainOrLiteral(name), name);
  for (const name of ["", "a b", "-a", "a.", "[]", "[1.2.3.4", "[::1]", "a(b)", "x".repeat(256)]) {
    assert.ok(!isDomainOrLiteral(name), name);
  }
});

const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });
const mailbox: fc.Arbitrary<Mailbox> = record({
  localPart: fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 40 }),
  domain: fc.stringMatching(/^[a-z0-9]{1,9}(\.[a-z0-9]{1,9}){0,3}$/),
});
const parameters = fc.uniqueArray(
  record({
    keyword: fc.stringMatching(/^[A-Z0-9][A-Z0-9-]{0,9}$/),
    value: fc.option(fc.stringMatching(/^[!-<>-~]{1,9}$/), { nil: undefined }),
  }),
  { maxLength: 3, selector: ({ keyword }) => keyword },
);
const command: fc.Arbitrary<Command> = fc.oneof(
  record({
    verb: fc.constantFrom("HELO" as const, "EHLO" as const),
    client: fc.constantFrom("x.y", "[1.2.3.4]"),
  }),
  record({ verb: fc.constant("MAIL" as const), reversePath: fc.option(mailbox), parameters }),
  record({ verb: fc.constant("RCPT" as const), forwardPath: mailbox, parameters }),
  record({ verb: fc.constantFrom("DATA" as const, "RSET" as const, "QUIT" as const) }),
  record({ verb: fc.constantFrom("NOOP" as const, "VRFY" as const), text: fc.constantFrom("", "bob") }),
);

test("every command that is emitted is parsed as itself, with and without the space after the colon", () => {
  fc.assert(
    fc.property(command, fc.boolean(), (value, space) => {
      assert.deepEqual(parseCommand(emitCommand(value, space), tolerant), value);
      if (!space) assert.deepEqual(parseCommand(emitCommand(value), { strict: true }), value);
    }),
  );
});

test("whatever the line is, parsing gives a command that can be emitted again, or a FormatError", () => {
  const start = fc.constantFrom("", "MAIL FROM:", "RCPT TO:<", "HELO ", "EHLO [", "MAIL FROM:<a@b> ");
  fc.assert(
    fc.property(start, fc.string({ unit: "binary-ascii", maxLength: 40 }), (head, tail) => {
      const line = head + tail;
      describeLine(line, "client");
      describeLine(line, "server");
      try {
        const parsed = parseCommand(line, tolerant);
        assert.deepEqual(parseCommand(emitCommand(parsed), tolerant), parsed);
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test("parsing takes linear time also for lines made to cost", () => {
  const started = process.hrtime.bigint();
  for (const line of [
    `MAIL FROM:<${"a.".repeat(30_000)}>`,
    `RCPT TO:<"${"\\a".repeat(30_000)}>`,
    `EHLO ${"a-".repeat(30_000)}`,
  ]) {
    assert.throws(() => parseCommand(line, tolerant), FormatError);
  }
  assert.ok(process.hrtime.bigint() - started < 1_000_000_000n);
});

test("replies: one line, many lines, enhanced status codes", () => {
  const answer = { code: 250, status: "2.1.0", lines: ["one", "", "three"] };
  assert.equal(emitReply(answer, true), "250-2.1.0 one\r\n250-2.1.0\r\n250 2.1.0 three\r\n");
  assert.equal(emitReply(answer, false), "250-one\r\n250-\r\n250 three\r\n");
  assert.deepEqual(joinReply(250, ["2.1.0 one", "2.1.0 two"]), {
    code: 250,
    status: "2.1.0",
    lines: ["one", "two"],
  });
  assert.deepEqual(joinReply(550, ["2.1.0 one"]), { code: 550, lines: ["2.1.0 one"] });
  assert.deepEqual(joinReply(250, ["2.1.0"]), { code: 250, status: "2.1.0", lines: [""] });
  assert.deepEqual(parseReplyLine("250-a"), { code: 250, more: true, text: "a" });
  assert.deepEqual(parseReplyLine("250"), { code: 250, more: false, text: "" });
  for (const line of ["", "25", "2500 x", "199 x", "600 x", "250x", "abc", "250 a\rb"]) {
    assert.throws(() => parseReplyLine(line), FormatError, line);
  }
});

function receive(
  wire: Uint8Array,
  pieces: readonly number[],
  contentMax = 10_000,
  strict = false,
): ReturnType<typeof toByteString> | string {
  const world = new MemoryWorld();
  const [a, b] = world.connectionPair(1 << 20);
  return world.run(
    (function* (): Task<string> {
      let at = 0;
      for (const piece of pieces) {
        yield* a.write(wire.subarray(at, at + piece), 10);
        at += piece;
      }
      yield* a.write(wire.subarray(at), 10);
      a.end();
      try {
        const data = yield* receiveData(b, { contentMax, timeoutMs: 1000, strict });
        return data.content === undefined ? `(${data.problem})` : toByteString(data.content);
      } catch (error) {
        if (!(error instanceof HamletError)) throw error;
        return `(${error.code})`;
      }
    })(),
  );
}

test("content arrives as it was sent, however it is cut into segments", () => {
  const line = fc.string({ unit: fc.constantFrom(".", "a", " ", "\xff"), maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 8 }),
      fc.array(fc.nat({ max: 9 }), { maxLength: 5 }),
      (lines, pieces) => {
        const content = lines.map((each) => `${each}\r\n`).join("");
        assert.equal(receive(emitData(fromByteString(content)), pieces), content);
      },
    ),
  );
});

test("no content goes on with CR or LF alone, and nothing that looks like an end is taken", () => {
  const unit = fc.constantFrom("\r", "\n", "\r\n", ".", "a");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), fc.array(fc.nat({ max: 6 })), (text, pieces) => {
      const bare = /\r(?!\n)|(?<!\r)\n/.test(text);
      if (bare) assert.throws(() => emitData(fromByteString(text)), { code: "bare-line-end" });
      else emitData(fromByteString(text));
      // What a careless sender would make of it; an end inside it must be CR LF "." CR LF.
      const wire = `${text}\r\n.\r\n`;
      for (const strict of [false, true]) {
        assert.equal(receive(fromByteString(wire), pieces, 10_000, strict), contentModel(wire, strict));
      }
    }),
    { numRuns: 500 },
  );
});

/** What becomes of the octets of a mail, told another way: by pairs of lines' ends. */
function contentModel(wire: string, strict: boolean): string {
  if (wire.startsWith(".\r\n")) return "";
  const refused = "(bare-line-end)";
  let content = "";
  let endBefore = "\r\n";
  for (const [, text, end] of wire.slice(0, wire.indexOf("\r\n.\r\n") + 2).matchAll(/([^\n]*?)(\r?\n)/g)) {
    const isBare = end === "\n" || endBefore === "\n";
    if (text.includes("\r") || (text === "." && isBare) || (strict && end === "\n")) return refused;
    content += `${text.startsWith(".") && endBefore !== "\n" ? text.slice(1) : text}\r\n`;
    endBefore = end;
  }
  return content;
}

test("a line without its end, a line without end, and more than the limit", () => {
  assert.equal(receive(fromByteString("abc\r\n.\r"), []), "(unexpected-end)");
  assert.equal(receive(fromByteString("a".repeat(30_000)), []), "(too-large)");
  assert.equal(receive(fromByteString("abc\r\n.\r\n"), [], 4), "(too-large)");
  assert.throws(() => emitData(fromByteString("a".repeat(999))), { code: "line-too-long" });
});

test("lines of the largest length and of one octet more, however they are cut and whatever ends them", () => {
  const length = fc.constantFrom(0, 1, 997, 998, 999, 1000, 1001, 2500);
  const lines = fc.array(fc.record({ length, dot: fc.boolean(), bare: fc.boolean() }), { maxLength: 4 });
  fc.assert(
    fc.property(lines, fc.array(fc.nat({ max: 1200 }), { maxLength: 6 }), (parts, pieces) => {
      const texts = parts.map((part) => `${part.dot ? "." : ""}${"a".repeat(part.length)}`);
      const sent = parts.map((part, i) => {
        const isDoubled = part.dot && parts[i - 1]?.bare !== true;
        return `${isDoubled ? "." : ""}${texts[i]}${part.bare ? "\n" : "\r\n"}`;
      });
      const isLoneDot = texts.some((text, i) => text === "." && parts[i - 1]?.bare === true);
      const isTooLong = texts.some((text) => text.length > DATA_LINE_MAX);
      const received = receive(fromByteString(`${sent.join("")}.\r\n`), pieces, 100_000);
      if (parts.at(-1)?.bare || isLoneDot || isTooLong) assert.match(received, /^\(/);
      else assert.equal(received, texts.map((text) => `${text}\r\n`).join(""));
      if (isTooLong && !isLoneDot && !parts.at(-1)?.bare) assert.equal(received, "(line-too-long)");
    }),
    { numRuns: 300 },
  );
});

test("paths are written with their brackets", () => {
  assert.equal(formatPath(null), "<>");
  assert.equal(formatPath({ localPart: 'a"b', domain: "x" }), '<"a\\"b"@x>');
});
