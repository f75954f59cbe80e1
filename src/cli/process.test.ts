/** The real program in processes of its own, for what only there can be seen; who talks to it runs in this one. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { HamletProcess, hamlet } from "./testing/hamlet-process.ts";
import { runWithInput, runWords } from "./testing/test-terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-"));
after(() => rmSync(folder, { recursive: true }));

const network = `
hamlet: 1
name: Two hosts
seed: 3
hosts:
  left:
    addresses: [10.0.0.1/24]
  right:
    addresses: [10.0.0.2/24]
    services: { echo: {} }
links:
  - { between: [left, right], delay: 5 ms }
forward:
  from: left
  socks: 127.0.0.1:0
  ports:
    - { listen: 127.0.0.1:0, to: "right:7", protocol: both }
story:
  - { name: ask, on: left, run: echo 10.0.0.2, input: "Do you like ketchup?\\n" }
expect:
  - { step: ask, prints: TEXT }
`;

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const good = write("good.yaml", network.replace("TEXT", "ketchup"));
const bad = write("bad.yaml", network.replace("TEXT", "mustard"));
const wrong = write("wrong.yaml", network.replace("addresses: [10.0.0.1/24]", "adresses: [10.0.0.1/24]"));

describe("hamlet", { concurrency: 4 }, () => {
  test("run: dialogue and expectations, twice the same, the capture too", async (t) => {
    const [a, b, other] = await Promise.all([
      hamlet(t, ["run", good, "--pcap", join(folder, "a.pcapng"), "--packets", "--summary"]),
      runWords("run", good, "--pcap", join(folder, "b.pcapng"), "--packets", "--summary"),
      runWords("run", good, "--pcap", join(folder, "c.pcapng"), "--seed", "4"),
    ]);
    assert.deepEqual([a.status, a.stderr], [0, ""]);
    assert.match(a.stdout, /^Two hosts, seed 3\n/);
    assert.match(a.stdout, /C: Do you like ketchup\?\n.* S: Do you like ketchup\?\n/);
    assert.match(a.stdout, /left\$ echo 10\.0\.0\.2/);
    assert.match(a.stdout, /\nok {4}ask: prints "ketchup"\n/);
    assert.match(a.stdout, /\npassed: 1 of 1 expectation met, /);
    assert.equal(b.stdout, a.stdout);
    const capture = readFileSync(join(folder, "a.pcapng"));
    assert.ok(capture.equals(readFileSync(join(folder, "b.pcapng"))));
    assert.ok(!capture.equals(readFileSync(join(folder, "c.pcapng"))));
    assert.equal(other.status, 0);
  });

  test("run: an expectation that is not met is shown with what was found, status 1; --json is one object", async (t) => {
    const [text, json] = await Promise.all([hamlet(t, ["run", bad]), runWords("run", bad, "--json")]);
    assert.equal(text.status, 1);
    assert.match(text.stdout, /\nFAIL {2}ask: prints "mustard"\n {6}found: .*\(line 21 of the file\)\n/);
    assert.match(text.stdout, /\nfailed: 0 of 1 expectation met/);
    assert.equal(json.status, 1);
    const report = JSON.parse(json.stdout);
    assert.deepEqual([report.network, report.seed, report.passed], ["Two hosts", 3, false]);
    assert.deepEqual(report.dialogues[0].client.name, "left");
    assert.equal(report.expectations[0].passed, false);
  });

  test("run --sequence: a conversation as text or SVG, the one that is asked for; else the list of them", async (t) => {
    const [txt, svg] = [join(folder, "a.txt"), join(folder, "a.svg")];
    const wanted = ["--conversation", "echo left"];
    const [text, drawing, none] = await Promise.all([
      hamlet(t, ["run", good, "--sequence", txt]),
      runWords("run", good, "--sequence", svg, ...wanted),
      runWords("run", good, "--sequence", join(folder, "b.txt"), "--conversation", "9"),
    ]);
    assert.deepEqual([text.status, text.stderr], [0, ""]);
    const written = readFileSync(txt, "utf8");
    assert.match(written, /^ECHO: 10\.0\.0\.1:\d+ -> 10\.0\.0\.2:7\n/);
    assert.match(written, /connect\(port 7\) #/);
    assert.match(written, /-- SYN seq=0 -+>/);
    assert.match(written, /read\(\) = 0 \(EOF\)/);
    assert.equal(drawing.status, 0);
    assert.match(readFileSync(svg, "utf8"), /^<svg [^>]+>\n<title id="title">ECHO: left and right<\/title>/);
    assert.equal(none.status, 1);
    assert.match(none.stderr, /no conversation is "9": there is 1 echo \(tcp\) left:\d+ -> right:7\n/);
    const many = await runWords("run", "ketchup", "--sequence", svg, "--conversation", "smtp");
    const [head, ...list] = many.stderr.trimEnd().split("\n");
    assert.match(
      head,
      /a\.svg shows 3 smtp \(tcp\) pc\.crepes\.fr:\d+ -> .*, of 2 conversations that are "smtp"; --c/,
    );
    assert.match(
      list.join("|"),
      /^ +3 {2}smtp \(tcp\) pc\.crepes\.fr:\d+ -> \S+\| +7 {2}smtp \(tcp\) mail\.crepes\.fr:\d+ -> \S+$/,
    );
  });

  test("a wrong file: each mistake with its place, status 1, no capture, no stack", async (t) => {
    const { status, stdout, stderr } = await hamlet(t, [
      "run",
      wrong,
      "--pcap",
      join(folder, "wrong.pcapng"),
    ]);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /wrong\.yaml:7:5: .*adresses.*\n/);
    assert.doesNotMatch(stderr, /\n {4}at /);
    assert.ok(!existsSync(join(folder, "wrong.pcapng")));
  });

  test("run into a reader that goes away: no error, no stack", async (t) => {
    const program = spawn(process.execPath, [MAIN, "run", "town", "--packets"]);
    t.after(() => program.kill("SIGKILL"));
    let stderr = "";
    program.stderr.on("data", (text) => (stderr += text));
    program.stdout.destroy();
    const status = await new Promise((resolve) => program.on("close", resolve));
    assert.equal(stderr, "");
    assert.ok(status === 0 || status === 141, String(status));
  });

  test("up: forwarded ports, exec, console; Ctrl-C ends it with 0 soon and frees everything", async (t) => {
    const control = join(folder, "up.sock");
    const capture = join(folder, "live.pcapng");
    const up = new HamletProcess(t, [
      "up",
      good,
      "--json",
      "--http",
      "0",
      "--control",
      control,
      "--pcap",
      capture,
    ]);
    const announced = JSON.parse((await up.waitFor(/^\{.*\}\n/))[0]);
    const port = announced.ports.find((each: { kind: string }) => each.kind === "tcp").port;
    const echo = await runWithInput("through the port\n", "echo", `127.0.0.1:${port}`);
    assert.deepEqual([echo.status, echo.stderr], [0, ""]);
    assert.match(echo.stdout, /through the port/);
    const exec = await runWords("exec", "--control", control, "left", "echo", "right", "--no");
    assert.equal(exec.status, 2, "the exit status of the command");
    const typed = await hamlet(t, ["exec", "--control", control, "left", "echo", "10.0.0.2"], "typed here\n");
    assert.match(typed.stdout, /typed here/);
    assert.equal(typed.status, 0);
    const page = await (await fetch(announced.page)).text();
    assert.match(page, /<title>Hamlet<\/title>/);
    const again = await runWords("up", good, "--http", "0", "--control", control);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /a network is up already at .*--control FILE/);
    const interruptedAt = performance.now();
    const ended = await up.kill("SIGINT");
    assert.ok(performance.now() - interruptedAt < SOON_MS);
    assert.deepEqual([ended.status, ended.signal], [0, null]);
    assert.match(ended.stderr, /\ninterrupted, closing\n$/);
    assert.ok(!existsSync(control));
    assert.ok(readFileSync(capture).includes("typed here"));
    const late = await runWords("exec", "--control", control, "left", "help");
    assert.equal(late.status, 1);
    assert.match(late.stderr, /no network is up/);
  });

  test("up on ports in use: every one is named, with how to change it, status 1", async () => {
    const servers: Server[] = [];
    const take = (): Promise<number> =>
      new Promise((resolve) => {
        const server = createServer().listen(0, "127.0.0.1", () => {
          servers.push(server);
          resolve((server.address() as { port: number }).port);
        });
      });
    const [echo, socks, http] = [await take(), await take(), await take()];
    const control = join(folder, "conflict.sock");
    const ports = ["--forward", `echo=${echo}`, "--forward", `socks=${socks}`, "--http", String(http)];
    const { status, stdout, stderr } = await runWords("up", good, ...ports, "--control", control);
    for (const server of servers) server.close();
    assert.deepEqual([status, stdout], [1, ""]);
    const inUse = (port: number) => `port ${port} of 127\\.0\\.0\\.1 is in use by another program`;
    assert.match(stderr, new RegExp(`echo: ${inUse(echo)}: choose another port with --forward echo=PORT\n`));
    assert.match(
      stderr,
      new RegExp(`socks: ${inUse(socks)}: choose another port with --forward socks=PORT\n`),
    );
    assert.match(stderr, new RegExp(`${inUse(http)}: choose another port with --http PORT`));
  });

  test("serve: one host, another port; ends with 0 at Ctrl-C; a port in use is named", async (t) => {
    const data = join(folder, "data");
    const serve = new HamletProcess(t, ["serve", good, "--port", "echo=0", "--data", data]);
    const [, port] = await serve.waitFor(/TCP 127\.0\.0\.1:(\d+)/);
    const echo = await runWithInput("served\n", "echo", `127.0.0.1:${port}`);
    assert.match(echo.stdout, /served/);
    const other = await hamlet(t, ["serve", good, "--port", `echo=${port}`, "--data", join(folder, "other")]);
    assert.equal(other.status, 1);
    assert.match(other.stderr, new RegExp(`^hamlet: echo: .*${port}.* in use .*--port echo=PORT\n$`));
    const ended = await serve.kill("SIGTERM");
    assert.equal(ended.status, 0);
    assert.match(ended.stderr, /right: asked to end, closing\n$/);
  });

  test("serve, killed with SIGKILL: the mail that it took is there after the restart", async (t) => {
    const words = ["--host", "mail.hamburger.edu", "--port", "smtp=0", "--port", "pop3=0", "--json"];
    const start = async () => {
      const serve = new HamletProcess(t, ["serve", "ketchup", ...words, "--data", join(folder, "mail")]);
      const { services } = JSON.parse((await serve.waitFor(/^\{.*\}\n/))[0]);
      const [smtp, pop3] = services.map(
        ({ description }: Described) => /127\.0\.0\.1:\d+/.exec(description)?.[0],
      );
      return { serve, smtp, pop3 };
    };
    const before = await start();
    const mail = ["--from", "alice@crepes.fr", "--to", "bob@hamburger.edu", "--body", "Do you like ketchup?"];
    const sent = await runWords("mail", "send", ...mail, "--server", before.smtp);
    assert.equal(sent.status, 0, sent.stderr);
    assert.equal((await before.serve.kill("SIGKILL")).signal, "SIGKILL");
    const after = await start();
    const login = ["--server", after.pop3, "--user", "bob", "--password", "hungry"];
    const read = await runWords("pop", "read", "1", ...login);
    assert.match(read.stdout, /From: alice@crepes\.fr\n.*\n\nDo you like ketchup\?\n/s);
    assert.equal(statSync(join(folder, "mail", "mail.sqlite")).mode & 0o077, 0, "mail is its owner's alone");
  });

  test("a client: Ctrl-C ends it with 130, a closed port with 1 and one line", async (t) => {
    const silent = createServer((socket) => socket.on("error", () => {}));
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, "127.0.0.1", () => resolve((silent.address() as { port: number }).port));
    });
    const connected = new Promise<void>((resolve) => silent.once("connection", () => resolve()));
    const client = new HamletProcess(t, [
      "pop",
      "list",
      "--server",
      `127.0.0.1:${port}`,
      "-u",
      "bob",
      "-p",
      "hungry",
    ]);
    await connected;
    const ended = await client.kill("SIGINT");
    assert.deepEqual([ended.status, ended.stdout], [130, ""]);
    await new Promise((resolve) => silent.close(resolve));
    const refused = await runWithInput("x\n", "echo", `127.0.0.1:${port}`);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /^hamlet: [^\n]*refused[^\n]*\n$/);
  });
});

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

interface Described {
  readonly description: string;
}

/** Services are given 2 s to end their dialogues; a busy machine may need more. What hangs is ended after ten. */
const SOON_MS = 6_000;
