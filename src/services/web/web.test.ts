/** Pages of the network file, as a client of HTTP gets them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Task, toByteString } from "../../net/index.ts";
import { fieldValue, httpRequest } from "../../protocols/http/index.ts";
import { World } from "../../sim/index.ts";
import { memoryStores } from "../../store/memory/index.ts";
import { type WebConfiguration, webService } from "./index.ts";

const PAGES: NonNullable<WebConfiguration["pages"]> = {
  "/": "<h1>Crêpes</h1>",
  "/menu.txt": "<no HTML>",
  "/carte française": "sucrée",
  "/cat.svg": "<svg/>",
  "/price": { type: "application/json", text: "3" },
  "/old": { movedTo: "/menu.txt" },
};

test("pages with their types, moved ones, methods", () => {
  const cases: [string, string, number, string | undefined, string][] = [
    ["GET", "/", 200, "text/html; charset=utf-8", "<h1>Crêpes</h1>"],
    ["GET", "/?x=1", 200, "text/html; charset=utf-8", "<h1>Crêpes</h1>"],
    ["GET", "/menu.txt", 200, "text/plain; charset=utf-8", "<no HTML>"],
    ["GET", "/carte%20fran%C3%A7aise", 200, "text/plain; charset=utf-8", "sucrée"],
    ["GET", "/cat.svg", 200, "image/svg+xml", "<svg/>"],
    ["HEAD", "/price", 200, "application/json", ""],
    ["GET", "/old", 301, "text/plain; charset=utf-8", "This page has moved to /menu.txt\n"],
    ["GET", "/nothing", 404, "text/plain; charset=utf-8", "There is no such page here.\n"],
    ["GET", "/%ff", 404, "text/plain; charset=utf-8", "There is no such page here.\n"],
    ["PUT", "/", 405, "text/plain; charset=utf-8", "Only GET, HEAD, OPTIONS are possible here.\r\n"],
    ["OPTIONS", "/", 204, undefined, ""],
  ];
  visit(function* (get) {
    for (const [method, path, status, type, text] of cases) {
      const response = yield* get(method, path);
      assert.equal(response.status, status, `${method} ${path}`);
      assert.equal(fieldValue(response.fields, "Content-Type"), type);
      assert.equal(Buffer.from(toByteString(response.content), "latin1").toString(), text);
    }
    assert.equal(fieldValue((yield* get("GET", "/old")).fields, "Location"), "/menu.txt");
  });
});

test("a path that no request can have is a mistake of the file", () => {
  const problems = webService.problems?.({ pages: { menu: "", "/a?b": "", "/ok": "" } }, []) ?? [];
  assert.deepEqual(
    problems.map(({ path }) => path[1]),
    ["menu", "/a?b"],
  );
});

type Get = (method: string, path: string) => ReturnType<typeof httpRequest>;

function visit(run: (get: Get) => Task): void {
  const world = new World({ seed: 1 });
  const [pc, www] = [world.addHost("pc"), world.addHost("www")];
  world.connect(
    pc.addInterface({ addresses: ["10.0.0.1/24"] }),
    www.addInterface({ addresses: ["10.0.0.2/24"] }),
    { delayMs: 1 },
  );
  world.computeRoutes();
  const host = { network: www.network, nameServers: [], users: [], stores: memoryStores() };
  world.run(
    (function* () {
      const running = yield* webService.start(host, { pages: PAGES });
      assert.equal(running.description, "serves 6 pages on [::]:80");
      yield* run((method, path) => httpRequest(pc.network, `http://10.0.0.2${path}`, { method }));
      yield* running.stop(1000);
    })(),
  );
  assert.deepEqual(world.liveTaskNames, []);
}
