import assert from "node:assert/strict";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { unrecordedEntrance } from "../../engine/outside/testing/unrecorded.ts";
import { Host } from "../../host/index.ts";
import type { Command } from "../../host/shell/command.ts";
import { LocalError, sleep, type Task } from "../../net/index.ts";
import { OsNetwork } from "../../os/index.ts";
import { memoryStores } from "../../store/memory/index.ts";
import { testTerminal } from "../testing/test-terminal.ts";
import { execAt } from "./client.ts";
import { defaultControlPath, prepareControlPath } from "./location.ts";
import { openControlServer } from "./server.ts";

const description = { summary: "for this test", operands: "[WORD ...]", options: [], examples: [] };
const commands: readonly Command[] = [
  {
    name: "upper",
    ...description,
    *run(shell, input): Task<number> {
      for (let line = yield* shell.readLine(); line !== null; line = yield* shell.readLine()) {
        shell.print(`${line.toUpperCase()}\n`);
      }
      shell.printError(
        `${input.operands.join(" ")}${shell.json ? " json" : ""}${shell.colour ? " colour" : ""}`,
      );
      return 7;
    },
  },
  {
    name: "wait",
    ...description,
    *run(shell): Task<number> {
      shell.print("waiting");
      try {
        yield* sleep(shell.network.clock, 3_600_000);
      } finally {
        cancelled = true;
        shell.print(", and that was all");
      }
      return 0;
    },
  },
  {
    name: "fail",
    ...description,
    *run(): Task<number> {
      throw new LocalError("no", "it cannot be done");
    },
  },
];
let cancelled = false;

/** A control socket before a host of the operating system; everything goes away with the test. */
async function setUp(t: TestContext, requestTimeoutMs?: number) {
  const folder = mkdtempSync(join(tmpdir(), "hamlet-"));
  const path = join(folder, "run", "control.sock");
  const network = new OsNetwork({ hostName: "pc" });
  const host = new Host({ network, nameServers: [], stores: memoryStores(), services: new Map(), commands });
  const hosts = new Map([["pc", host]]);
  const entrance = unrecordedEntrance(hosts);
  const world = { hosts, entrance: () => entrance };
  const server = await openControlServer(path, world, requestTimeoutMs);
  t.after(async () => {
    await server.close();
    await network.close();
    rmSync(folder, { recursive: true });
  });
  const exec = async (words: readonly string[], hostName = "pc") => {
    const terminal = testTerminal();
    const request = { type: "exec", host: hostName, words, json: true, colour: false } as const;
    return { terminal, status: execAt(path, request, terminal.context) };
  };
  return { path, world, exec };
}

test("a command gets its words and lines; its output and its exit status come back", async (t) => {
  const { exec } = await setUp(t);
  const { terminal, status } = await exec(["upper", "a", "b"]);
  terminal.stdin.end("one\ntwo\n");
  assert.equal(await status, 7);
  assert.equal(terminal.stdout(), "ONE\nTWO\n");
  assert.equal(terminal.stderr(), "a b json");
});

test("failures: of the command, of its name, of the host's name", async (t) => {
  const { exec } = await setUp(t);
  const failing = await exec(["fail"]);
  assert.equal(await failing.status, 1);
  assert.equal(failing.terminal.stderr(), "it cannot be done\n");
  const unknown = await exec(["uper"]);
  assert.equal(await unknown.status, 2);
  assert.match(unknown.terminal.stderr(), /did you mean "upper"\?/);
  await assert.rejects((await exec(["upper"], "cp")).status, /there is no host "cp", did you mean "pc"\?/);
});

test("Ctrl-C here ends the command there", async (t) => {
  const { exec } = await setUp(t);
  cancelled = false;
  const { terminal, status } = await exec(["wait"]);
  await until(() => terminal.stdout() === "waiting");
  terminal.context.interrupt.trigger({ text: "interrupted", exitStatus: 130 });
  assert.equal(await status, 130);
  assert.equal(cancelled, true);
  assert.equal(terminal.stdout(), "waiting, and that was all");
});

test("the socket is its owner's alone; a second network is told, a dead one's socket is replaced", async (t) => {
  const { path, world } = await setUp(t);
  assert.equal(statSync(path).mode & 0o077, 0);
  await assert.rejects(openControlServer(path, world), { code: "address-in-use" });
  // As one that was killed leaves it: another name of a socket on which nobody listens any more.
  const [living, dead] = [`${path}.living`, `${path}.dead`];
  const other = await openControlServer(living, world);
  linkSync(living, dead);
  await other.close();
  assert.ok(statSync(dead).isSocket());
  await (await openControlServer(dead, world)).close();
});

