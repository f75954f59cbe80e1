import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "../../bytes/index.ts";
import { readMessage } from "../../protocols/message/index.ts";
import { answerTo, forwardOf } from "./letter.ts";
import type { OpenedMessage } from "./mailbox.ts";

test("an answer and a forward say what the message says of itself, and leave out what it does not", () => {
  const full = opened(
    "From: a@x.test\r\nTo: b@x.test\r\nDate: Sat, 21 Nov 2026 03:32:06 +0000\r\nSubject: Hi\r\n\r\nx\r\n",
  );
  assert.match(
    answerTo(full, "b@x.test", false).text,
    /^\n\nOn Sat, 21 Nov 2026 03:32:06 \+0000, a@x\.test wrote:\n> x\n$/,
  );
  assert.match(forwardOf(full).text, /-\nFrom: a@x\.test\nTo: b@x\.test\nDate: Sat, .*\nSubject: Hi\n\nx/);
  const bare = opened("From: a@x.test\r\n\r\nx\r\n");
  assert.match(answerTo(bare, "b@x.test", false).text, /^\n\na@x\.test wrote:\n> x\n$/);
  assert.match(forwardOf(bare).text, /-\nFrom: a@x\.test\n\nx/);
});

function opened(text: string): OpenedMessage {
  const content = encodeUtf8(text);
  const read = readMessage(content);
  return { ...read, id: "1", content, shownText: read.text ?? "", isFromHtml: false };
}
