/** What people and programs are told when something cannot be done. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { LocalError, sleep } from "../net/index.ts";
import { clientProgram } from "./commands/client.ts";
import { Interrupt } from "./interrupt.ts";
import { runWords, testTerminal } from "./testing/test-terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-"));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("with --json a failure is one document, and its line stays on the standard error output", async () => {
  const missing = await runWords("run", "ketchpu", "--json");
  const { error } = JSON.parse(missing.stdout);
  assert.deepEqual([missing.status, error.code], [1, "no-network-file"]);
  assert.equal(missing.stderr, `hamlet: ${error.message}\n`);
  const usage = await runWords("run", "ketchup", "--json", "--sed", "1");
  assert.deepEqual([usage.status, JSON.parse(usage.stdout).error.code], [2, "usage"]);
  const nobody = ["exec", "--control", join(folder, "none.sock"), "pc", "dig", "x"];
  assert.equal(JSON.parse((await runWords(...nobody, "--json")).stdout).error.code, "refused");
  assert.equal((await runWords(...nobody)).stdout, "");
  const client = await runWords("dig", "--json", "not..a.name");
  assert.equal(JSON.parse(client.stdout).error.code, "usage");
});

test("with --json each mistake of a network file comes with its place", async () => {
  const wrong = write("wrong.yaml", "hamlet: 2\nname: x\nhosts: {}\nhost: {}\n");
  const { status, stdout, stderr } = await runWords("run", wrong, "--json");
  assert.equal(status, 1);
  const { errors } = JSON.parse(stdout);
  assert.deepEqual(Object.keys(errors[0]), ["file", "line", "column", "message"]);
  for (const { file, line, column, message } of errors)
    assert.ok(stderr.includes(`${file}:${line}:${column}: ${message}\n`));
  assert.match(stderr, new RegExp(`wrong\\.yaml has ${errors.length} mistakes; nothing was started\n$`));
});

test("with --json all that hinders a start is told in one document", async (t) => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  t.after(() => server.close());
  const places = ["--no-forward", "--http", String(port), "--control", join(folder, "c.sock")];
  const { status, stdout, stderr } = await runWords("up", "ketchup", ...places, "--json");
  assert.equal(status, 1);
  assert.deepEqual(
    JSON.parse(stdout).errors.map(({ message }: { message: string }) => `hamlet: ${message}\n`),
    [stderr],
  );
});

test("what cannot be saved after Ctrl-C is said, and is the end", async () => {
  const save = (): never => {
    throw new LocalError("not-saved", "the disk is full");
  };
  const program = clientProgram({
    ...{ name: "measure", summary: "", operands: "", options: [], examples: [] },
    *run({ network }) {
      try {
        yield* sleep(network.clock, 60_000);
        return 0;
      } finally {
        save();
      }
    },
  });
  const interrupt = new Interrupt(() => {});
  const running = program.run({ ...testTerminal().context, interrupt }, { operands: [], options: new Map() });
  setImmediate(() => interrupt.trigger({ text: "interrupted", exitStatus: 130 }));
  await assert.rejects(running, /the disk is full/);
});

test("files that cannot be: in words, without a system's codes", async () => {
  const none = join(folder, "none", "x.pcapng");
  const file = write("file", "");
  const serve = ["serve", "ketchup", "--host", "mail.crepes.fr", "--data"];
  const up = ["up", "ketchup", "--no-http", "--no-forward"];
  const cases: [string[], RegExp][] = [
    [["run", "ketchup", "--pcap", none], /cannot be written to .*x\.pcapng: no such file or folder$/],
    [["run", "ketchup", "--pcap", folder], /cannot be written to .*: it is a folder$/],
    [["run", "ketchup", "--sequence", join(file, "x.svg")], /x\.svg: a part of the path is no folder$/],
    [[...up, "--pcap", folder], /cannot be written to .*: it is a folder$/],
    [
      [...up, "--control", join(file, "c.sock")],
      /control socket cannot be made: something else has that name/,
    ],
    [[...serve, join(file, "data")], /cannot be made: a part of the path is no folder: .*--data FOLDER$/],
    [
      [...serve, "/proc/x"],
      /the data folder \/proc\/x cannot be made: .*: choose another with --data FOLDER$/,
    ],
    [["run", "/dev/null"], /\/dev\/null is a device or a socket; a network is a file of text$/],
    [["run", folder], /is a folder; a network is one file$/],
  ];
  for (const [words, expected] of cases) {
    const { status, stderr } = await runWords(...words);
    assert.equal(status, 1, words.join(" "));
    assert.match(stderr.trimEnd(), expected);
    assert.doesNotMatch(stderr, /E[A-Z]{4,}/);
  }
});

test("a run without expectations says how many commands failed, and passes", async () => {
  const network = write(
    "story.yaml",
    `hamlet: 1
name: Story
hosts:
  left: { addresses: [10.0.0.1/24] }
  right: { addresses: [10.0.0.2/24] }
links:
  - { between: [left, right] }
story:
  - { on: left, run: ping -c 1 10.0.0.2 }
  - { on: left, run: ping -c 1 10.0.0.9 }
`,
  );
  const { status, stdout } = await runWords("run", network);
  assert.equal(status, 0);
  assert.match(stdout, /\npassed: no expectations \(1 of 2 commands failed\), /);
});

test("the first word of two-word commands has a help; a far word has no suggestion", async () => {
  const { status, stdout } = await runWords("mail", "--help");
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: hamlet mail send/);
  assert.deepEqual(await runWords("help", "mail"), await runWords("mail", "-h"));
  assert.doesNotMatch((await runWords("foo")).stderr, /did you mean/);
  assert.match((await runWords("pup")).stderr, /did you mean "(up|pop)"\?/);
});
