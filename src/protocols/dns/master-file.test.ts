import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseMasterFile, parseRecordList } from "./master-file.ts";
import * as arbitrary from "./testing/arbitraries.ts";
import { formatRecord } from "./wire/record.ts";

/** RFC 1035 section 5.3, with a TTL and RFC 1035's $INCLUDE left out. */
const ISI = `
$TTL 60
@   IN  SOA     VENERA      Action\\.domains (
                                 20     ; SERIAL
                                 7200   ; REFRESH
                                 600    ; RETRY
                                 3600000; EXPIRE
                                 60)    ; MINIMUM

        NS      A.ISI.EDU.
        NS      VENERA
        NS      VAXA
        MX      10      VENERA
        MX      20      VAXA

A       A       26.3.0.103

VENERA  A       10.1.0.52
        A       128.9.0.32

VAXA    A       10.2.0.27
        A       128.9.0.33
`;

function lines(text: string, origin = "."): string[] {
  const { records, errors } = parseMasterFile(text, { origin, ttlSeconds: 3600 });
  assert.deepEqual(errors, []);
  return records.map((record) => formatRecord(record).replaceAll("\t", " "));
}

function problems(text: string): string[] {
  return parseMasterFile(text, { origin: "edu.", ttlSeconds: 3600 }).errors.map(({ message }) => message);
}

test("the zone file of RFC 1035 section 5.3", () => {
  assert.deepEqual(lines(ISI, "ISI.EDU."), [
    "ISI.EDU. 60 IN SOA VENERA.ISI.EDU. Action\\.domains.ISI.EDU. 20 7200 600 3600000 60",
    "ISI.EDU. 60 IN NS A.ISI.EDU.",
    "ISI.EDU. 60 IN NS VENERA.ISI.EDU.",
    "ISI.EDU. 60 IN NS VAXA.ISI.EDU.",
    "ISI.EDU. 60 IN MX 10 VENERA.ISI.EDU.",
    "ISI.EDU. 60 IN MX 20 VAXA.ISI.EDU.",
    "A.ISI.EDU. 60 IN A 26.3.0.103",
    "VENERA.ISI.EDU. 60 IN A 10.1.0.52",
    "VENERA.ISI.EDU. 60 IN A 128.9.0.32",
    "VAXA.ISI.EDU. 60 IN A 10.2.0.27",
    "VAXA.ISI.EDU. 60 IN A 128.9.0.33",
  ]);
});

test("directives, TTL and class in either order, units, quotes, comments, CRLF", () => {
  const text = [
    "$ORIGIN hamburger.edu. ; a comment",
    "$TTL 1h30m",
    "www IN 60 A 10.0.0.1",
    "www 2d IN A 10.0.0.2",
    'txt TXT "a; b" c "say \\"hi\\"" \\228 ""',
    "$ORIGIN sub",
    "@ AAAA 2001:DB8::1",
    'long TXT ( "one"',
    '  "two" )',
  ].join("\r\n");
  assert.deepEqual(lines(text), [
    "www.hamburger.edu. 60 IN A 10.0.0.1",
    "www.hamburger.edu. 172800 IN A 10.0.0.2",
    'txt.hamburger.edu. 5400 IN TXT "a; b" "c" "say \\"hi\\"" "\\228" ""',
    "sub.hamburger.edu. 5400 IN AAAA 2001:db8::1",
    'long.sub.hamburger.edu. 5400 IN TXT "one" "two"',
  ]);
});

test("text outside ASCII becomes UTF-8", () => {
  assert.deepEqual(lines('a TXT "crêpe"'), ['a. 3600 IN TXT "cr\\195\\170pe"']);
});

test("unknown types: RFC 3597 section 5", () => {
  assert.deepEqual(lines("a TYPE731 \\# 6 abcd ( ef 01 23 45 )\na TYPE65280 \\# 0\na TYPE1 \\# 4 0A000001"), [
    "a. 3600 IN TYPE731 \\# 6 abcdef012345",
    "a. 3600 IN TYPE65280 \\# 0",
    "a. 3600 IN A 10.0.0.1",
  ]);
});

