/** Files on the disk: what a folder serves and what it does not, and files that are saved whole or not at all. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { emitFileName, parseFileName } from "../protocols/fetch/index.ts";
import { diskFiles } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-files-"));
after(() => rmSync(folder, { recursive: true }));

const root = join(folder, "root");
mkdirSync(join(root, "sub"), { recursive: true });
mkdirSync(join(folder, "rootless"));
writeFileSync(join(root, "a.txt"), "hello");
writeFileSync(join(root, "sub", "b.txt"), "below");
writeFileSync(join(root, ".hidden"), "secret");
writeFileSync(join(folder, "secret"), "secret");
writeFileSync(join(folder, "rootless", "secret"), "secret");
symlinkSync(join(folder, "secret"), join(root, "link"));
symlinkSync(folder, join(root, "up"));
symlinkSync(join(root, "a.txt"), join(root, "inner"));
execFileSync("mkfifo", [join(root, "pipe")]);

test("regular files are served, and nothing that a link leads to", () => {
  const store = diskFiles.openFolder(root);
  const file = store.open(["sub", "b.txt"]);
  assert.equal(Buffer.from(file?.read(1, 100) ?? []).toString(), "elow");
  file?.close();
  for (const name of [["link"], ["up", "secret"], ["inner"], ["sub"], ["pipe"], ["nope"], ["a.txt", "x"]])
    assert.equal(store.open(name), undefined, name.join("/"));
});

test("whatever name is asked for, what is served is within the folder", () => {
  const store = diskFiles.openFolder(root);
  const part = fc.constantFrom(
    "..",
    ".",
    "sub",
    "up",
    "link",
    "secret",
    "a.txt",
    "b.txt",
    "",
    "rootless",
    "\\..",
    "%2e%2e",
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const name = parseFileName(emitFileName(parts.join("/")));
      const file = name && store.open(name);
      if (file === undefined) return;
      assert.match(Buffer.from(file.read(0, 100)).toString(), /^(hello|below)$/);
      file.close();
    }),
  );
});

test("a file that has changed is noticed, and has another version", () => {
  const store = diskFiles.openFolder(root);
  const path = join(root, "growing");
  writeFileSync(path, "one");
  const file = store.open(["growing"]);
  assert.equal(file?.isUnchanged(), true);
  appendFileSync(path, "two");
  assert.equal(file?.isUnchanged(), false);
  file?.close();
  const again = store.open(["growing"]);
  assert.notEqual(again?.version, file?.version);
  assert.match(again?.version ?? "", /^[A-Za-z0-9._-]{1,64}$/);
  again?.close();
});

test("a file stands under its name when it is saved, and not before; what is discarded leaves nothing", () => {
  const place = join(folder, "out");
  mkdirSync(place);
  const path = join(place, "file");
  writeFileSync(path, "old");
  const draft = diskFiles.create(path);
  draft.write(Buffer.from("forgotten, and longer"));
  draft.restart();
  draft.write(Buffer.from("new "));
  draft.write(Buffer.from("text"));
  assert.equal(readFileSync(path, "utf8"), "old");
  draft.save();
  draft.discard();
  assert.equal(readFileSync(path, "utf8"), "new text");
  const other = diskFiles.create(join(place, "other"));
  other.write(Buffer.from("x"));
  other.discard();
  assert.deepEqual(readdirSync(place), ["file"]);
});

test("what cannot be is one line that says why", () => {
  assert.throws(() => diskFiles.openFolder(join(folder, "nope")), {
    code: "no-folder",
    message: /nope cannot be served/,
  });
  assert.throws(() => diskFiles.openFolder(join(root, "a.txt")), { code: "no-folder" });
  assert.throws(() => diskFiles.create(join(folder, "nope", "x")), {
    code: "not-saved",
    message: /x cannot be saved/,
  });
  for (const [name, problem] of [
    [folder, "it is a folder"],
    ["/dev/null", "it is a device or a socket"],
  ])
    assert.throws(() => diskFiles.create(name), { message: `${name} cannot be saved: ${problem}` });
  assert.ok(statSync("/dev/null").isCharacterDevice());
});

test("what is replaced keeps its permissions; what may not be written is not replaced", (t) => {
  const path = join(folder, "kept");
  writeFileSync(path, "old", { mode: 0o604 });
  const draft = diskFiles.create(path);
  draft.write(Buffer.from("new"));
  draft.save();
  draft.discard();
  assert.equal(statSync(path).mode & 0o777, 0o604);
  if (process.getuid?.() === 0) return t.skip("root may write everything");
  chmodSync(path, 0o404);
  assert.throws(() => diskFiles.create(path), { message: /kept cannot be saved: permission denied$/ });
});

test("a link stays: what it leads to is replaced", () => {
  const place = join(folder, "linked");
  mkdirSync(place);
  const [target, link, lost] = ["target", "link", "lost"].map((name) => join(place, name));
  writeFileSync(target, "old");
  symlinkSync("target", link);
  symlinkSync("nowhere", lost);
  const draft = diskFiles.create(link);
  draft.write(Buffer.from("new"));
  draft.save();
  assert.equal(readFileSync(target, "utf8"), "new");
  assert.equal(readlinkSync(link), "target");
  assert.throws(() => diskFiles.create(lost), {
    message: /lost cannot be saved: it is a link that leads nowhere$/,
  });
  assert.deepEqual(readdirSync(place).sort(), ["link", "lost", "target"]);
});

test("the file that the shell has opened for this program's output is not replaced", () => {
  const path = join(folder, "output");
  const descriptor = openSync(path, "w");
  const program = `import { diskFiles } from ${JSON.stringify(new URL("./files.ts", import.meta.url).href)};
    try { diskFiles.create("/dev/fd/1"); } catch (error) { console.log(error.message); }`;
  execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", descriptor, "inherit"],
  });
  closeSync(descriptor);
  assert.equal(readFileSync(path, "utf8"), "/dev/fd/1 cannot be saved: this program's output goes there\n");
});
