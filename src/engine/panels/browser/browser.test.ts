/** The web browser's panel against HTTP servers of the lab. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeUtf8, encodeBase64, encodeUtf8 } from "../../../bytes/index.ts";
import {
  type HttpRequest,
  type HttpResponse,
  parseForm,
  seeOther,
  startHttpServer,
  textResponse,
} from "../../../protocols/http/index.ts";
import { openLab, type PanelBench } from "../testing/lab.ts";
import { resourcesOf } from "./resources.ts";
import type { BrowserView, PageView } from "./view.ts";

function desk(handler: (request: HttpRequest) => HttpResponse) {
  const bench: PanelBench = openLab("mail-lab.yaml");
  const server = bench.host("server");
  const serving = startHttpServer(server.network, {
    port: 80,
    *handler(request) {
      return handler(request);
    },
  });
  bench.lab.world.finish(server.network.spawn("http", serving));
  return {
    bench,
    view: () => bench.view<BrowserView>("pc1", "browser"),
    page: () => bench.look<PageView>("pc1", "browser", "page", {}),
    act: (action: string, value: object = {}) => bench.act("pc1", "browser", action, value),
  };
}

test("a page comes with its pictures; links lead on, and back again", () => {
  const asked: string[] = [];
  const { act, view, page } = desk((request) => {
    const { path } = request.target;
    asked.push(path);
    if (path === "/cat.png") return file("image/png", "meow");
    if (path === "/a/missing.css") return textResponse(404, "none\n");
    const html = `<h1>${path}</h1><img src="/cat.png"><link rel=stylesheet href=missing.css>`;
    return file("text/html; charset=utf-8", html);
  });
  act("go", { url: "mail.gmail.com/a/b" });
  assert.equal(page().url, "http://mail.gmail.com/a/b");
  assert.equal(page().status, 200);
  assert.match(page().text ?? "", /<h1>\/a\/b<\/h1>/);
  assert.deepEqual(page().resources, [
    { url: "http://mail.gmail.com/cat.png", type: "image/png", content: encodeBase64(encodeUtf8("meow")) },
  ]);
  act("go", { url: "http://mail.gmail.com/c" });
  assert.deepEqual([view().canGoBack, view().canGoForward], [true, false]);
  act("travel", { pages: -1 });
  assert.equal(view().address, "http://mail.gmail.com/a/b");
  assert.deepEqual([view().canGoBack, view().canGoForward], [false, true]);
  act("travel", { pages: 1 });
  act("travel", { pages: 0 });
  assert.equal(view().page, 5);
  assert.equal(asked.filter((target) => target === "/c").length, 3);
});

test("a form is sent, its redirection followed, the cookie kept", () => {
  const { act, page } = desk((request) => {
    const cookie = request.fields.find(({ name }) => name === "Cookie")?.value ?? "none";
    if (request.method !== "POST") return textResponse(200, `cookie: ${cookie}`);
    const [[name, value]] = parseForm(decodeUtf8(request.content) ?? "");
    const response = seeOther("/inbox");
    return {
      ...response,
      fields: [
        ...(response.fields ?? []),
        { name: "Set-Cookie", value: `${name}=${value}; Path=/; HttpOnly` },
      ],
    };
  });
  act("post", {
    url: "http://mail.gmail.com/login",
    type: "application/x-www-form-urlencoded",
    content: encodeBase64(encodeUtf8("user=sreesanth")),
  });
  assert.deepEqual([page().url, page().text], ["http://mail.gmail.com/inbox", "cookie: user=sreesanth"]);
  act("go", { url: "http://192.168.1.5/" });
  assert.equal(page().text, "cookie: none");
});

test("what cannot be fetched is said, and stays in the address bar", () => {
  const { act, page, view } = desk(() => seeOther("/round"));
  act("go", { url: "http://www.nowhere.example/" });
  assert.equal(page().status, 0);
  assert.match(page().problem ?? "", /nowhere\.example/);
  assert.equal(view().address, "http://www.nowhere.example/");
  act("go", { url: "https://mail.gmail.com/" });
  assert.match(page().problem ?? "", /http:\/\//);
  act("go", { url: "http://mail.gmail.com:81/" });
  assert.match(page().problem ?? "", /refused/);
  act("go", { url: "http://mail.gmail.com/" });
  assert.equal(page().status, 303);
});

test("a page that hangs gives way to the next one, and to stop", () => {
  const { bench, act, view, page } = desk((request) => textResponse(200, request.target.path));
  const host = bench.host("pc1");
  const hanging = () =>
    host.network.spawn("go", bench.panel("browser").act(host, "go", { url: "http://192.168.1.99/" }));
  hanging();
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 1e8 });
  assert.equal(view().loading, "http://192.168.1.99/");
  act("go", { url: "http://mail.gmail.com/next" });
  assert.equal(page().text, "/next");
  assert.equal(view().loading, undefined);
  hanging();
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 1e8 });
  act("stop");
  bench.lab.runTo({ timeNs: bench.lab.world.nowNs + 1e8 });
  assert.equal(view().loading, undefined);
  assert.equal(page().text, "/next");
});

test("resources are found as a page names them", () => {
  const base = { host: "a.example", port: 80, hostField: "a.example", target: "/x/y?z" };
  const html = `<IMG alt="a > b" SRC='o.png'><img data-src=no src="p.png"><img src="data:image/png;base64,AA">
    <link href="/s.css" rel="stylesheet"><link rel=icon href=i.ico><img src="//b.example/q.png?a=1&amp;b=2"><img>`;
  assert.deepEqual(resourcesOf(html, base), [
    "http://a.example/x/o.png",
    "http://a.example/x/p.png",
    "http://a.example/s.css",
    "http://b.example/q.png?a=1&b=2",
  ]);
});

function file(type: string, content: string): HttpResponse {
  return { status: 200, fields: [{ name: "Content-Type", value: type }], content: encodeUtf8(content) };
}
