import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import {
  ancestorsOf,
  isWithin,
  labelOctets,
  labelsOf,
  labelText,
  parentOf,
  parseName,
  reverseName,
  sameName,
} from "./name.ts";

test("names are absolute, in one spelling", () => {
  assert.equal(parseName("hamburger.edu"), "hamburger.edu.");
  assert.equal(parseName("hamburger.edu."), "hamburger.edu.");
  assert.equal(parseName("mail", "hamburger.edu."), "mail.hamburger.edu.");
  assert.equal(parseName("mail.", "hamburger.edu."), "mail.");
  assert.equal(parseName("."), ".");
  assert.equal(parseName("\\065\\.b.c"), "A\\.b.c.");
  assert.equal(parseName("a\\ b"), "a\\032b.");
  assert.equal(parseName("a\\."), "a\\..");
});

test("what is no name is refused with a reason", () => {
  for (const [text, reason] of [
    ["", /empty label/],
    ["a..b", /empty label/],
    [".a", /empty label/],
    ["a\\", /backslash/],
    ["a\\25", /backslash/],
    ["a\\256", /no octet/],
    ["crêpes.fr", /xn--/],
    ["a".repeat(64), /63 are the most/],
    [`${"a".repeat(63)}.`.repeat(4), /255 at most/],
  ] as const) {
    assert.throws(
      () => parseName(text),
      (error) => error instanceof FormatError && reason.test(error.message),
      text,
    );
  }
  assert.equal(parseName(`${"a".repeat(63)}.`.repeat(3) + "b".repeat(61)).length, 254);
});

test("comparing, ancestors and labels respect case and escapes", () => {
  assert.ok(sameName("Mail.Hamburger.EDU.", "mail.hamburger.edu."));
  assert.ok(isWithin("mail.hamburger.edu.", "HAMBURGER.edu."));
  assert.ok(isWithin("hamburger.edu.", "hamburger.edu."));
  assert.ok(isWithin("hamburger.edu.", "."));
  assert.ok(!isWithin("cheesehamburger.edu.", "hamburger.edu."));
  assert.ok(!isWithin("edu.", "hamburger.edu."));
  assert.ok(!isWithin("a\\.hamburger.edu.", "hamburger.edu."));
  assert.ok(isWithin("a\\\\.hamburger.edu.", "hamburger.edu."));
  assert.equal(parentOf("a\\.b.c."), "c.");
  assert.equal(parentOf("c."), ".");
  assert.equal(parentOf("."), undefined);
  assert.deepEqual([...ancestorsOf("a.b.")], ["a.b.", "b.", "."]);
  assert.deepEqual(labelsOf("a\\.b.c."), ["a\\.b", "c"]);
});

test("reverse names: RFC 1035 section 3.5, RFC 3596 section 2.5", () => {
  assert.equal(reverseName("10.2.0.52"), "52.0.2.10.in-addr.arpa.");
  assert.equal(
    reverseName("4321:0:1:2:3:4:567:89ab"),
    "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa.",
  );
  assert.equal(reverseName("mail"), undefined);
});

test("any octets make a label that reads back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 63 }), (octets) => {
      const label = String.fromCharCode(...octets);
      const text = labelText(label);
      assert.equal(labelOctets(text), label);
      assert.equal(parseName(`${text}.`), `${text}.`);
    }),
  );
});
