/** Programs that we did not write: whether they are here, and which version speaks. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { TestContext } from "node:test";

/**
 * Prints the version of a program that a test is about to use; false, with a reason to skip, where it is missing.
 * Where everything must be there (under CI) a missing program is a failure.
 */
export function isInstalled(
  t: TestContext,
  program: string,
  debianPackage: string,
  version: string | readonly string[] = "--version",
): boolean {
  const words = typeof version === "string" ? [version] : version;
  const { error, status, stdout, stderr } = spawnSync(program, words, {
    encoding: "utf8",
    timeout: ANSWER_MS,
  });
  // Several words ask for a part of it, a module of Python say, which may be missing alone.
  if (error === undefined && (typeof version === "string" || status === 0)) {
    t.diagnostic(`${program}: ${(stdout || stderr).split("\n")[0].trim()}`);
    return true;
  }
  const advice = `${program} is not installed: apt-get install ${debianPackage}`;
  assert.ok(!process.env.CI, advice);
  t.skip(advice);
  return false;
}

/** A program says its version within it. */
const ANSWER_MS = 20_000;
