/** OpenBSD's netcat talks to our echo server, and our client to a server that netcat is. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { type TestContext, test } from "node:test";
import { type Connection, sleep, type Task } from "../../src/net/index.ts";
import { OsNetwork } from "../../src/os/index.ts";
import { echoBytes, startEchoServer } from "../../src/protocols/echo/index.ts";
import { isInstalled } from "./programs.ts";

test("netcat gets back what it sends, over TCP and UDP, IPv4 and IPv6", { timeout: 30_000 }, async (t) => {
  if (!hasNetcat(t)) return;
  const os = new OsNetwork();
  const server = await os.run(startEchoServer(os, { port: 0 }));
  const port = String(server.tcp?.port);
  for (const address of ["127.0.0.1", "::1"]) {
    // -N: our end of stream after standard input's; the server then ends, too, and so does netcat.
    const lines = `hello\r\n${"x".repeat(100_000)}\n`;
    assert.equal(await netcat(["-N", address, port], lines), lines);
    // UDP has no end: netcat ends when it has heard nothing for a second.
    assert.equal(await netcat(["-u", "-w", "1", address, port], "one datagram"), "one datagram");
  }
  await os.run(server.stop(0));
  await os.close();
});

test("our client is served by netcat that hears itself", { timeout: 30_000 }, async (t) => {
  if (!hasNetcat(t)) return;
  const os = new OsNetwork();
  const free = await os.run(os.listen({ port: 0, address: "127.0.0.1" }));
  const { port } = free.local;
  free.close();
  const program = spawn("nc", ["-l", "127.0.0.1", String(port)], { stdio: ["pipe", "pipe", "inherit"] });
  program.stdout.pipe(program.stdin);
  try {
    await os.run(talk(os, port));
  } finally {
    program.kill();
  }
  await os.close();
});

function* talk(os: OsNetwork, port: number): Task {
  const connection = yield* connectSoon(os, port);
  yield* echoBytes(os, connection, new Uint8Array(300_000).fill(7), 5000);
  connection.close();
}

/** Netcat does not say when it listens. */
function* connectSoon(os: OsNetwork, port: number): Task<Connection> {
  for (let attempt = 1; ; attempt++) {
    try {
      return yield* os.connect("127.0.0.1", port, { timeoutMs: 5000 });
    } catch (error) {
      if (attempt === 100) throw error;
      yield* sleep(os.clock, 20);
    }
  }
}

function hasNetcat(t: TestContext): boolean {
  return isInstalled(t, "nc", "netcat-openbsd", "-h");
}

function netcat(words: string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const program = spawn("nc", words, { stdio: ["pipe", "pipe", "inherit"], timeout: 10_000 });
    let output = "";
    program.stdout.setEncoding("latin1").on("data", (text: string) => (output += text));
    program.once("error", reject);
    program.once("close", () => resolve(output));
    program.stdin.end(input);
  });
}