test("what is no request is answered with a failure that says why", async (t) => {
  const { path } = await setUp(t);
  const run = '{"type":"exec","host":"pc","words":["wait"],"json":false,"colour":false}\n';
  const noMessage = /that is no message of this version of Hamlet/;
  const cases: [string, RegExp][] = [
    ["x\n", noMessage],
    ["{}\n", noMessage],
    ['{"type":"exec","host":"pc"}\n', noMessage],
    ["[1]\n", noMessage],
    ["\n", noMessage],
    ['{"type":"input","text":"too early"}\n', /the first message must be of type exec/],
    [run + run, /one connection is for one command/],
    [`${run}x\n`, noMessage],
    ["\0".repeat(70_000), /a message is longer than 65536 characters/],
    [`${"x".repeat(70_000)}\n`, /a message is longer than 65536 characters/],
    ["\0".repeat(5_000_000), /a message is longer than 65536 characters/],
    [run + "\0".repeat(1_100_000), /a message is longer than 1048576 characters/],
  ];
  for (const [nonsense, expected] of cases) {
    const failure = JSON.parse((await send(path, nonsense)).split("\n").at(-2) as string);
    assert.equal(failure.type, "failure");
    assert.match(failure.message, expected);
  }
});

test("who says nothing is told so after a while; a command may take its time", async (t) => {
  // A busy machine may take some of it between a connection and its first octets.
  const timeoutMs = 500;
  const { path, exec } = await setUp(t, timeoutMs);
  assert.match(await send(path, ""), /no request came in time/);
  assert.match(await send(path, '{"type":'), /no request came in time/);
  const { terminal, status } = await exec(["upper"]);
  await new Promise((resolve) => setTimeout(resolve, timeoutMs + 100));
  terminal.stdin.end();
  assert.equal(await status, 7);
});

test("any octets in any pieces: each connection ends, with a failure, and the next command runs", async (t) => {
  const { path, exec } = await setUp(t);
  const start = '{"type":"exec","host":"pc","words":["upper"],"json":true,"colour":false}\n';
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => `${text}\n`),
    fc.string().map((text) => text + start),
    fc.constantFrom(start.slice(0, 30), start.slice(30), '{"type":"input","text":"a"}\n', "\n\n"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 5 }), async (pieces) => {
      const answers = (await send(path, ...pieces, "nonsense\n")).split("\n");
      assert.equal(answers.pop(), "");
      assert.equal(JSON.parse(answers.at(-1) as string).type, "failure");
    }),
    { numRuns: 60 },
  );
  const { terminal, status } = await exec(["upper"]);
  terminal.stdin.end();
  assert.equal(await status, 7);
});

test("no network is up: a clear line; a folder that others can write, or a file that is there, is refused", async () => {
  const { context } = testTerminal();
  const request = { type: "exec", host: "pc", words: ["x"], json: false, colour: false } as const;
  const path = join(tmpdir(), "hamlet-nobody", "control.sock");
  await assert.rejects(
    execAt(path, request, context),
    /no network is up at .*: start one with ".*hamlet up"/,
  );
  const folder = mkdtempSync(join(tmpdir(), "hamlet-"));
  try {
    mkdirSync(join(folder, "open"));
    chmodSync(join(folder, "open"), 0o777);
    assert.throws(() => prepareControlPath(join(folder, "open", "control.sock")), /written by others/);
    assert.throws(() => prepareControlPath(join(folder, "x".repeat(120))), /at most 103 octets/);
    const notes = join(folder, "notes.txt");
    writeFileSync(notes, "mine");
    assert.throws(() => prepareControlPath(notes), /notes\.txt is there already, and is no socket$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
  assert.equal(defaultControlPath({ XDG_RUNTIME_DIR: "/run/user/7" }), "/run/user/7/hamlet/control.sock");
});

/** Sends pieces one after the other; all that comes back until the other side ends the connection. */
function send(path: string, ...pieces: (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect({ path }, () => {
      for (const piece of pieces) socket.write(piece);
    });
    socket.setEncoding("utf8").on("data", (text) => (received += text));
    socket.on("error", () => {});
    socket.on("close", () => resolve(received));
  });
}

async function until(condition: () => boolean): Promise<void> {
  const endAt = performance.now() + 5000;
  while (!condition()) {
    assert.ok(performance.now() < endAt, "it did not come in 5 s");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
