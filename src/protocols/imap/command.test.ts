/** Commands, sets, strings and patterns: what the standard shows, and anything at all. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { fromByteString } from "../../net/index.ts";
import { type Command, parseCommand, tagOf } from "./command.ts";
import { matchesPattern } from "./list.ts";
import { emitSequenceSet, normalRanges, parseSequenceSet } from "./sequence-set.ts";
import { describeLine, emitAstring, emitDateTime, emitMailbox, emitString } from "./wire.ts";

const parse = (...pieces: (string | Uint8Array)[]): Command => parseCommand(pieces);

test("examples of RFC 9051 section 6", () => {
  assert.deepEqual(parse('a LOGIN SMITH "SE\\"SAME"'), { name: "LOGIN", user: "SMITH", password: 'SE"SAME' });
  assert.deepEqual(parse("a001 login ", fromByteString("fred"), " ", fromByteString("x y"), ""), {
    name: "LOGIN",
    user: "fred",
    password: "x y",
  });
  assert.deepEqual(parse("a STORE 2:4 +FLAGS.SILENT \\deleted $x"), {
    name: "STORE",
    byUid: false,
    set: [{ first: 2, last: 4 }],
    change: { how: "add", flags: ["\\Deleted", "$x"] },
    silent: true,
    unchangedSince: undefined,
  });
  assert.deepEqual(parse('a UID FETCH *:7 (BODY.PEEK[4.2.HEADER.FIELDS (DATE "FROM")]<0.10> UID)'), {
    name: "FETCH",
    byUid: true,
    set: [{ first: Number.POSITIVE_INFINITY, last: 7 }],
    items: [
      {
        item: "BODY[]",
        section: { path: [4, 2], text: "HEADER.FIELDS", fields: ["DATE", "FROM"] },
        peek: true,
        partial: { start: 0, length: 10 },
      },
      { item: "UID" },
    ],
    changedSince: undefined,
  });
  assert.deepEqual(parse("a SEARCH RETURN (MIN) OR UNSEEN (NOT TEXT x) 1,$ ".replace("1,$ ", "$")), {
    name: "SEARCH",
    byUid: false,
    returned: ["MIN"],
    charset: "US-ASCII",
    key: {
      key: "AND",
      keys: [
        {
          key: "OR",
          left: { key: "NOT", operand: { key: "FLAG", flag: "\\Seen" } },
          right: { key: "AND", keys: [{ key: "NOT", operand: { key: "TEXT", text: "x" } }] },
        },
        { key: "SEQUENCE", set: "$" },
      ],
    },
    order: [],
    algorithm: "",
  });
  assert.deepEqual(parse("a CREATE inbox/x"), { name: "CREATE", mailbox: "INBOX/x", specialUses: [] });
  assert.deepEqual(parse('a APPEND x (\\Seen) " 7-Feb-1994 21:52:25 -0800" ', fromByteString("m"), ""), {
    name: "APPEND",
    mailbox: "x",
    letters: [{ flags: ["\\Seen"], arrivedAtMs: 760_686_745_000, content: fromByteString("m") }],
  });
});

test("what is wrong is said with its place", () => {
  for (const [line, problem] of [
    ["a FETCH 0 FLAGS", /imap\.set at octet 9/],
    ["a FETCH 1 (FLAGS", /imap\.syntax at octet 16/],
    ["a FETCH 1 BODY[MIME]", /imap\.section/],
    ["a FETCH 1 BODY[1]<5.0>", /no octets/],
    ["a FETCH 1 ALL ENVELOPE", /imap\.syntax/],
    ["a STORE 1 FLAGS (\\Recent)", /there is no flag/],
    ["a SEARCH ON 31-Foo-2026", /imap\.date/],
    ["a SEARCH LARGER 99999999999", /imap\.number/],
    ["a NOOP x", /the command should end here/],
    ['a LIST (RECURSIVEMATCH) "" *', /RECURSIVEMATCH needs/],
    ["a APPEND x y", /as a literal/],
    ['a LOGIN "a b', /as a string/],
    ["a FROB", /imap\.command/],
  ] as const) {
    assert.throws(() => parse(line), problem, line);
  }
  assert.equal(tagOf(["+ NOOP"]), undefined);
  assert.equal(tagOf(["a.b:1 NOOP"]), "a.b:1");
});

test("anything is a command or a FormatError", () => {
  const word = fc.constantFrom(
    ...'a FETCH SEARCH STORE LIST STATUS APPEND UID ( ) [ ] < > 1:* 2,3 $ \\Seen BODY[ HEADER.FIELDS " '.split(
      " ",
    ),
    "NOT ",
    "OR ",
    "RETURN (",
    " ",
    "CHANGEDSINCE",
  );
  const text = fc.oneof(
    fc
      .array(fc.oneof(word, fc.string({ unit: "binary-ascii", maxLength: 5 })), { maxLength: 15 })
      .map((w) => w.join(" ")),
    fc.uint8Array({ maxLength: 40 }).map((octets) => String.fromCharCode(...octets)),
  );
  const pieces = fc
    .array(fc.tuple(text, fc.uint8Array({ maxLength: 5 })), { maxLength: 3 })
    .chain((pairs) => text.map((last) => [...pairs.flat(), last]));
  fc.assert(
    fc.property(pieces, (all) => {
      try {
        parseCommand([`a ${all[0]}`, ...all.slice(1)]);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

test("sets: what is said, in order and without repetitions; what is said of numbers is read back", () => {
  const ranges = (text: string, largest: number) => normalRanges(parseSequenceSet(text) as [], largest);
  assert.deepEqual(ranges("9:7,*,8", 20), [
    { first: 7, last: 9 },
    { first: 20, last: 20 },
  ]);
  assert.deepEqual(ranges("30:*", 20), [{ first: 20, last: 30 }]);
  for (const wrong of ["", "1:", "0", "1:2:3", "4294967296", "1,,2"])
    assert.equal(parseSequenceSet(wrong), undefined);
  const numbers = fc
    .uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1 })
    .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(numbers, (all) => {
      const back = normalRanges(parseSequenceSet(emitSequenceSet(all)) as [], 100);
      const members = back.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, i) => first + i),
      );
      assert.deepEqual(members, all);
    }),
  );
});

test("strings go out so that they are read back", () => {
  assert.equal(emitAstring("NIL"), '"NIL"');
  assert.equal(emitMailbox("caf\u00e9", true), '"caf\u00c3\u00a9"');
  assert.equal(emitMailbox("caf\u00e9", false), "caf&AOk-");
  assert.equal(emitDateTime(0), '" 1-Jan-1970 00:00:00 +0000"');
  const octets = fc.uint8Array({ maxLength: 30 }).map((all) => String.fromCharCode(...all));
  fc.assert(
    fc.property(octets, fc.boolean(), (value, short) => {
      const wire = short ? emitAstring(value) : emitString(value);
      const literal = /^\{(\d+)\}\r\n/.exec(wire);
      const pieces =
        literal === null
          ? [`a LOGIN x ${wire}`]
          : ["a LOGIN x ", fromByteString(wire.slice(literal[0].length)), ""];
      assert.deepEqual(parseCommand(pieces), { name: "LOGIN", user: "x", password: value });
    }),
  );
});

test("patterns of names: % stays in its level, * does not, nothing takes long", () => {
  for (const [name, pattern, matches] of [
    ["a/b", "%", false],
    ["a/b", "*", true],
    ["a/b", "a/%", true],
    ["a/b/c", "a/%", false],
    ["a/b/c", "a/%/c", true],
    ["INBOX", "inbox", true],
    ["INBOX", "in%", true],
    ["Inboxes", "inboxes", false],
    ["a", "a*%", true],
    ["", "", true],
  ] as const) {
    assert.equal(matchesPattern(name, pattern), matches, `${name} ${pattern}`);
  }
  assert.equal(matchesPattern("a".repeat(255), "%a".repeat(400)), false);
});

test("each line of a dialogue has a meaning", () => {
  assert.equal(describeLine("a1 UID FETCH 1 FLAGS", "client"), "give me these parts of these messages");
  assert.equal(describeLine("* 3 EXISTS", "server"), "how many messages are in the folder");
  assert.equal(describeLine("a1 OK done", "server"), "yes");
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom("client", "server"),
      (line, from) => describeLine(line, from as "client").length > 0,
    ),
  );
});
