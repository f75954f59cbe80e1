import assert from "node:assert/strict";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { WebSocket } from "ws";
import { type MethodName, type Parameters, PROTOCOL_VERSION } from "../../engine/protocol/index.ts";
import { loadSource } from "../network-source.ts";
import { HamletProcess } from "../testing/hamlet-process.ts";
import { testTerminal } from "../testing/test-terminal.ts";
import { DiskFile } from "./own-file.ts";

const TEXT = "hamlet: 1\nname: Mine\nhosts:\n  a: { addresses: [10.0.0.1/24] }\n";

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "hamlet-own-file-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a file is replaced whole: its permissions and the link that leads to it stay, nothing else is left", (t) => {
  const folder = folderFor(t);
  mkdirSync(join(folder, "nets"));
  const [path, link] = [join(folder, "nets", "mine.yaml"), join(folder, "link.yaml")];
  writeFileSync(path, TEXT);
  chmodSync(path, 0o640);
  symlinkSync(path, link);
  const { fileName, ownPath } = loadSource(link, testTerminal().context.terminal);
  assert.deepEqual([fileName, ownPath], [link, realpathSync(path)]);
  const file = new DiskFile("link.yaml", ownPath ?? "");
  assert.equal(file.read(), TEXT);
  linkSync(path, join(folder, "before.yaml"));
  file.write("# é\n");
  assert.equal(file.read(), "# é\n");
  assert.equal(readFileSync(join(folder, "before.yaml"), "utf8"), TEXT, "it was never half written");
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(statSync(path).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(join(folder, "nets")), ["mine.yaml"]);
});

test("what is gone, no file any more, too large, or cannot be written", (t) => {
  const folder = folderFor(t);
  const path = join(folder, "mine.yaml");
  const file = new DiskFile("mine.yaml", path);
  assert.equal(file.read(), undefined);
  file.write(TEXT);
  assert.throws(() => file.write("x".repeat(17 * 1024 * 1024)), {
    code: "not-saved",
    message: /octets at most$/,
  });
  assert.equal(file.read(), TEXT);
  rmSync(path);
  mkdirSync(path);
  assert.equal(file.read(), undefined);
  assert.throws(() => file.write(TEXT), { message: "mine.yaml cannot be saved: it is a folder" });
  assert.deepEqual(readdirSync(folder), ["mine.yaml"]);
});

test("networks that ship, and those that come out of a pipe, are in no file of the person's own", () => {
  assert.equal(loadSource("ketchup", testTerminal().context.terminal).ownPath, undefined);
});

test("hamlet up FILE: a console saves it; of a network that ships there is nothing to save", async (t) => {
  const folder = folderFor(t);
  const path = join(folder, "mine.yaml");
  writeFileSync(path, TEXT);
  const ask = await consoleOf(t, folder, path);
  assert.equal((await ask("hello", { version: PROTOCOL_VERSION })).result.savesTo, path);
  await ask("topology.add", { kind: "host", name: "new1", x: 0, y: 0 });
  const { text, basis } = (await ask("network.text", {})).result;
  assert.ok("result" in (await ask("network.save", { text, basis })));
  assert.equal(readFileSync(path, "utf8"), text);
  writeFileSync(path, `${TEXT}# by hand\n`);
  assert.equal((await ask("network.save", { text: "x", basis })).error.code, "file-changed");
  assert.equal(readFileSync(path, "utf8"), `${TEXT}# by hand\n`);

  const other = await consoleOf(t, folderFor(t), "ketchup");
  assert.equal((await other("hello", { version: PROTOCOL_VERSION })).result.savesTo, undefined);
  assert.equal((await other("network.save", { text: TEXT, basis: null })).error.code, "no-own-file");
});

// biome-ignore lint/suspicious/noExplicitAny: what is answered is looked at field by field.
type Ask = <Name extends MethodName>(method: Name, params: Parameters<Name>) => Promise<any>;

/** A console of `hamlet up NETWORK` in that folder; both end with the test. */
async function consoleOf(t: TestContext, folder: string, network: string): Promise<Ask> {
  const words = ["up", network, "--json", "--http", "0", "--no-forward"];
  const up = new HamletProcess(t, [...words, "--control", join(folder, "control.sock")]);
  const { page } = JSON.parse((await up.waitFor(/^\{.*\}\n/))[0]);
  const { host, origin } = new URL(page);
  const socket = new WebSocket(`ws://${host}/engine`, ["hamlet"], { origin });
  t.after(() => socket.terminate());
  await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
  let lastId = 0;
  return (method, params) =>
    new Promise((resolve) => {
      const id = ++lastId;
      socket.on("message", function hear(data) {
        const heard = JSON.parse(String(data));
        if (heard.id !== id) return;
        socket.off("message", hear);
        resolve(heard);
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
}
