/** A host of static files as there are many: a folder, no engine, no headers but the type; it writes down what was asked. */

import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import type { TestContext } from "node:test";
import { BUILT_FOLDER } from "../../../src/cli/console/built-page.ts";
import { cleanUp } from "./clean-up.ts";
import { assertBuilt } from "./hamlet-up.ts";

export interface StaticHost {
  /** Of the page, some folders down. */
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  /** Those of them that are not there. */
  readonly missing: readonly string[];
}

export async function staticHost(t: TestContext): Promise<StaticHost> {
  assertBuilt();
  cleanUp(t);
  const asked: string[] = [];
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    asked.push(path);
    const file = join(BUILT_FOLDER, normalize(path.replace(PREFIX, "/")).replace(/\/$/, "/index.html"));
    if (!path.startsWith(PREFIX) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      missing.push(path);
      response.writeHead(404).end();
    } else response.writeHead(200, { "Content-Type": TYPES[extname(file)] }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUp(
    t,
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}${PREFIX}#view=both`, asked, missing };
}

const PREFIX = "/some/folder/";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
