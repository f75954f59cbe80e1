/** Names of mailboxes: the standard's own examples, and every name back again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeMailboxName, encodeMailboxName } from "./mailbox-name.ts";

test("the examples of RFC 3501 section 5.1.3", () => {
  for (const [name, wire] of [
    ["~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"],
    ["\u2260\u2260", "&ImAiYA-"],
    ["A&B", "A&-B"],
    ["Entw\u00fcrfe", "Entw&APw-rfe"],
    ["inbox", "INBOX"],
    ["\u0131nbox", "&ATE-nbox"],
  ]) {
    assert.equal(encodeMailboxName(name), wire);
    assert.equal(decodeMailboxName(wire), name === "inbox" ? "INBOX" : name);
  }
});

test("every name comes back; whatever a server sends has a name", () => {
  const notInbox = (name: string): boolean => !/^inbox$/i.test(name);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }).filter(notInbox), (name) => {
      const wire = encodeMailboxName(name);
      assert.match(wire, /^[ -~]*$/);
      assert.equal(decodeMailboxName(wire), name);
    }),
  );
  const wire = fc.array(fc.constantFrom(..."&-,AZaz/ +=\xfc\xc3\x80"), { maxLength: 12 });
  fc.assert(fc.property(wire, (characters) => typeof decodeMailboxName(characters.join("")) === "string"));
});

test("what is no modified UTF-7 is taken for UTF-8, or stays as it is", () => {
  assert.equal(decodeMailboxName("Entw\xc3\xbcrfe"), "Entw\u00fcrfe");
  for (const wire of ["R&D", "a&AP-", "a&!-", "\xff"]) assert.equal(decodeMailboxName(wire), wire);
});
