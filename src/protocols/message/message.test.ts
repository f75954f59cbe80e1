/** Dates, fields, encoded words, composed messages: cases of the standard, round trips, anything at all. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { fromByteString, LocalError, toByteString } from "../../net/index.ts";
import {
  composeMessage,
  decodeWords,
  emitField,
  encodeWords,
  fieldValue,
  formatDate,
  makeMessageId,
  parseDate,
  parseMessage,
  prependFields,
  readMessage,
} from "./index.ts";

test("dates are those of the platform's own calendar, for four thousand years", () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_000_000_000, max: 64_000_000_000 }), (seconds) => {
      const text = formatDate(seconds * 1000);
      const date = new Date(seconds * 1000);
      assert.equal(text.replace(/, (\d) /, ", 0$1 "), date.toUTCString().replace("GMT", "+0000"));
      assert.equal(parseDate(text), seconds * 1000);
    }),
    { numRuns: 500 },
  );
  assert.equal(formatDate(-1), "Wed, 31 Dec 1969 23:59:59 +0000");
});

test("dates as others write them", () => {
  const cases: [string, string][] = [
    ["Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T15:55:06Z"],
    ["21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z"],
    ["Thu,  1 Jan 1970 00:00 +0000 (comment)", "1970-01-01T00:00:00Z"],
    ["1 jan 2026 12:00:00 EST", "2026-01-01T17:00:00Z"],
  ];
  for (const [text, iso] of cases) assert.equal(parseDate(text), Date.parse(iso), text);
  for (const text of [
    "",
    "yesterday",
    "32 Jan 2026 00:00 +0000",
    "1 Foo 2026 00:00 +0000",
    "1 Jan 2026 24:00 +0000",
    "1 Jan 2026",
  ]) {
    assert.throws(() => parseDate(text), FormatError, text);
  }
});

test("the header ends at the empty line, or where lines stop to be fields", () => {
  const parse = (text: string) => parseMessage(fromByteString(text));
  assert.deepEqual(parse("A: 1\r\nB : 2\r\n  3\r\n\r\nC: 4\r\n"), {
    fields: [
      { name: "A", value: "1" },
      { name: "B", value: "2 3" },
    ],
    bodyAt: 20,
  });
  assert.deepEqual(parse("Do you like ketchup?\r\n"), { fields: [], bodyAt: 0 });
  assert.deepEqual(parse("A: 1\r\nno field\r\n"), { fields: [{ name: "A", value: "1" }], bodyAt: 6 });
  assert.deepEqual(parse(""), { fields: [], bodyAt: 0 });
  assert.deepEqual(parse("\r\nbody"), { fields: [], bodyAt: 2 });
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", ":", " ", "\r\n", "\n", "\r"), maxLength: 30 }),
      (text) => {
        assert.ok(parse(text).bodyAt <= text.length);
      },
    ),
  );
});

test("fields before a message: a body without a header does not become one", () => {
  const before = (text: string) => toByteString(prependFields("X: 1\r\n", fromByteString(text)));
  assert.equal(before("A: 1\r\n\r\nbody\r\n"), "X: 1\r\nA: 1\r\n\r\nbody\r\n");
  assert.equal(before("body\r\n"), "X: 1\r\n\r\nbody\r\n");
  assert.equal(before("\r\nbody\r\n"), "X: 1\r\n\r\nbody\r\n");
});

test("long fields are folded at spaces and read back whole; line ends cannot be smuggled into them", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[!-~]{1,20}( [!-~]{1,20}){0,20}$/), (value) => {
      const lines = emitField("Subject", value);
      for (const line of lines.split("\r\n")) assert.ok(line.length <= 78 + 20);
      assert.equal(fieldValue(parseMessage(fromByteString(`${lines}\r\n`)).fields, "subject"), value);
    }),
  );
  assert.throws(() => emitField("Subject", "a\r\nBcc: x"), LocalError);
  assert.throws(() => emitField("Sub ject", "a"), LocalError);
});

test("text of any script survives encoded words of at most 75 characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
      const clean = text.toWellFormed().replace(/[\r\n]+/g, " ");
      const encoded = encodeWords(clean);
      for (const word of encoded.split(" ")) if (word.startsWith("=?")) assert.ok(word.length <= 75);
      assert.match(encoded, /^[\t -~]*$/);
      if (encoded !== clean) assert.equal(decodeWords(encoded), clean);
    }),
  );
  assert.equal(decodeWords("=?ISO-8859-1?Q?Gr=FC=DFe_an?= =?utf-8?b?IGRpY2g=?="), "Gr\u00fc\u00dfe an dich");
  assert.equal(
    decodeWords("=?utf-8?B?4g==?= =?UTF-8*en?Q?=82=AC?= =?utf-8?B?4g==?="),
    "=?utf-8?B?4g==?==?UTF-8*en?Q?=82=AC?==?utf-8?B?4g==?=",
  );
  assert.equal(
    decodeWords("a =?utf-8?B?4g==?=\t=?UTF-8*en?Q?=82=AC?= =?iso-8859-1?q?=FC?= b"),
    "a \u20ac\u00fc b",
  );
  for (const unknown of ["=?koi8-r?Q?x?=", "=?utf-8?B?!!?=", "=?utf-8?Q?=FF?="]) {
    assert.equal(decodeWords(unknown), unknown);
  }
});

test("a composed message", () => {
  const draft = {
    from: "alice@crepes.fr",
    to: ["bob@hamburger.edu", "carol@hamburger.edu"],
    subject: "Ketchup",
    dateMs: 0,
    messageId: makeMessageId(0, Uint8Array.of(1, 255), "crepes.fr"),
    text: "Do you like ketchup?\nHow about pickles?",
  };
  assert.equal(
    toByteString(composeMessage(draft)),
    "From: alice@crepes.fr\r\nTo: bob@hamburger.edu, carol@hamburger.edu\r\nSubject: Ketchup\r\n" +
      "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nMessage-ID: <0.01ff@crepes.fr>\r\n\r\n" +
      "Do you like ketchup?\r\nHow about pickles?\r\n",
  );
  const german = toByteString(composeMessage({ ...draft, subject: "Gr\u00fc\u00dfe", text: "\u00fc" }));
  assert.match(german, /\r\nSubject: =\?utf-8\?B\?R3LDvMOfZQ==\?=\r\n/);
  assert.match(german, /\r\nContent-Transfer-Encoding: base64\r\n\r\nw7wNCg==\r\n$/);
  assert.equal(
    readMessage(composeMessage({ ...draft, text: "x".repeat(2000) })).text,
    `${"x".repeat(2000)}\n`,
  );
  assert.throws(() => composeMessage({ ...draft, fields: [{ name: "Subject", value: "x" }] }), {
    code: "bad-field",
  });
  assert.throws(() => composeMessage({ ...draft, from: "a\r\nBcc: x" }), { code: "bad-field" });
});
