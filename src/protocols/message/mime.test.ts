/** MIME: what is composed is read back whole, what others send is read as they meant it, bombs and rubbish harm nobody. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeUtf8, encodeUtf8 } from "../../bytes/index.ts";
import { anyCharacter } from "../../bytes/testing/any-character.ts";
import { fromByteString, toByteString } from "../../net/index.ts";
import {
  composeMessage,
  type Draft,
  emitParameter,
  encodeAddress,
  mediaTypeOf,
  parseAddresses,
  parseParameters,
  parseStructure,
  readMessage,
} from "./index.ts";
import {
  decodeBase64Lines,
  decodeQuotedPrintable,
  encodeBase64Lines,
  encodeQuotedPrintable,
} from "./transfer-encoding.ts";

const DRAFT: Draft = {
  from: "alice@crepes.fr",
  to: ["bob@hamburger.edu"],
  dateMs: 0,
  messageId: "1@crepes.fr",
  text: "",
};

test("a mail with text, HTML and attachments is read back as it was written, and is ASCII in short lines", () => {
  const name = fc
    .stringMatching(/^[\p{L}0-9 "'%*;=_.-]{1,40}$/u)
    .filter((text) => /^[^ .].*[^ ]$/.test(text));
  const attachment = fc.record(
    {
      name,
      type: fc.constantFrom("image/png", "text/plain", "application/x-tar"),
      bytes: fc.uint8Array({ maxLength: 300 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(
      anyText(),
      anyText(),
      fc.option(anyText(), { nil: undefined }),
      fc.array(attachment, { maxLength: 3 }),
      (subject, text, html, attachments) => {
        const oneLine = subject.replace(/[\r\n]+/g, " ");
        const content = composeMessage({ ...DRAFT, subject: oneLine, text, html, attachments });
        assertCarriable(content);
        const read = readMessage(content);
        assert.equal(read.headers.subject, oneLine);
        assert.equal(read.text, canonical(text));
        assert.equal(read.html, html === undefined ? undefined : canonical(html));
        assert.deepEqual(read.attachments, attachments);
        assert.equal(read.hasAttachments, attachments.length > 0);
      },
    ),
    { numRuns: 60 },
  );
});

test("the fields of an answer in a thread", () => {
  const content = composeMessage({
    ...DRAFT,
    from: "Älice <alice@crepes.fr>",
    to: ["bob@hamburger.edu", '"Carol, B." <carol@hamburger.edu>'],
    cc: ["dave@crepes.fr"],
    inReplyTo: "2@x",
    references: ["1@x", "2@x", "no > id"],
    text: "Yes.",
  });
  const { headers } = readMessage(content);
  assert.deepEqual(headers, {
    from: "Älice <alice@crepes.fr>",
    to: 'bob@hamburger.edu, "Carol, B." <carol@hamburger.edu>',
    cc: "dave@crepes.fr",
    replyTo: "",
    subject: "",
    date: "Thu, 1 Jan 1970 00:00:00 +0000",
    dateMs: 0,
    messageId: "1@crepes.fr",
    inReplyTo: "2@x",
    references: ["1@x", "2@x"],
  });
});

test("a boundary stands in no part: not in a mail that quotes one with the same", () => {
  const attachments = [{ name: "a", type: "text/plain", bytes: encodeUtf8("a") }];
  const first = toByteString(composeMessage({ ...DRAFT, text: "x", attachments }));
  const boundary = /boundary="([^"]+)"/.exec(first)?.[1] ?? "";
  const text = `--${boundary}\r\n\r\nsmuggled\r\n--${boundary}--\r\n`;
  const read = readMessage(composeMessage({ ...DRAFT, text, html: text, attachments }));
  assert.equal(read.text, canonical(text));
  assert.equal(read.html, canonical(text));
  assert.deepEqual(read.attachments, attachments);
});

test("transfer encodings against the platform's, and their line lengths", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (octets) => {
      const encoded = toByteString(encodeBase64Lines(octets));
      assert.equal(encoded.replaceAll("\r\n", ""), Buffer.from(octets).toString("base64"));
      for (const line of encoded.split("\r\n").slice(0, -2)) assert.equal(line.length, 76);
      assert.deepEqual(decodeBase64Lines(fromByteString(encoded)), octets);
    }),
  );
  const lines = fc.array(
    fc.string({ unit: fc.constantFrom("a", " ", "\t", "=", "é", ".", "\x7f"), maxLength: 120 }),
  );
  fc.assert(
    fc.property(lines, (list) => {
      const octets = encodeUtf8(list.map((line) => `${line}\r\n`).join(""));
      const encoded = toByteString(encodeQuotedPrintable(octets));
      for (const line of encoded.split("\r\n")) {
        assert.ok(line.length <= 76);
        assert.match(line, /^([!-~\t ]*[!-~])?$/, "nothing but ASCII, no space at the end");
      }
      assert.deepEqual(decodeQuotedPrintable(fromByteString(encoded)), octets);
    }),
  );
});

test("encodings as others write them", () => {
  const quoted = (text: string): string => toByteString(decodeQuotedPrintable(fromByteString(text)));
  assert.equal(quoted("a=\r\nb=  \nc"), "abc");
  assert.equal(quoted("trailing  \r\nspace\t"), "trailing\r\nspace");
  assert.equal(quoted("=fc=FC=zz=4=\n"), "\xfc\xfc=zz=4");
  const based = (text: string): string => toByteString(decodeBase64Lines(fromByteString(text)));
  assert.equal(based("Zm 9v\r\n!Ym-Fy"), "foobar");
  assert.equal(based("Zg==\r\nZm8=\r\nZm9"), "ffofo");
  assert.equal(based("="), "");
});

test("parameters: quotes, comments, RFC 2231 in one piece and in several, encoded words against the rule", () => {
  const cases: [string, string, [string, string][]][] = [
    ["text/plain; charset=us-ascii (Plain text)", "text/plain", [["charset", "us-ascii"]]],
    ['TEXT/Plain;CHARSET="a\\"b;c"; x', "text/plain", [["charset", 'a"b;c']]],
    ["a/b; filename*=utf-8'en'%e2%82%ac%20rates", "a/b", [["filename", "\u20ac rates"]]],
    ["a/b; f*1=\"b.txt\"; f*0*=iso-8859-1''%FC", "a/b", [["f", "\u00fcb.txt"]]],
    ['a/b; f="=?utf-8?q?gr=C3=BCn.txt?="; f=second', "a/b", [["f", "gr\u00fcn.txt"]]],
    ["a/b; f=plain; f*=utf-8''better", "a/b", [["f", "better"]]],
    [";;=;", "", [["", ""]]],
  ];
  for (const [text, value, parameters] of cases) {
    const parsed = parseParameters(text);
    assert.deepEqual([parsed.value, [...parsed.parameters]], [value, parameters], text);
  }
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), (text) => {
      const value = text.toWellFormed();
      const pieces = emitParameter("filename", value);
      for (const piece of pieces) assert.match(piece, /^[ -~]{1,75}$/);
      assert.equal(parseParameters(["a", ...pieces].join("; ")).parameters.get("filename"), value);
    }),
  );
});

test("addresses: names, groups, comments, quotes, what a person types", () => {
  const cases: [string, [string, string][]][] = [
    ["alice@crepes.fr", [["", "alice@crepes.fr"]]],
    [
      '"B, Bob" <bob@x>, Älice <a@y>',
      [
        ["B, Bob", "bob@x"],
        ["Älice", "a@y"],
      ],
    ],
    [
      "Friends: a@x, B (the \\) one) <b@x>;, c@[IPv6:2001:db8::1]",
      [
        ["", "a@x"],
        ["B", "b@x"],
        ["", "c@[IPv6:2001:db8::1]"],
      ],
    ],
    ["=?utf-8?q?Gr=C3=BCn?= <g@x", [["Grün", "g@x"]]],
    [" ,, <>", []],
  ];
  for (const [text, addresses] of cases) {
    assert.deepEqual(
      parseAddresses(text).map(({ name, address }) => [name, address]),
      addresses,
      text,
    );
  }
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (text) => {
      const name = text
        .toWellFormed()
        .replace(/[<>\s\p{C}]+/gu, " ")
        .replace(/^["\s]+|["\s]+$/g, "")
        .replace(/\\/g, "");
      const [parsed] = parseAddresses(encodeAddress(`${name} <a@x>`));
      if (!name.includes("=?")) assert.deepEqual(parsed, { name: name.trim(), address: "a@x" });
    }),
  );
});

test("mails of others: nested, bare line feeds, missing ends, forwarded messages, no MIME at all", () => {
  const read = (...lines: string[]) => readMessage(encodeUtf8(lines.join("\n")));
  const nested = read(
    'Content-Type: multipart/mixed; boundary="out er"',
    "",
    "preamble",
    "--out er  ",
    "Content-Type: multipart/alternative; boundary=in",
    "",
    "--in",
    "",
    "text",
    "--inner is text",
    "--in",
    "Content-Type: text/html; charset=iso-8859-1",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "<p>gr=FCn</p>",
    "--in--",
    "--out er",
    "Content-Type: message/rfc822",
    "",
    "Subject: inside",
    "",
    "--out er",
    'Content-Type: image/gif; name="../../cat.gif"',
    "Content-ID: <cat@x>",
    "Content-Transfer-Encoding: BASE64",
    "",
    "R0lG",
  );
  assert.equal(nested.text, "text\n--inner is text");
  assert.equal(nested.html, "<p>grün</p>");
  assert.deepEqual(nested.attachments, [
    { name: "message-1.eml", type: "message/rfc822", bytes: encodeUtf8("Subject: inside\n") },
    { name: "cat.gif", type: "image/gif", bytes: encodeUtf8("GIF"), contentId: "cat@x" },
  ]);
  assert.equal(read("Do you like ketchup?", "Yes.").text, "Do you like ketchup?\nYes.");
  assert.equal(read("Content-Type: text/plain; charset=klingon", "", "gr\u00fcn").text, "grün");
  assert.equal(read("Content-Type: nonsense", "", "x").text, "x");
  assert.equal(read("Content-Type: multipart/mixed; boundary=b", "", "no part").text, "no part");
});

test("a bomb of parts, and parts in parts in parts, cost no more than their octets", () => {
  const many = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\n\r\n".repeat(50_000)}`;
  assert.ok(parseStructure(fromByteString(many)).parts.length <= 1000);
  let deep = "";
  for (let i = 0; i < 500; i++) deep += `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`;
  const { text } = readMessage(fromByteString(`${deep}\r\nat the bottom`));
  assert.match(text ?? "", /at the bottom$/);
});

test("whatever the octets are, they are read without a word of complaint", () => {
  const line = fc.constantFrom(
    "Content-Type: multipart/mixed; boundary=b",
    'Content-Type: multipart/digest; boundary="b"',
    "Content-Type: text/html; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "Content-Disposition: attachment; filename*=x''%",
    'Content-Disposition: ;filename="',
    "Date: x",
    "References: <<a> <b",
    " folded",
    "--b",
    "--b--",
    "",
    "=\u00ff=A",
    "Zm9v=",
  );
  const mail = fc.array(fc.oneof(line, fc.string({ unit: anyCharacter, maxLength: 20 })), { maxLength: 30 });
  fc.assert(
    fc.property(mail, fc.constantFrom("\r\n", "\n"), (lines, end) => {
      const octets = encodeUtf8(lines.join(end));
      const read = readMessage(octets);
      for (const { name, bytes } of read.attachments) {
        assert.match(name, /^[^/\\]+$/);
        assert.ok(bytes.length <= octets.length);
      }
      assert.ok((read.text ?? "").length <= octets.length + lines.length);
    }),
    { numRuns: 150 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (octets) => void readMessage(octets)));
});

test("types of files", () => {
  assert.equal(mediaTypeOf("Cat.PNG"), "image/png");
  for (const name of ["png", ".png", "a.b", "", "a."])
    assert.equal(mediaTypeOf(name), "application/octet-stream");
});

function anyText() {
  const unit = fc.constantFrom(
    "a",
    "b ",
    " ",
    "\n",
    "\r\n",
    "=",
    "-",
    ".",
    "From ",
    "é",
    "€",
    "😀",
    "x".repeat(400),
    "\t",
    "\x00",
  );
  return fc.string({ unit, maxLength: 30 });
}

/** Text as mail carries it: each line ended. */
function canonical(text: string): string {
  return text === "" ? "" : `${text.replace(/\r\n|\r/g, "\n").replace(/\n$/, "")}\n`;
}

function assertCarriable(content: Uint8Array): void {
  const text = decodeUtf8(content) ?? "";
  assert.match(text, /^[\t\r\n -~\x7f]*$/, "ASCII only");
  for (const line of text.split("\r\n")) {
    assert.ok(line.length <= 998);
    assert.doesNotMatch(line, /[\r\n]/);
  }
}
