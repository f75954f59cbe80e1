/** `hamlet NAME --serve` in processes of their own: the line, the clients, the limit, Ctrl-C, a port that is taken. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HamletProcess, hamlet } from "./testing/hamlet-process.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-serve-"));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "root"));
writeFileSync(join(folder, "root", "poem.txt"), "a rose\n");
const out = join(folder, "out.txt");

test("fetch serves a folder on both loopback addresses until Ctrl-C", { timeout: 60_000 }, async (t) => {
  const server = new HamletProcess(t, ["fetch", "--serve", ":0", "--root", join(folder, "root")]);
  const [, port] = await server.waitFor(/TCP and UDP 127\.0\.0\.1:(\d+) and \[::1\]:\1; Ctrl-C ends it\n/);
  const whole = await hamlet(t, ["fetch", `[::1]:${port}`, "poem.txt", "--stream", "-o", out]);
  assert.deepEqual([whole.status, readFileSync(out, "utf8")], [0, "a rose\n"]);
  const missing = await hamlet(t, [
    "fetch",
    "words",
    `127.0.0.1:${port}`,
    "nope",
    "-o",
    join(folder, "nope"),
  ]);
  assert.equal(missing.status, 1);
  assert.equal(missing.stderr, `hamlet: 127.0.0.1:${port} says: 404 file not found\n`);
  assert.deepEqual(readdirSync(folder).sort(), ["out.txt", "root"]);
  const taken = await hamlet(t, ["upper", "--serve", `:${port}`]);
  assert.equal(taken.status, 1);
  assert.match(
    taken.stderr,
    /^hamlet: port \d+ of 127\.0\.0\.1 is in use by another program: choose another port/,
  );
  const ended = await server.kill("SIGINT");
  assert.deepEqual([ended.status, ended.stderr], [0, ""]);
});

test("one client more than --limit is told why not", { timeout: 60_000 }, async (t) => {
  const server = new HamletProcess(t, ["upper", "--serve", "*:0", "--limit", "1"]);
  const [, port] = await server.waitFor(/TCP and UDP \[::\]:(\d+);/);
  const first = connect(Number(port), "127.0.0.1");
  await new Promise((resolve) => first.write("x", () => first.once("data", resolve)));
  const refused = await hamlet(t, ["upper", `127.0.0.1:${port}`, "--text", "hello"]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /refuses: 503 server full: 1 clients are served already, try again later\n$/);
  first.destroy();
  assert.equal((await server.kill("SIGTERM")).status, 0);
});

test("meter that is interrupted shows and saves what it has measured, and its server measures on", {
  timeout: 60_000,
}, async (t) => {
  const server = new HamletProcess(t, ["meter", "--serve", "127.0.0.1:0"]);
  const [, port] = await server.waitFor(/TCP and UDP 127\.0\.0\.1:(\d+);/);
  const words = ["meter", `127.0.0.1:${port}`, "-t", "1h", "-i", "50ms", "-b", "10M"];
  const figure = join(folder, "cut.svg");
  const shown = new HamletProcess(t, [...words, "--plot", figure]);
  await shown.waitFor(/^ +\d+\.\d\d +[1-9]/m);
  const ended = await shown.kill("SIGINT");
  assert.equal(ended.status, 130);
  assert.match(ended.stdout, /\n\ninterrupted before its end.*\nsent +[1-9]\d* octets/);
  assert.match(readFileSync(figure, "utf8"), /bit\/s sent, interrupted</);
  rmSync(figure);
  const asked = new HamletProcess(t, [...words, "--csv"]);
  await asked.waitFor(/^\d\.\d+,[1-9]/m);
  assert.match((await asked.kill("SIGINT")).stderr, /^interrupted before its end/);
  const whole = await hamlet(t, ["meter", `127.0.0.1:${port}`, "-t", "100ms", "--json"]);
  assert.deepEqual([whole.status, JSON.parse(whole.stdout).interrupted], [0, false]);
  assert.equal((await server.kill("SIGINT")).status, 0);
});

test("echo and meter start by themselves, answer on both loopback addresses, and end on Ctrl-C", {
  timeout: 60_000,
}, async (t) => {
  const echo = new HamletProcess(t, ["echo", "--serve", ":0"]);
  const meter = new HamletProcess(t, ["meter", "--serve", ":0"]);
  const line = /TCP and UDP 127\.0\.0\.1:(\d+) and \[::1\]:\1; Ctrl-C ends it\n/;
  const [[, echoPort], [, meterPort]] = [await echo.waitFor(line), await meter.waitFor(line)];
  for (const address of ["127.0.0.1", "[::1]"]) {
    const typed = await hamlet(t, ["echo", `${address}:${echoPort}`, "--udp", "--text", "hello"]);
    assert.deepEqual([typed.status, typed.stdout], [0, "hello\n"]);
    const measured = await hamlet(t, ["meter", `${address}:${meterPort}`, "-t", "100ms", "--json"]);
    assert.ok(JSON.parse(measured.stdout).received.octets > 0);
  }
  for (const server of [echo, meter]) {
    const ended = await server.kill("SIGINT");
    assert.deepEqual([ended.status, ended.stderr], [0, ""]);
  }
  const refused = await hamlet(t, ["echo", `127.0.0.1:${echoPort}`, "--udp", "--text", "hello"]);
  assert.equal(refused.status, 1);
  const problem = `connection refused: nobody listens on UDP port ${echoPort} of 127.0.0.1`;
  assert.equal(refused.stderr, `"hello" is lost: ${problem}\n`);
});
