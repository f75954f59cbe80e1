/** A command that ends as it begins is heard as well as one that takes its time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { TestConsole } from "../testing/test-console.ts";

test("what a command says at once is not lost, and its end comes once", () => {
  const console = new TestConsole({ network: "ketchup" });
  const params = { host: "pc.crepes.fr", columns: 80 };
  const { shell } = console.ask("shell.start", { ...params, line: "hostname" });
  console.machine.pass(100);
  assert.deepEqual(
    console.told("shell"),
    [
      { kind: "print", text: "pc.crepes.fr\n" },
      { kind: "exit", status: 0 },
    ].map((output) => ({ shell, output })),
  );
  const mail = "mail send --to bob@hamburger.edu";
  const reading = console.ask("shell.start", { ...params, line: mail }).shell;
  console.machine.pass(100);
  const heard = console.told("shell").filter((each) => each.shell === reading);
  assert.deepEqual(
    heard.map(({ output }) => output.kind),
    ["read-line"],
  );
});
