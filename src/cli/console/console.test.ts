/** The console's server: what it serves, and whom it turns away. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { WebSocket } from "ws";
import { Engine } from "../../engine/engine.ts";
import { PROTOCOL_VERSION } from "../../engine/protocol/index.ts";
import { networkText } from "../../engine/testing/test-console.ts";
import { systemTimers } from "../../os/index.ts";
import { type BuiltPage, readBuiltPage } from "./built-page.ts";
import { Gate } from "./gate.ts";
import { type ConsoleServerOptions, openConsoleServer } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "hamlet-console-"));
test.after(() => rmSync(folder, { recursive: true }));
const page = builtPage();

function builtPage(): BuiltPage {
  const web = join(folder, "web");
  mkdirSync(join(web, "assets"), { recursive: true });
  writeFileSync(join(web, "index.html"), '<meta name="hamlet-engine" content="worker" />');
  writeFileSync(join(web, "assets", "index-abc123.js"), "run();");
  writeFileSync(join(web, "icon.svg"), "<svg/>");
  writeFileSync(join(web, "notes.secret"), "of no known type");
  writeFileSync(join(folder, "outside.js"), "secret");
  symlinkSync(join(folder, "outside.js"), join(web, "assets", "link.js"));
  const built = readBuiltPage(web);
  assert.ok(built !== undefined);
  return built;
}

const hello = { id: 1, method: "hello", params: { version: PROTOCOL_VERSION } };

async function open(t: TestContext, options: Partial<ConsoleServerOptions> = {}) {
  const engine = new Engine({
    machine: systemTimers,
    place: "server",
    shipped: { networks: new Map(), lessons: new Map() },
    source: { fileName: "ketchup.yaml", text: networkText("ketchup") },
    playing: false,
  });
  const server = await openConsoleServer({ addresses: ["127.0.0.1"], port: 0, engine, page, ...options });
  t.after(async () => {
    await server.close();
    engine.close();
  });
  return { engine, server, port: server.local.port };
}

test("files: the page uses the engine of the server, hashed names are kept, nothing else is there", async (t) => {
  const { port } = await open(t);
  const index = await ask(port, "GET", "/?again");
  assert.deepEqual([index.status, index.body], [200, '<meta name="hamlet-engine" content="server" />']);
  assert.equal(index.headers["cache-control"], "no-store");
  assert.match(String(index.headers["content-security-policy"]), /^default-src 'none'; script-src 'self'; /);
  assert.match(String(index.headers["content-security-policy"]), /frame-ancestors 'none'$/);
  assert.equal(index.headers["x-content-type-options"], "nosniff");
  const script = await ask(port, "GET", "/assets/index-abc123.js");
  assert.deepEqual([script.status, script.body], [200, "run();"]);
  assert.match(String(script.headers["content-type"]), /^text\/javascript/);
  assert.match(String(script.headers["cache-control"]), /immutable/);
  const icon = await ask(port, "HEAD", "/icon.svg");
  assert.deepEqual([icon.status, icon.body, icon.headers["content-length"]], [200, "", "6"]);
  const post = await ask(port, "POST", "/");
  assert.deepEqual([post.status, post.headers.allow], [405, "GET, HEAD"]);
});

test("no path leads out of the folder, or to what is no part of the page", async (t) => {
  const { port } = await open(t);
  const outside = ["/../outside.js", "/assets/../../outside.js", "/..%2foutside.js", "/%2e%2e/outside.js"];
  const others = ["/assets/link.js", "/notes.secret", "/assets/", "/assets", "//evil.example/", "/engine"];
  const odd = ["/\\..\\outside.js", "/%00", "/__proto__", "/constructor", "http://127.0.0.1/../outside.js"];
  for (const path of [...outside, ...others, ...odd]) {
    const { status, body } = await ask(port, "GET", path);
    assert.equal(status, 404, path);
    assert.doesNotMatch(body, /secret/);
  }
});

test("not built: a page that says how, with the status of what is not there yet", async (t) => {
  const { port } = await open(t, { page: undefined });
  const { status, body } = await ask(port, "GET", "/");
  assert.equal(status, 503);
  assert.match(body, /npm run build:web/);
  assert.equal((await ask(port, "GET", "/assets/x.js")).status, 404);
  assert.equal(readBuiltPage(join(folder, "nowhere")), undefined);
});

test("a foreign name is turned away, over HTTP and at the WebSocket (DNS rebinding)", async (t) => {
  const { port } = await open(t);
  for (const host of ["localhost", `LOCALHOST:${port}`, "[::1]:1", "127.0.0.1", "127.1.2.3:80"]) {
    assert.equal((await ask(port, "GET", "/", host)).status, 200, host);
  }
  const foreign = [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1.evil.example",
    "localhost@evil.example",
  ];
  for (const host of [...foreign, "192.0.2.1", hostname().replace("localhost", "h"), "localhost:1:2"]) {
    const { status, body } = await ask(port, "GET", "/", host);
    assert.equal(status, 421, host);
    assert.ok(!body.includes("hamlet-engine"));
  }
  const origin = `http://evil.example:${port}`;
  assert.equal(await refusedWith(port, { headers: { host: `evil.example:${port}`, origin } }), 421);
});

test("a WebSocket is for pages of this very server: another origin, or none, gets 403", async (t) => {
  const { port } = await open(t);
  const foreign = ["http://evil.example", `http://localhost:${port}`, `http://127.0.0.1:${port + 1}`, "null"];
  for (const origin of foreign) assert.equal(await refusedWith(port, { headers: { origin } }), 403, origin);
  assert.equal(await refusedWith(port, { headers: {} }), 403);
  assert.equal(await refusedWith(port, { path: "/other" }), 404);
  const socket = await console(t, port);
  assert.equal(socket.protocol, "hamlet");
});

test("a console says hello and is answered; nonsense is answered, too; octets end it", async (t) => {
  const { port } = await open(t);
  const socket = await console(t, port);
  const welcome = await answer(socket, hello);
  assert.equal(welcome.id, 1);
  const { place, network } = welcome.result as { place: string; network: { name: string } };
  assert.equal(place, "server");
  assert.match(network.name, /ketchup/i);
  assert.equal(((await answer(socket, "{")) as { error: { code: string } }).error.code, "bad-request");
  socket.send(Buffer.from([1, 2, 3]));
  assert.equal((await closing(socket)).code, 1003);
});

test("beyond the loopback: a token, whoever asks by which name", async (t) => {
  const { server, port } = await open(t, { addresses: ["0.0.0.0"] });
  const { token } = server;
  assert.match(token ?? "", /^[\w-]{22}$/, "128 bits");
  for (const protocols of [["hamlet"], ["hamlet", "hamlet-token."], ["hamlet", `hamlet-token.${token}x`]]) {
    const refused = await closing(await console(t, port, protocols));
    assert.equal(refused.code, 1008, protocols.join());
    assert.match(refused.reason, /token is missing or wrong/);
  }
  const socket = await console(t, port, ["hamlet", `hamlet-token.${token}`]);
  const welcome = await answer(socket, hello);
  assert.ok("result" in welcome);
  assert.equal((await ask(port, "GET", "/", "192.0.2.1:8080")).status, 200, "an address cannot be rebound");
  assert.equal((await ask(port, "GET", "/", hostname())).status, 200);
  assert.equal((await ask(port, "GET", "/", "evil.example")).status, 421);
  assert.equal(new Gate(["127.0.0.1", "::1"]).token, undefined);
  assert.notEqual(new Gate(["::"]).token, new Gate(["::"]).token);
});

test("too long a message, too many consoles, one that does not pong: each is cut off", async (t) => {
  const limits = { messageOctetsMax: 1_000, sessionsMax: 1, pingEveryMs: 20 };
  const { port } = await open(t, { limits });
  const first = await console(t, port);
  const second = await closing(await console(t, port));
  assert.deepEqual([second.code, /consoles are open/.test(second.reason)], [1013, true]);
  first.send(JSON.stringify({ id: 1, method: "network.check", params: { text: "x".repeat(2_000) } }));
  assert.equal((await closing(first)).code, 1009);
  const silent = new WebSocket(`ws://127.0.0.1:${port}/engine`, ["hamlet"], {
    origin: `http://127.0.0.1:${port}`,
    autoPong: false,
  });
  t.after(() => silent.terminate());
  assert.equal((await closing(silent)).code, 1006);
});

test("a console that does not read is asked no more until it does; the others go on", async (t) => {
  const { engine, port } = await open(t);
  const slow = await console(t, port);
  await answer(slow, hello);
  openLongFile(engine);
  slow.pause();
  for (let id = 2; id < 60; id++) slow.send(JSON.stringify({ id, method: "network.text", params: {} }));
  assert.ok("result" in (await answer(await console(t, port), hello)));
  const last = new Promise<void>((resolve) => {
    slow.on("message", (data) => JSON.parse(String(data)).id === 59 && resolve());
  });
  slow.resume();
  await last;
});

test("a console that leaves too much unread is cut off", async (t) => {
  const { engine, port } = await open(t, { limits: { unreadMax: 500_000 } });
  const slow = await console(t, port);
  await answer(slow, hello);
  openLongFile(engine);
  slow.pause();
  for (let id = 2; id < 60; id++) slow.send(JSON.stringify({ id, method: "network.text", params: {} }));
  // What it did not read is more than the operating system keeps for it.
  await answer(await console(t, port), hello);
  const closed = closing(slow);
  slow.resume();
  assert.equal((await closed).code, 1006);
});

test("connections that ask for nothing keep nobody out; who asks and who has a console stays", async (t) => {
  const { port } = await open(t, { limits: { visitorsMax: 20 } });
  const first = await console(t, port);
  const idle = Array.from({ length: 60 }, () => connect(port, "127.0.0.1"));
  for (const socket of idle) socket.on("error", () => {}).write("GET / HTTP/1.1\r\nHost: ");
  t.after(() => {
    for (const socket of idle) socket.destroy();
  });
  // Also by a reset: it may have been given up before all that it said was read.
  const heard = (socket: Socket, event: "connect" | "close") =>
    new Promise((resolve) => socket.once(event, resolve).once("close", resolve));
  const closed = idle.slice(0, 40).map((socket) => heard(socket.resume(), "close"));
  await Promise.all(idle.map((socket) => heard(socket, "connect")));
  assert.equal((await ask(port, "GET", "/")).status, 200);
  await Promise.all(closed);
  assert.ok("result" in (await answer(first, hello)));
  assert.ok("result" in (await answer(await console(t, port), hello)));
});

test("what is no HTTP gets 400; a second server on the port is told that it is in use", async (t) => {
  const { engine, server, port } = await open(t);
  const heard = await new Promise<string>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("EHLO there\r\n\r\n"));
    let text = "";
    socket.on("data", (bytes) => (text += bytes));
    socket.on("close", () => resolve(text));
  });
  assert.match(heard, /^HTTP\/1\.1 400 /);
  const again = { addresses: [server.local.address, "::1"], port, engine, page };
  const message = `port ${port} of 127.0.0.1 is in use by another program`;
  await assert.rejects(openConsoleServer(again), { code: "address-in-use", message });
});

function openLongFile(engine: Engine): void {
  const text = networkText("ketchup") + "# filler\n".repeat(100_000);
  assert.deepEqual(engine.open({ fileName: "long.yaml", text }, undefined, false), []);
}

/** An open WebSocket with our own origin. */
function console(t: TestContext, port: number, protocols = ["hamlet"]): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/engine`, protocols, {
    origin: `http://127.0.0.1:${port}`,
  });
  t.after(() => socket.terminate());
  socket.on("error", () => {});
  return new Promise((resolve, reject) => {
    socket.on("open", () => resolve(socket));
    socket.on("error", reject);
  });
}

