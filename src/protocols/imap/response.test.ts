/** Responses as the standards print them, as servers write them, and as nobody should. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { fromByteString, toByteString } from "../../net/index.ts";
import { parseResponse, type Response } from "./response.ts";
import type { BodyPart, FetchedMessage } from "./response-fetch.ts";
import { LITERAL_MARK } from "./response-values.ts";

test("the responses of RFC 3501 section 7", () => {
  assert.deepEqual(parse("* OK IMAP4rev1 server ready"), status("OK", "IMAP4rev1 server ready"));
  assert.deepEqual(parse("* OK [UIDVALIDITY 3857529045] UIDs valid"), {
    ...status("OK", "UIDs valid"),
    code: { name: "UIDVALIDITY", argument: "3857529045" },
  });
  assert.deepEqual(parse("A222 NO [TRYCREATE] No such mailbox {5}"), {
    ...status("NO", "No such mailbox {5}"),
    tag: "A222",
    code: { name: "TRYCREATE", argument: "" },
  });
  assert.deepEqual(parse("+ Ready"), { kind: "continuation", text: "Ready" });
  assert.deepEqual(parse("+"), { kind: "continuation", text: "" });
  assert.deepEqual(parse("* CAPABILITY IMAP4rev1 AUTH=PLAIN"), {
    kind: "capability",
    capabilities: ["IMAP4REV1", "AUTH=PLAIN"],
  });
  assert.deepEqual(parse("* 23 EXISTS"), { kind: "exists", number: 23 });
  assert.deepEqual(parse("* 44 expunge"), { kind: "expunge", number: 44 });
  assert.deepEqual(parse("* SEARCH 2 3 6"), { kind: "search", numbers: [2, 3, 6] });
  assert.deepEqual(parse("* SEARCH"), { kind: "search", numbers: [] });
  assert.deepEqual(parse("* SEARCH 2 (MODSEQ 917162500)"), { kind: "search", numbers: [2] });
  assert.deepEqual(parse("* FLAGS (\\Answered \\Seen $Junk)"), {
    kind: "flags",
    flags: ["\\Answered", "\\Seen", "$Junk"],
  });
  assert.deepEqual(parse("* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)"), {
    kind: "mailboxStatus",
    name: "blurdybloop",
    items: new Map([
      ["MESSAGES", 231],
      ["UIDNEXT", 44292],
    ]),
  });
  assert.deepEqual(parse('* NAMESPACE (("" "/")) NIL NIL'), {
    kind: "other",
    name: "NAMESPACE",
    text: '(("" "/")) NIL NIL',
  });
});

test("mailboxes: with and without levels, quoted, as a literal, in other scripts", () => {
  const listed = (text: string, ...literals: string[]) => {
    const response = parse(text, ...literals);
    assert.ok(response.kind === "list");
    return response.mailbox;
  };
  assert.deepEqual(listed('* LIST (\\Noselect \\HasChildren) "/" ~/Mail/foo'), {
    name: "~/Mail/foo",
    attributes: ["\\Noselect", "\\HasChildren"],
    delimiter: "/",
  });
  assert.deepEqual(listed("* LSUB () NIL inbox"), { name: "INBOX", attributes: [], delimiter: undefined });
  assert.equal(listed('* LIST () "." "a \\"b\\" \\\\c"').name, 'a "b" \\c');
  assert.equal(listed(`* LIST () "/" ${LITERAL_MARK}`, "Entw&APw-rfe").name, "Entw\u00fcrfe");
  assert.equal(listed("* LIST () NIL nil").name, "NIL");
  assert.equal(listed('* LIST () "/" x ("CHILDINFO" ("SUBSCRIBED"))').name, "x");
});

test("FETCH: the example of RFC 3501 section 8, and sections with their names", () => {
  const envelope =
    '("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev1 WG mtg summary and minutes" ' +
    '(("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ' +
    '(("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ' +
    '((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL ' +
    '"<B27397-0100000@cac.washington.edu>")';
  const message = fetched(
    `* 12 FETCH (FLAGS (\\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 4286 ENVELOPE ${envelope} ` +
      'BODY ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92) UID 7)',
  );
  assert.deepEqual([message.number, message.uid, message.octets, message.flags], [12, 7, 4286, ["\\Seen"]]);
  assert.equal(message.internalDate, "17-Jul-1996 02:44:25 -0700");
  assert.deepEqual(message.envelope?.cc[1], { name: "John Klensin", mailbox: "KLENSIN", host: "MIT.EDU" });
  assert.deepEqual([message.envelope?.bcc, message.envelope?.inReplyTo], [[], undefined]);
  assert.equal(message.envelope?.messageId, "<B27397-0100000@cac.washington.edu>");
  assert.deepEqual([message.structure?.section, message.structure?.octets], ["1", 3028]);

  const parts = fetched(
    `* 1 FETCH (BODY[HEADER.FIELDS (${LITERAL_MARK} "To")] ${LITERAL_MARK} BODY[1.2]<0> "a\\"b" body[3] NIL)`,
    "Subject",
    "Subject: x\r\n\r\n",
  ).sections;
  const texts = [...parts.values()].map((octets) => octets && toByteString(octets));
  assert.deepEqual(texts, ["Subject: x\r\n\r\n", 'a"b', undefined]);
  assert.deepEqual([...parts.keys()].slice(1), ["1.2", "3"]);
});

test("BODYSTRUCTURE: RFC 3501 section 6.4.5's message, each part by its own name", () => {
  const text = '("TEXT" "PLAIN" ("CHARSET" "us-ascii") NIL NIL "7BIT" 10 1 NIL NIL NIL NIL)';
  const picture =
    '("IMAGE" "GIF" ("NAME" "a.gif") "<1@x>" "A cat" "BASE64" 44 NIL ("ATTACHMENT" ("FILENAME" "a.gif")) NIL NIL)';
  const many = (subtype: string, ...parts: string[]): string =>
    `(${parts.join("")} "${subtype}" ("BOUNDARY" "x") NIL NIL NIL)`;
  const enclosed = (body: string): string =>
    `("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 500 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ${body} 20 NIL NIL NIL NIL)`;
  const binary = '("APPLICATION" "OCTET-STREAM" NIL NIL NIL "BASE64" 8 NIL NIL NIL NIL)';
  const third = enclosed(many("MIXED", text, binary));
  const fourth = many("MIXED", picture, enclosed(many("MIXED", text, many("ALTERNATIVE", text, text))));
  const root = fetched(
    `* 1 FETCH (BODYSTRUCTURE ${many("MIXED", text, binary, third, fourth, enclosed(text))})`,
  );
  const names: string[] = [];
  const walk = (part: BodyPart): void => {
    names.push(`${part.section} ${part.type}`);
    part.parts.forEach(walk);
  };
  walk(root.structure as BodyPart);
  assert.deepEqual(names, [
    " multipart/mixed",
    "1 text/plain",
    "2 application/octet-stream",
    "3 message/rfc822",
    "3 multipart/mixed",
    "3.1 text/plain",
    "3.2 application/octet-stream",
    "4 multipart/mixed",
    "4.1 image/gif",
    "4.2 message/rfc822",
    "4.2 multipart/mixed",
    "4.2.1 text/plain",
    "4.2.2 multipart/alternative",
    "4.2.2.1 text/plain",
    "4.2.2.2 text/plain",
    "5 message/rfc822",
    "5.1 text/plain",
  ]);
  const cat = root.structure?.parts[3].parts[0];
  assert.deepEqual([cat?.id, cat?.description, cat?.encoding, cat?.octets], ["<1@x>", "A cat", "base64", 44]);
  assert.deepEqual(cat?.disposition, { value: "attachment", parameters: new Map([["filename", "a.gif"]]) });
});

test("what is no response is a FormatError; lists in lists have a bound", () => {
  for (const text of [
    "",
    "*",
    "* ",
    "HTTP/1.1 400 Bad Request",
    "a1 FETCH",
    "* LIST",
    '* LIST () "/" "x',
    "* LIST () / (x)",
    "* 1 FETCH (UID x)",
    "* 1 FETCH (FLAGS (",
    "* 1 FETCH (BODY[",
    "* 1 FETCH (UID 1234567890123456)",
    `* 1 FETCH (ENVELOPE ${"(".repeat(10_000)}`,
    "* SEARCH x",
  ]) {
    assert.throws(() => parse(text), FormatError, text);
  }
});

test("whatever comes parses or is a FormatError", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...'()[]<>"\\ *+{',
      "* ",
      "* 1 ",
      "FETCH (",
      "BODY[",
      "BODYSTRUCTURE ",
      "ENVELOPE ",
      "FLAGS ",
      "UID 1",
      "NIL",
      "LIST () ",
      "STATUS x ",
      "SEARCH ",
      "OK [",
      LITERAL_MARK,
      '"x" ',
      "((",
      "))",
    ),
    fc.string({ unit: "binary-ascii", maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      const literals = [...text].filter((character) => character === LITERAL_MARK).map(() => "literal");
      try {
        parse(text, ...literals);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});

function parse(text: string, ...literals: string[]): Response {
  return parseResponse({ text, literals: literals.map(fromByteString) });
}

function fetched(text: string, ...literals: string[]): FetchedMessage {
  const response = parse(text, ...literals);
  assert.ok(response.kind === "fetch");
  return response.message;
}

function status(word: "OK" | "NO", text: string): Response {
  return { kind: "status", tag: undefined, status: word, code: undefined, text };
}
