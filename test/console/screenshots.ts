/**
 * `node test/console/screenshots.ts [FOLDER]`: pictures of the main views, for the README (into docs/console unless told
 * otherwise). The same network, story and size each time, so that in them only changes what changed in the page.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { HamletProcess } from "../../src/cli/testing/hamlet-process.ts";
import { launchChromium, WAIT_MS } from "./testing/chromium.ts";
import { ConsolePage } from "./testing/console-page.ts";
import { mainViews } from "./testing/main-views.ts";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/console", import.meta.url));
mkdirSync(folder, { recursive: true });
const closers: (() => unknown)[] = [];
try {
  const closing = { after: (close: () => unknown) => void closers.push(close) };
  const words = ["up", "ketchup", "--story", "--speed", "20", "--json", "--http", "0", "--no-forward"];
  const up = new HamletProcess(closing, [...words, "--control", join(folder, ".control.sock")]);
  const { page: url } = JSON.parse((await up.waitFor(/^\{.*\}\n/))[0]);
  const browser = await launchChromium();
  closers.push(() => browser.close());
  for (const colorScheme of ["light", "dark"] as const) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme });
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    await page.goto(`${url}#view=both`);
    await takeAll(new ConsolePage(page), page, colorScheme);
    await context.close();
  }
} finally {
  for (const close of closers.reverse()) await close();
}

async function takeAll(console: ConsolePage, page: Page, colorScheme: string): Promise<void> {
  await console.rows.first().waitFor();
  await take(page, "both", colorScheme);
  for (const { name, show } of mainViews) {
    await show(console);
    await take(page, name, colorScheme);
  }
}

/** In the dark only what the README shows in the dark. */
async function take(page: Page, name: string, colorScheme: string): Promise<void> {
  if (colorScheme === "dark" && !IN_THE_DARK.has(name)) return;
  // What just opened has come to rest, and nothing is pointed at.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(REST_MS);
  await page.screenshot({ path: join(folder, `${name}${colorScheme === "dark" ? "-dark" : ""}.png`) });
}

const IN_THE_DARK: ReadonlySet<string> = new Set(["both", "packets"]);
/** Longer than any notice or transition of the page. */
const REST_MS = 4_000;