/** The status with which an upgrade is refused. */
function refusedWith(
  port: number,
  options: { path?: string; headers?: Record<string, string> },
): Promise<number> {
  const { path = "/engine", headers = { origin: `http://127.0.0.1:${port}` } } = options;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, ["hamlet"], { headers });
  return new Promise((resolve, reject) => {
    socket.on("unexpected-response", (sent, response) => {
      resolve(response.statusCode ?? 0);
      sent.destroy();
    });
    socket.on("open", () => reject(new Error("it was let in")));
    socket.on("error", () => {});
  });
}

/** The answer to a request, or to something else as text; events are passed over. */
function answer(socket: WebSocket, message: object | string): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    const hear = (data: unknown): void => {
      const heard = JSON.parse(String(data));
      if (!("id" in heard)) return;
      socket.off("message", hear);
      resolve(heard);
    };
    socket.on("message", hear);
    socket.send(typeof message === "string" ? message : JSON.stringify(message));
  });
}

function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
  socket.on("error", () => {});
  return new Promise((resolve) =>
    socket.on("close", (code, reason) => resolve({ code, reason: String(reason) })),
  );
}

function ask(port: number, method: string, path: string, host?: string) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const headers = host === undefined ? {} : { Host: host };
      const asked = request({ port, host: "127.0.0.1", method, path, headers, agent: false }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text) => (body += text));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      asked.on("error", reject);
      asked.end();
    },
  );
}
