import assert from "node:assert/strict";
import { test } from "node:test";
import { HostFiles } from "./files.ts";

test("a file is renamed: never onto another, nor to what is no name", () => {
  const files = new HostFiles();
  const text = Buffer.from("Roses");
  files.write("a.txt", text);
  files.write("b.txt", Buffer.from("Violets"));
  assert.throws(() => files.rename("a.txt", "b.txt"), /there is a file "b.txt" already/);
  assert.throws(() => files.rename("a.txt", "../c"), /no file name/);
  assert.throws(() => files.rename("x.txt", "c.txt"), /there is no file "x.txt"/);
  files.rename("a.txt", "c.txt");
  assert.deepEqual(files.names, ["b.txt", "c.txt"]);
  assert.deepEqual(files.read("c.txt"), new Uint8Array(text));
});
