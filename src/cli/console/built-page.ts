/**
 * The console's page as it was built (dist/web), in memory: only what is there at the start is ever served, whatever path
 * is asked for, and a new build does not mix with the old one.
 */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export interface BuiltFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly cacheControl: string;
}

/** By path of the URL: "/", "/assets/index-DIWnbYUE.js". */
export type BuiltPage = ReadonlyMap<string, BuiltFile>;

/** Undefined where nothing was built yet. */
export function readBuiltPage(folder: string): BuiltPage | undefined {
  if (statSync(join(folder, "index.html"), { throwIfNoEntry: false }) === undefined) return undefined;
  const files = new Map<string, BuiltFile>();
  // What is no file of its own (a link to somewhere else) is left out.
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(folder, path).split(sep).join("/")}`;
    const type = TYPES[extname(entry.name)];
    if (type === undefined) continue;
    const bytes = readFileSync(path);
    // The bundler's names there hold a digest of what is in them.
    const cacheControl = url.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    files.set(url, { bytes, type, cacheControl });
  }
  const index = readFileSync(join(folder, "index.html"), "utf8").replace(ENGINE_IN_PAGE, ENGINE_AT_SERVER);
  files.delete("/index.html");
  files.set("/", { bytes: Buffer.from(index), type: TYPES[".html"], cacheControl: "no-store" });
  return files;
}

/** What is said where the console was not built. */
export const NOT_BUILT: BuiltFile = {
  bytes: Buffer.from(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hamlet</title>
<style>:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; } main { margin: 2rem auto; max-width: 40rem; padding: 0 1rem; }</style>
<main>
<h1>The console is not built</h1>
<p>The network is up, but its console has to be built once: run <code>npm run build:web</code> in Hamlet's folder, then
start <code>hamlet up</code> again.</p>
</main>
</html>
`),
  type: "text/html; charset=utf-8",
  cacheControl: "no-store",
};

/** Where `npm run build:web` puts it. */
export const BUILT_FOLDER = fileURLToPath(new URL("../../../dist/web", import.meta.url));
/** As built, the page runs the engine itself; here it shall use ours. */
const ENGINE_IN_PAGE = /(<meta name="hamlet-engine" content=")worker(")/;
const ENGINE_AT_SERVER = "$1server$2";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".woff2": "font/woff2",
};
