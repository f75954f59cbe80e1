import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageView } from "../../../engine/panels/mail/view.ts";
import {
  answerTo,
  draftAgain,
  EMPTY_WRITING,
  forwardOf,
  isEmpty,
  letterOf,
  textOfDocument,
} from "./letter.ts";

const MESSAGE: MessageView = {
  id: 7,
  folder: "inbox",
  role: "inbox",
  from: '"Alice, of Crêpes" <alice@crepes.fr>',
  to: "bob@hamburger.edu, Carol <carol@hamburger.edu>",
  cc: "dave@example.org",
  bcc: "",
  replyTo: "",
  subject: "Menu",
  date: "Sat, 21 Nov 2026 03:32:06 +0000",
  dateMs: 0,
  text: "1 < 2\nsecond\n",
  html: undefined,
  preview: "",
  octets: 100,
  attachments: 1,
  unread: false,
  answered: false,
  forwarded: false,
  isHere: true,
  files: [{ index: 0, name: "cat.png", type: "image/png", octets: 5, contentId: undefined, isHere: true }],
  sourceIsHere: true,
};

test("an answer goes to the sender, one to all to everybody but oneself", () => {
  const answer = answerTo(MESSAGE, "Bob@hamburger.edu", false);
  assert.deepEqual([answer.to, answer.cc, answer.subject], [MESSAGE.from, "", "Re: Menu"]);
  assert.equal(
    answerTo(MESSAGE, "bob@hamburger.edu", true).cc,
    "Carol <carol@hamburger.edu>, dave@example.org",
  );
  const listed = { ...MESSAGE, replyTo: "list@example.org", subject: "RE: Menu" };
  assert.deepEqual(
    [answerTo(listed, "", false).to, answerTo(listed, "", false).subject],
    ["list@example.org", "RE: Menu"],
  );
  assert.equal(
    answerTo({ ...MESSAGE, folder: "sent", role: "sent" }, "alice@crepes.fr", false).to,
    MESSAGE.to,
  );
  assert.match(answer.body, /wrote:<\/p><blockquote><p>1 &lt; 2<\/p><p>second<\/p><\/blockquote>$/);
});

test("an answer says when the message was written, if the message does", () => {
  assert.ok(answerTo(MESSAGE, "", false).body.includes(`<p>On ${MESSAGE.date}, Alice, of Crêpes wrote:</p>`));
  const undated = answerTo({ ...MESSAGE, date: "", dateMs: undefined }, "", false);
  assert.ok(undated.body.includes("<p>Alice, of Crêpes wrote:</p>"));
});

test("what is forwarded takes its files along; a draft is itself again", () => {
  const forwarded = forwardOf(MESSAGE);
  assert.deepEqual(forwarded.files[0].source, { message: 7, index: 0 });
  assert.equal(forwarded.forwards, 7);
  assert.match(forwarded.body, /<br>Date: Sat, 21 Nov 2026 03:32:06 \+0000<br>Subject: Menu<br>/);
  const bare = forwardOf({ ...MESSAGE, date: "", dateMs: undefined, to: "" });
  assert.match(bare.body, /<p>Forwarded message<br>From: [^<]*<br>Subject: Menu<\/p>/);
  assert.equal(draftAgain(MESSAGE).draft, 7);
  assert.equal(draftAgain({ ...MESSAGE, html: "<b>x</b>" }).body, "<b>x</b>");
});

test("lines are sent as text alone, anything else as HTML, too", () => {
  const plain = { type: "doc", content: [paragraph("Hello"), paragraph("World")] };
  assert.deepEqual(letterOf(EMPTY_WRITING, plain, "<p>…</p>"), {
    to: "",
    cc: "",
    bcc: "",
    subject: "",
    text: "Hello\nWorld\n",
    attachments: [],
  });
  const bold = {
    type: "doc",
    content: [{ type: "paragraph", content: [{ type: "text", text: "x", marks: [{ type: "bold" }] }] }],
  };
  assert.equal(letterOf(EMPTY_WRITING, bold, "<p><strong>x</strong></p>").html, "<p><strong>x</strong></p>");
  assert.ok(isEmpty(EMPTY_WRITING, " \n") && !isEmpty({ ...EMPTY_WRITING, subject: "x" }, ""));
});

test("quotes, lists, headings and links as text", () => {
  const item = (text: string) => ({ type: "listItem", content: [paragraph(text)] });
  const link = {
    type: "text",
    text: "here",
    marks: [{ type: "link", attrs: { href: "http://a.example/" } }],
  };
  const document = {
    type: "doc",
    content: [
      paragraph("Before"),
      { type: "heading", content: [{ type: "text", text: "Title" }] },
      {
        type: "blockquote",
        content: [paragraph("one"), { type: "blockquote", content: [paragraph("two")] }],
      },
      { type: "bulletList", content: [item("a"), item("b")] },
      { type: "orderedList", content: [item("c")] },
      { type: "paragraph", content: [link, { type: "hardBreak" }, { type: "text", text: "end" }] },
    ],
  };
  assert.equal(
    textOfDocument(document),
    "Before\n\nTitle\n> one\n>> two\n- a\n- b\n1. c\nhere <http://a.example/>\nend\n",
  );
});

function paragraph(text: string) {
  return { type: "paragraph", content: [{ type: "text", text }] };
}
