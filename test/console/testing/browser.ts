/**
 * Debian's Chromium, one for each test file, with pages that may load nothing but what their own server has: whatever
 * else a page asks for is kept from leaving, and the test that opened it fails.
 */

import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { isInstalled } from "../../interop/programs.ts";
import { CHROMIUM, launchChromium, WAIT_MS } from "./chromium.ts";
import { cleanUp } from "./clean-up.ts";
import { ConsolePage } from "./console-page.ts";

let running: Promise<Browser> | undefined;
after(async () => (await running)?.close());

/** False, with a reason to skip, where Chromium is missing; under CI that is a failure. */
export function hasChromium(t: TestContext): boolean {
  return isInstalled(t, CHROMIUM, "chromium");
}

/** The one browser of this test file; it ends with the file. */
export function browser(): Promise<Browser> {
  running ??= launchChromium();
  return running;
}

/** Opens a page of the console at `url` and waits until it shows a network. */
export async function openConsole(
  t: TestContext,
  url: string,
  options: BrowserContextOptions = {},
): Promise<ConsolePage> {
  const page = await openPage(t, url, options);
  const console = new ConsolePage(page);
  await console.timer.waitFor();
  return console;
}

/** Opens any page; at the end of the test it must have said nothing wrong and asked for nothing elsewhere. */
export async function openPage(t: TestContext, url: string, options: BrowserContextOptions): Promise<Page> {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 720 }, ...options });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  const problems = watch(page, new URL(url).origin);
  await context.route(
    (asked) => isElsewhere(asked, new URL(url).origin),
    (route) => route.abort(),
  );
  cleanUp(t, async () => {
    if (!t.passed) {
      // A folder of its own: somebody else on this machine may have had the same failure.
      const folder = mkdtempSync(join(tmpdir(), "hamlet-failed-"));
      const path = join(folder, `${t.name.replace(/\W+/g, "-").slice(0, 60)}.png`);
      await page.screenshot({ path }).catch((error) => t.diagnostic(String(error)));
      t.diagnostic(`what the page showed is in ${path}`);
    }
    await context.close();
    assert.deepEqual(problems, [], "the page said nothing wrong, and asked for nothing elsewhere");
  });
  await page.goto(url);
  return page;
}

function watch(page: Page, origin: string): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (isElsewhere(new URL(request.url()), origin)) problems.push(`asked for ${request.url()}`);
  });
  page.on("requestfailed", (request) => {
    // Whoever leaves a page, or loads it again, breaks off what it was fetching.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") problems.push(`did not get ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== new URL(origin).host) problems.push(`talked to ${socket.url()}`);
  });
  return problems;
}

function isElsewhere(url: URL, origin: string): boolean {
  return url.protocol !== "data:" && url.protocol !== "blob:" && url.origin !== origin;
}
