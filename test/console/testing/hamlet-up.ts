/** `hamlet up` in a process of its own, with a console on a free port. */

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { BUILT_FOLDER } from "../../../src/cli/console/built-page.ts";
import { HamletProcess } from "../../../src/cli/testing/hamlet-process.ts";
import { cleanUp } from "./clean-up.ts";

/** The address of its console, without the welcome of the first visit. It ends with the test. */
export async function hamletUp(t: TestContext, network: string, ...options: string[]): Promise<string> {
  assertBuilt();
  const folder = mkdtempSync(join(tmpdir(), "hamlet-console-"));
  cleanUp(t, () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const http = options.includes("--http") ? [] : ["--http", "0"];
  const ways = options.includes("--forward") ? [] : ["--no-forward"];
  const places = [...http, ...ways, "--control", join(folder, "control.sock")];
  // It must end whatever else goes wrong: as long as it runs, so does the test's file.
  const closing = { after: (close: () => unknown) => cleanUp(t, close) };
  const up = new HamletProcess(closing, ["up", network, "--json", ...places, ...options]);
  const announced = JSON.parse((await up.waitFor(/^\{.*\}\n/, START_MS))[0]);
  return `${announced.page}#view=both`;
}

/** A second where nothing else runs. */
const START_MS = 60_000;

export function assertBuilt(): void {
  assert.ok(existsSync(join(BUILT_FOLDER, "index.html")), "the console is not built: npm run build:web");
}