test("every mistake is found, with its line and column and what was expected", () => {
  assert.deepEqual(
    problems(
      'www A 10.0.0\nwww B 1\nwww MX mail\nwww MX 10\nwww A 10.0.0.1 x\nok A 10.0.0.1\n"q" A 10.0.0.1',
    ),
    [
      'line 1, column 7: expected an IPv4 address, found "10.0.0"',
      'line 2, column 5: expected a record type such as A, NS, MX, found "B"',
      'line 3, column 8: expected a number from 0 to 65535, found "mail"',
      "line 4, column 10: expected a domain name, found the end of the record",
      'line 5, column 16: expected the end of the A record, found "x"',
      'line 7, column 1: expected the owner\'s name, found the string "q"',
    ],
  );
  assert.deepEqual(problems('a TXT "b'), ["line 1, column 7: a quotation mark without its partner"]);
  assert.deepEqual(problems("a A ( 10.0.0.1"), ['line 1, column 5: a "(" without its ")"']);
  assert.deepEqual(problems("a A 10.0.0.1 )"), ['line 1, column 14: a ")" without its "("']);
  assert.deepEqual(problems("$INCLUDE x"), ['line 1, column 1: expected $ORIGIN or $TTL, found "$INCLUDE"']);
  assert.deepEqual(problems("  A 10.0.0.1"), [
    'line 1, column 3: expected an owner\'s name in the first record, found "A"',
  ]);
  assert.deepEqual(problems("a..b A 10.0.0.1"), [
    'line 1, column 1: expected the owner\'s name, found "a..b" (name at octet 2: "a..b" has an empty label)',
  ]);
  assert.match(problems("a OPT 1")[0], /expected a record type/);
  assert.match(problems("a ANY 1")[0], /expected a record type/);
  assert.match(problems("a TYPE1 \\# 3 0a0000")[0], /the octets of A data/);
  assert.match(problems("a TYPE731 \\# 2 0a")[0], /hexadecimal digits, found the end/);
  assert.match(problems(`a TXT "${"x".repeat(256)}"`)[0], /at most 255 octets/);
  const [noTtl] = parseMasterFile("a A 10.0.0.1").errors;
  assert.match(noTtl.message, /expected a TTL/);
});

test("a list of records counts records, and each has its owner", () => {
  const { records, errors } = parseRecordList([" www A 10.0.0.1", "mail A 10.0", "@ MX 10 mail"], {
    origin: "hamburger.edu.",
    ttlSeconds: 60,
  });
  assert.deepEqual(
    records.map((record) => formatRecord(record).replaceAll("\t", " ")),
    ["www.hamburger.edu. 60 IN A 10.0.0.1", "hamburger.edu. 60 IN MX 10 mail.hamburger.edu."],
  );
  assert.deepEqual(
    errors.map(({ line, column }) => [line, column]),
    [[2, 8]],
  );
});

test("a record survives its text form", () => {
  fc.assert(
    fc.property(fc.array(arbitrary.record, { maxLength: 4 }), (records) => {
      const text = records.map(formatRecord).join("\n");
      const parsed = parseMasterFile(text);
      assert.deepEqual(parsed.errors, []);
      assert.deepEqual(parsed.records, records);
    }),
    { numRuns: 300 },
  );
});

test("any text is parsed or refused with places", () => {
  const token = fc.constantFrom(
    "a",
    "A",
    "MX",
    "10",
    "(",
    ")",
    '"',
    ";",
    "\n",
    " ",
    "\\",
    "$TTL",
    "@",
    "\\#",
    "TXT",
    "é",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(token).map((parts) => parts.join(" ")),
      ),
      (text) => {
        for (const { line, column } of parseMasterFile(text).errors) {
          assert.ok(line >= 1 && line <= text.split("\n").length && column >= 1);
        }
      },
    ),
    { numRuns: 500 },
  );
});
