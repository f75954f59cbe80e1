import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalError } from "../net/index.ts";
import { PROTOCOL_VERSION } from "./protocol/index.ts";
import { networkText, TestConsole } from "./testing/test-console.ts";

const TEXT = networkText("ketchup");
const FILE = "nets/mine.yaml";

/** A console of `hamlet up nets/mine.yaml`, and the disk. */
function open() {
  const disk = { text: TEXT as string | undefined, isFull: false };
  const ownFile = {
    fileName: FILE,
    read: () => disk.text,
    write(text: string) {
      if (disk.isFull) throw new LocalError("not-saved", `${FILE} cannot be saved: the disk is full`);
      disk.text = text;
    },
  };
  const console = new TestConsole({ ownFile, source: { fileName: FILE, text: TEXT } });
  return { console, disk };
}

test("what was done by hand is saved in the file's place, again and again", () => {
  const { console, disk } = open();
  assert.equal(console.ask("hello", { version: PROTOCOL_VERSION }).savesTo, FILE);
  for (const name of ["new1", "new2"]) {
    console.ask("topology.add", { kind: "host", name, x: 0, y: 0 });
    const { text, fileName, basis } = console.ask("network.text", {});
    assert.equal(fileName, FILE);
    assert.ok(basis !== undefined);
    console.ask("network.save", { text, basis });
    assert.equal(disk.text, text);
    assert.match(text, new RegExp(`^ +${name}:`, "m"));
  }
});

test("what somebody else has written meanwhile is overwritten on demand only", () => {
  const { console, disk } = open();
  const { basis = "" } = console.ask("network.text", {});
  for (const other of [`${TEXT}# by hand\n`, undefined]) {
    disk.text = other;
    assert.equal(console.fail("network.save", { text: `${TEXT}# mine\n`, basis }).code, "file-changed");
    assert.equal(disk.text, other);
  }
  const saved = console.ask("network.save", { text: `${TEXT}# mine\n`, basis: null });
  assert.equal(disk.text, `${TEXT}# mine\n`);
  assert.equal(console.fail("network.save", { text: "2", basis }).code, "file-changed", "of another console");
  console.ask("network.save", { text: "3", ...saved });
  assert.equal(disk.text, "3");
});

test("nothing to save is saved, whatever it is based on", () => {
  const { console, disk } = open();
  const { basis } = console.ask("network.text", {});
  assert.deepEqual(console.ask("network.save", { text: TEXT, basis: "of long ago" }), { basis });
  assert.equal(disk.text, TEXT);
});

test("edits that were saved and do not run are not lost to a save of what runs", () => {
  const { console, disk } = open();
  const { basis = "" } = console.ask("network.text", {});
  const edited = `${TEXT}# edited\n`;
  const saved = console.ask("network.save", { text: edited, basis });
  const running = console.ask("network.text", {});
  const again = { text: `${running.text}# more\n`, basis: running.basis ?? "" };
  assert.equal(console.fail("network.save", again).code, "file-changed");
  console.ask("network.open", { source: { text: edited, fileName: FILE, ...saved } });
  assert.equal(console.ask("network.text", {}).basis, saved.basis);
  assert.equal(disk.text, edited);
});

test("another network is not taken for the file, nor one that only has its name", () => {
  const { console } = open();
  console.ask("network.open", { source: { id: "ketchup" } });
  assert.equal(console.ask("network.text", {}).basis, undefined);
  console.ask("network.open", { source: { text: TEXT, fileName: FILE } });
  assert.equal(console.ask("network.text", {}).basis, undefined);
});

test("what the disk cannot do is told; an engine without a file of its own saves none", () => {
  const { console, disk } = open();
  disk.isFull = true;
  const { message } = console.fail("network.save", { text: "x", basis: null });
  assert.equal(message, `${FILE} cannot be saved: the disk is full`);
  assert.equal(disk.text, TEXT);
  const named = { text: "x", basis: null, fileName: "/etc/hosts" };
  assert.equal(console.fail("network.save", named).code, "bad-params", "a console names no path");
  const worker = new TestConsole();
  assert.equal(worker.ask("hello", { version: PROTOCOL_VERSION }).savesTo, undefined);
  assert.equal(worker.ask("network.text", {}).basis, undefined);
  assert.equal(worker.fail("network.save", { text: TEXT, basis: null }).code, "no-own-file");
});
