/**
 * `npm run build:web`: the console's page as static files, in dist/web unless `--out FOLDER` says otherwise. One build for
 * both places: as it is, the page runs the engine itself, from any folder of any host of static files; `hamlet up`
 * serves the same files with its own engine. The new files take the place of the old ones at once, when all is well.
 */

import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, type Plugin } from "vite";
import { PAGE_POLICY } from "../src/cli/console/policy.ts";
import { digestOfSources } from "./web-sources.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const { values } = parseArgs({ options: { out: { type: "string" }, quiet: { type: "boolean" } } });
const out = resolve(values.out ?? join(root, "dist", "web"));
mkdirSync(dirname(out), { recursive: true });
const fresh = mkdtempSync(join(dirname(out), `.${basename(out)}-`));
try {
  // Taken before: what changes meanwhile is built the next time.
  const digest = digestOfSources(root);
  await build({
    configFile: join(root, "src", "web", "vite.config.ts"),
    logLevel: values.quiet ? "error" : "info",
    plugins: [contentSecurityPolicy()],
    build: { outDir: fresh, emptyOutDir: true },
  });
  writeFileSync(join(fresh, "sources.sha256"), `${digest}\n`);
  // A temporary folder is its owner's alone.
  chmodSync(fresh, 0o755);
  const old = `${fresh}-old`;
  rmSync(old, { recursive: true, force: true });
  moveAway(out, old);
  renameSync(fresh, out);
  rmSync(old, { recursive: true, force: true });
} catch (error) {
  rmSync(fresh, { recursive: true, force: true });
  // What is wrong with a source is told with its place; where in the bundler it was noticed helps nobody.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Hosts of static files send no such header: the page says it itself, before anything else of it is read. */
function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: PAGE_POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}

function moveAway(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
