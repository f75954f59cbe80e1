/**
 * `node test/console/screenshots.ts [FOLDER]`: pictures of the main views, for the README (into docs/console unless told
 * otherwise). The same networks, stories and size each time, so that in them only changes what changed in the page.
 */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { HamletProcess } from "../../src/cli/testing/hamlet-process.ts";
import { launchChromium, WAIT_MS } from "./testing/chromium.ts";
import { ConsolePage } from "./testing/console-page.ts";
import { mainViews } from "./testing/main-views.ts";

const KEPT: ReadonlySet<string> = new Set([
  ...["packets", "dialogue", "diagram", "graph", "mail", "terminal", "services", "state", "guide", "editor"],
]);
/** Longer than any notice or transition of the page. */
const REST_MS = 4_000;

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/console", import.meta.url));
mkdirSync(folder, { recursive: true });
const closers: (() => unknown)[] = [];
try {
  const browser = await launchChromium();
  closers.push(() => browser.close());
  // Slow enough that packets are on their way.
  const town = await hamletUp("town", "--speed", "0.02");
  for (const colorScheme of ["light", "dark"] as const) await takeTown(browser, town, colorScheme);
  await takeViews(browser, await hamletUp("ketchup", "--speed", "20"));
} finally {
  for (const close of closers.reverse()) await close();
}

async function hamletUp(network: string, ...options: string[]): Promise<string> {
  const place = mkdtempSync(join(tmpdir(), "hamlet-screenshots-"));
  closers.push(() => rmSync(place, { recursive: true }));
  const words = ["up", network, "--story", "--json", "--http", "0", "--no-forward", ...options];
  const closing = { after: (close: () => unknown) => void closers.push(close) };
  const up = new HamletProcess(closing, [...words, "--control", join(place, "control.sock")]);
  return `${JSON.parse((await up.waitFor(/^\{.*\}\n/))[0]).page}#view=both`;
}

async function open(browser: Browser, url: string, colorScheme: "light" | "dark"): Promise<ConsolePage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  await page.goto(url);
  const console = new ConsolePage(page);
  await console.rows.first().waitFor();
  return console;
}

async function takeTown(browser: Browser, url: string, colorScheme: "light" | "dark"): Promise<void> {
  const console = await open(browser, url, colorScheme);
  await console.rows.nth(8).waitFor();
  await take(console.page, colorScheme === "dark" ? "town-dark" : "town");
  await console.page.context().close();
}

async function takeViews(browser: Browser, url: string): Promise<void> {
  const console = await open(browser, url, "light");
  for (const { name, show } of mainViews) {
    await show(console);
    if (KEPT.has(name)) await take(console.page, name);
  }
}

async function take(page: Page, name: string): Promise<void> {
  // What just opened has come to rest, and nothing is pointed at.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(REST_MS);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
