/**
 * What the console's page is built of, as one digest: whether dist/web is up to date. Plain JavaScript, for the set-up
 * must run under whatever Node the machine has.
 */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Sources of the page, of the engine that runs in it, and of how both are built; not tests. */
export function digestOfSources(root) {
  const hash = createHash("sha256");
  for (const file of sourcesIn(root)) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

/** Whether the page was built of the sources as they are. */
export function isWebBuilt(root) {
  const stamp = join(root, "dist", "web", "sources.sha256");
  return existsSync(stamp) && readFileSync(stamp, "utf8").trim() === digestOfSources(root);
}

function* sourcesIn(root) {
  yield* FILES;
  for (const folder of FOLDERS) yield* filesIn(root, folder);
}

function* filesIn(root, folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name !== "testing") yield* filesIn(root, path);
    } else if (!/\.test\.tsx?$|\.snapshot$|README\.md$/.test(entry.name)) yield path;
  }
}

const FILES = [
  "package-lock.json",
  "scripts/build-web.ts",
  "scripts/web-sources.mjs",
  "src/cli/console/policy.ts",
  "tsconfig.json",
  "tsconfig.web.json",
];
const FOLDERS = [
  ...[
    "bytes",
    "dissect",
    "engine",
    "host",
    "net",
    "protocols",
    "services",
    "sim",
    "store",
    "topology",
    "web",
  ].map((name) => `src/${name}`),
  "networks",
];
