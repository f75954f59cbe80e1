import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LineEditor } from "./line-editor.ts";

const [UP, DOWN, LEFT, HOME, DELETE] = ["\x1b[A", "\x1b[B", "\x1b[D", "\x1b[H", "\x1b[3~"];

function typed(data: string, history: readonly string[] = []): LineEditor {
  const editor = new LineEditor(history);
  editor.feed(data);
  return editor;
}

test("a line is edited with the usual keys", () => {
  assert.equal(typed(`pnig${LEFT}${LEFT}\x7f`).text, "pig");
  assert.equal(typed(`xping${HOME}${DELETE}`).text, "ping");
  assert.equal(typed("ping mail.crepes.fr\x17").text, "ping ");
  assert.equal(typed("ping mail\x15dig").text, "dig");
  assert.equal(typed("ping a\x1bb\x0bb\x19").text, "ping ba");
  assert.equal(typed("x😀\x7f").text, "x");
  assert.equal(typed(`a😀${LEFT}b`).text, "ab😀");
});

test("Enter gives the line and what came behind it; Tab and the control keys mean something outside", () => {
  const editor = new LineEditor();
  assert.deepEqual(editor.feed("ping x\r\nrest"), { effect: { kind: "line", line: "ping x" }, rest: "rest" });
  assert.equal(editor.text, "");
  assert.deepEqual(editor.feed("pi\tz"), { effect: { kind: "complete" }, rest: "z" });
  assert.deepEqual(editor.feed("\x04").effect, undefined);
  editor.clear();
  assert.deepEqual(editor.feed("\x04").effect, { kind: "end" });
  assert.deepEqual(editor.feed("\x03").effect, { kind: "interrupt" });
});

test("the history goes up and down again, and keeps what was begun", () => {
  const editor = typed(`di${UP}`, ["ping a", "ping b"]);
  assert.equal(editor.text, "ping b");
  editor.feed(`${UP}${UP}`);
  assert.equal(editor.text, "ping a");
  editor.feed(`${DOWN}${DOWN}${DOWN}`);
  assert.equal(editor.text, "di");
  editor.remember("ping b");
  editor.remember(" ");
  editor.remember("arp");
  assert.deepEqual(editor.history, ["ping a", "ping b", "arp"]);
});

test("whatever is typed, the cursor stands in the line", () => {
  const keys = fc.constantFrom(
    UP,
    DOWN,
    LEFT,
    "\x1b[C",
    HOME,
    "\x1b[F",
    DELETE,
    "\x7f",
    "\x15",
    "\x17",
    "\x19",
    "\x1bf",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(keys, fc.string({ unit: "grapheme" }))), (pressed) => {
      const editor = new LineEditor(["one", "two three"]);
      for (let rest = pressed.join(""); rest !== ""; ) rest = editor.feed(rest).rest;
      assert.ok(editor.cursor >= 0 && editor.cursor <= editor.text.length);
      assert.ok(!editor.text.includes("\x1b"));
    }),
  );
});
