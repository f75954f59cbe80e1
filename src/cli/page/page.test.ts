import assert from "node:assert/strict";
import { request } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { formatEndpoint } from "../../net/index.ts";
import { describeSpeed, escapeHtml, type PageView, renderPage } from "./page.ts";
import { openPageServer } from "./server.ts";

const evil = `<script>alert("x")</script>'&`;
const view: PageView = {
  networkName: `Town ${evil}`,
  description: evil,
  virtualNs: 12_345_678_900,
  speed: 1,
  hosts: [
    {
      name: `pc${evil}`,
      description: evil,
      addresses: ["10.1.0.10/24", evil],
      services: [
        { name: evil, running: true, description: evil },
        { name: "pop3", running: false, description: "" },
      ],
    },
  ],
  ports: [{ local: evil, leadsTo: evil, example: `curl ${evil}`, clientCount: 3 }],
  execExample: `hamlet exec ${evil} help`,
};

test("everything of the network is on the page, and nothing of it is markup", () => {
  const page = renderPage(view);
  assert.ok(!page.includes("<script"));
  assert.equal(page.split(escapeHtml(evil)).length - 1, 12);
  assert.match(page, /Virtual time 12\.345679 s, in real time/);
  assert.match(page, /pop3 \(off\)/);
  assert.doesNotMatch(page, /https?:|src=|href=|url\(/, "the page asks nothing of anybody");
});

test("speeds in words", () => {
  const words = [0, 1, 0.5, 20, Number.POSITIVE_INFINITY].map(describeSpeed);
  assert.deepEqual(words, [
    "paused",
    "in real time",
    "at 0.5 times real time",
    "at 20 times real time",
    "as fast as it can",
  ]);
});

test("over HTTP: the page for GET and HEAD, clear refusals for the rest", async (t) => {
  const server = await openPageServer({ address: "127.0.0.1", port: 0 }, () => view);
  t.after(() => server.close());
  const { port } = server.local;
  const page = await ask(port, "GET", "/");
  assert.equal(page.status, 200);
  assert.match(page.body, /<h1>Town /);
  assert.match(String(page.headers["content-security-policy"]), /default-src 'none'/);
  const head = await ask(port, "HEAD", "/?again");
  assert.deepEqual(
    [head.status, head.body, head.headers["content-length"]],
    [200, "", page.headers["content-length"]],
  );
  const post = await ask(port, "POST", "/");
  assert.deepEqual([post.status, post.headers.allow], [405, "GET, HEAD"]);
  assert.equal((await ask(port, "GET", "/other")).status, 404);
  assert.equal((await ask(port, "GET", "//evil.example/")).status, 404);
  for (const host of ["localhost", `LOCALHOST:${port}`, "[::1]:1", "127.0.0.1"]) {
    assert.equal((await ask(port, "GET", "/", host)).status, 200, host);
  }
  for (const host of [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1.evil.example",
    "localhost@evil.example",
  ]) {
    const { status, body } = await ask(port, "GET", "/", host);
    assert.equal(status, 421, host);
    assert.ok(!body.includes("Town"));
  }
});

test("what is no HTTP gets 400; a second server on the port is told that it is in use", async (t) => {
  const server = await openPageServer({ address: "127.0.0.1", port: 0 }, () => view);
  t.after(() => server.close());
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(server.local.port, "127.0.0.1", () => socket.write("EHLO there\r\n\r\n"));
    let text = "";
    socket.on("data", (bytes) => (text += bytes));
    socket.on("close", () => resolve(text));
  });
  assert.match(answer, /^HTTP\/1\.1 400 /);
  await assert.rejects(
    openPageServer(server.local, () => view),
    {
      code: "address-in-use",
      message: `port ${server.local.port} of 127.0.0.1 is in use by another program`,
    },
  );
  assert.equal(formatEndpoint(server.local), `127.0.0.1:${server.local.port}`);
});

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
