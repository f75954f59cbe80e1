/** `hamlet up` with the town, used as a person would use it: by curl, dig and a browser's request, through its ports. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { HamletProcess } from "../../src/cli/testing/hamlet-process.ts";
import { isInstalled } from "./programs.ts";

/** The town on free ports; `port` gives the one of a way in. */
async function upTown(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "hamlet-up-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const web = ["mail.hamburger.edu:80", "mail.crepes.fr:80", "www.hamburger.edu:80"];
  const ports = ["smtp", "pop3", "socks", ...web].flatMap((name) => ["--forward", `${name}=0`]);
  // UDP and TCP of DNS must be one port: one that was free a moment ago.
  const dns = ["--forward", `dns=${await freePort()}`];
  const town = ["up", "town", "--json", "--http", "0", "--control", join(folder, "control.sock")];
  const up = new HamletProcess(t, [...town, ...ports, ...dns]);
  const announced = JSON.parse((await up.waitFor(/^\{.*\}\n/))[0]);
  const port = (name: string): number =>
    announced.ports.find((each: { name: string }) => each.name === name).port;
  return { up, announced, folder, port, page: announced.page as string };
}

test("curl sends a mail through the forwarded port and reads it in two ways", async (t) => {
  if (!isInstalled(t, "curl", "curl")) return;
  const { folder, port } = await upTown(t);
  const file = join(folder, "mail.txt");
  writeFileSync(file, "Subject: Ketchup\n\nDo you like ketchup?\nHow about pickles?\n");
  const envelope = ["--mail-from", "alice@crepes.fr", "--mail-rcpt", "bob@hamburger.edu"];
  const sent = await run("curl", "-sS", ...envelope, "-T", file, `smtp://127.0.0.1:${port("smtp")}`);
  assert.deepEqual(sent, OK);
  const login = ["-sS", "-u", "bob:hungry"];
  const direct = await mailIn(() => run("curl", ...login, `pop3://127.0.0.1:${port("pop3")}/1`));
  assert.match(direct, /\r\nSubject: Ketchup\r\n\r\nDo you like ketchup\?\r\nHow about pickles\?\r\n/);
  const proxy = ["--socks5-hostname", `127.0.0.1:${port("socks")}`];
  const proxied = await run("curl", ...login, ...proxy, "pop3://mail.hamburger.edu/1");
  assert.equal(proxied.stdout, direct);
  const wrong = await run("curl", "-sS", "-u", "bob:thirsty", `pop3://127.0.0.1:${port("pop3")}/1`);
  assert.equal(wrong.status, 67, "curl's word for a refused login");
});

test("what is announced can be pasted into a shell: a mail goes out, and exec says what there is", async (t) => {
  if (!isInstalled(t, "curl", "curl")) return;
  const { announced, port } = await upTown(t);
  const { example } = announced.ports.find((each: { name: string }) => each.name === "smtp");
  assert.deepEqual(await run("sh", "-c", example.replace("curl", "curl -sS")), OK);
  const login = ["-sS", "-u", "bob:hungry"];
  const mail = await mailIn(() => run("curl", ...login, `pop3://127.0.0.1:${port("pop3")}/1`));
  assert.match(mail, /\r\nSubject: hi\r\n\r\nhello\r\n$/);
  const help = await run("sh", "-c", announced.exec);
  assert.deepEqual([help.status, help.stderr], [0, ""]);
  assert.match(help.stdout, /^ping /m);
});

test("curl hears through SOCKS what is wrong", async (t) => {
  if (!isInstalled(t, "curl", "curl")) return;
  const { port } = await upTown(t);
  const proxy = ["-sS", "--socks5-hostname", `127.0.0.1:${port("socks")}`];
  const nowhere = await run("curl", ...proxy, "http://nowhere.hamburger.edu/");
  assert.deepEqual([nowhere.status, /\(4\)/.test(nowhere.stderr)], [97, true], nowhere.stderr);
  const refused = await run("curl", ...proxy, "http://mail.hamburger.edu:81/");
  assert.deepEqual([refused.status, /\(5\)/.test(refused.stderr)], [97, true], refused.stderr);
});

test("dig asks the town's name server over UDP and TCP", async (t) => {
  if (!isInstalled(t, "dig", "dnsutils", "-v")) return;
  const { port } = await upTown(t);
  for (const transport of ["+notcp", "+tcp"]) {
    const words = [
      "@127.0.0.1",
      "-p",
      String(port("dns")),
      transport,
      "+tries=1",
      "hamburger.edu",
      "MX",
      "+short",
    ];
    assert.deepEqual(await run("dig", ...words), {
      status: 0,
      stdout: "10 mail.hamburger.edu.\n",
      stderr: "",
    });
  }
});

test("the console answers curl, not a foreign name; Ctrl-C ends all soon", async (t) => {
  if (!isInstalled(t, "curl", "curl")) return;
  const { up, page, port } = await upTown(t);
  const seen = await run("curl", "-sS", page);
  assert.match(seen.stdout, /<title>Hamlet<\/title>/);
  assert.equal((await run("curl", "-sSf", "-H", "Host: evil.example", page)).status, 22);
  assert.equal((await run("curl", "-sSf", "--path-as-is", `${page}../package.json`)).status, 22);
  assert.equal((await run("curl", "-sSf", "-X", "POST", page)).status, 22);
  // A client that is connected does not hold it up.
  const idle = connect(port("smtp"), "127.0.0.1");
  t.after(() => idle.destroy());
  idle.on("error", () => {});
  await new Promise((resolve) => idle.once("data", resolve));
  const interruptedAt = performance.now();
  const ended = await up.kill("SIGINT");
  assert.equal(ended.status, 0);
  assert.ok(performance.now() - interruptedAt < SOON_MS);
});

/** Asks until there is a mail: delivery takes a moment of the town's time. */
async function mailIn(read: () => Promise<Result>): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const { status, stdout } = await read();
    if (status === 0 && stdout !== "") return stdout;
    await wait(100);
  }
  throw new Error("no mail came");
}

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, ...words: string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"], timeout: 30_000 });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const OK = { status: 0, stdout: "", stderr: "" };

/** Services are given 2 s to end their dialogues; a busy machine may need more. What hangs is ended after ten. */
const SOON_MS = 6_000;
