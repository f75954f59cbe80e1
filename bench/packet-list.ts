/**
 * `node bench/packet-list.ts [PACKETS] [real]`: builds the console's packets page with an engine that has a million
 * packets, opens it in Chromium and measures the first view and the frames while somebody scrolls by wheel, by the
 * scroll bar and by keys. The packets are made up (src/web/packets/testing), or with "real" those of a fast line that
 * the engine runs in the page. Needs a chromium: `apt-get install chromium`.
 */

import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type CDPSession, chromium, type Page } from "playwright-core";
import { build } from "vite";

/** From the end of the scroll bar to the middle of its thumb. */
const THUMB_INSET = 24;
const FRAME_BAR_MS = 50;
const FIRST_VIEW_BAR_MS = 2_000;
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** What runs in the page. First: the time from the start of the navigation to the first row with its content. */
const WATCH_FIRST_VIEW = `requestAnimationFrame(function look() {
  const cell = document.querySelector('[role="grid"] [data-index] [data-column="protocol"]');
  if (cell?.textContent) globalThis.firstViewMs = performance.now();
  else requestAnimationFrame(look);
})`;
const BEGIN_FRAMES = `{
  globalThis.frames = [];
  globalThis.measuring = true;
  let last = performance.now();
  requestAnimationFrame(function next(now) {
    globalThis.frames.push(now - last);
    last = now;
    if (globalThis.measuring) requestAnimationFrame(next);
  });
}`;
/** As the list says it: "992,000 packets +12,288 forgotten". */
const TOTAL = `[.../([\\d,]+) packets(?: \\+([\\d,]+) forgotten)?/.exec(document.body.innerText) ?? []].slice(1)
  .reduce((sum, text) => sum + Number((text ?? "0").replaceAll(",", "")), 0)`;
const SHOWN_ROWS = `[...document.querySelectorAll('[role="grid"] [data-index]')].map((row) => ({
  index: Number(row.dataset.index),
  isWaiting: row.querySelector('[data-column="protocol"]').textContent === "",
}))`;

const ACTS: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ["wheel", wheel],
  ["scroll bar", drag],
  ["keys, with the detail open", keys],
  ["follow 2,000 packets/s", follow],
];

const packets = Number(process.argv[2] ?? 1_000_000);
const isReal = process.argv[3] === "real";
const web = fileURLToPath(new URL("../src/web/", import.meta.url));
const outDir = mkdtempSync(join(tmpdir(), "hamlet-packet-list-"));

try {
  await build({
    configFile: `${web}vite.config.ts`,
    logLevel: "error",
    build: { outDir, emptyOutDir: true, rollupOptions: { input: `${web}packets/testing/index.html` } },
  });
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
    createReadStream(join(outDir, path))
      .on("error", () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  process.exitCode = (await measure(`http://127.0.0.1:${port}/packets/testing/index.html`)) ? 0 : 1;
  server.closeAllConnections();
  server.close();
} finally {
  rmSync(outDir, { recursive: true, force: true });
}

async function measure(address: string): Promise<boolean> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
    // The scroll bar is dragged.
    ignoreDefaultArgs: ["--hide-scrollbars"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    const profiler = await page.context().newCDPSession(page);
    await profiler.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.addInitScript(WATCH_FIRST_VIEW);
    // At 2,000 packets a second, so that the list grows under whoever scrolls.
    await page.goto(`${address}?${isReal ? "engine=real" : `packets=${packets}&rate=2000`}`);
    await page.waitForFunction("globalThis.firstViewMs");
    const firstViewMs = await page.evaluate<number>("firstViewMs");
    console.log(`${packets.toLocaleString("en")} packets, Chromium ${browser.version()}`);
    let isGood = report("first view", firstViewMs, FIRST_VIEW_BAR_MS) && problems.length === 0;
    if (isReal)
      await page.waitForFunction(`${TOTAL} >= ${packets}`, undefined, { timeout: 600_000, polling: 500 });
    await page.waitForTimeout(500);
    for (const [name, act] of ACTS) {
      const busyBefore = await busySeconds(profiler);
      const frames = await framesDuring(page, () => act(page));
      const busyMs = ((await busySeconds(profiler)) - busyBefore) * 1e3;
      frames.sort((a, b) => a - b);
      const at = (share: number): number =>
        frames[Math.min(frames.length - 1, Math.floor(frames.length * share))];
      const rest = `median ${at(0.5).toFixed(1)}, worst ${at(1).toFixed(1)} of ${frames.length} frames`;
      isGood = report(`${name}: frame, p95`, at(0.95), FRAME_BAR_MS, rest) && isGood;
      console.log(
        `     the page's thread worked ${(busyMs / frames.length).toFixed(1)} ms a frame (of processor time)`,
      );
      console.log(`     then at rows ${await shownRows(page)}`);
    }
    for (const problem of problems) console.log(problem);
    return isGood;
  } finally {
    await browser.close();
  }
}

function report(what: string, ms: number, barMs: number, rest = ""): boolean {
  const isGood = ms <= barMs;
  console.log(
    `${isGood ? "good" : "BAD "} ${what.padEnd(28)} ${ms.toFixed(1).padStart(7)} ms (bar ${barMs})  ${rest}`,
  );
  return isGood;
}

async function framesDuring(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(BEGIN_FRAMES);
  await act();
  return page.evaluate<number[]>("measuring = false, frames.slice(1)");
}

/** Processor time of the page's thread, which other work on the machine does not lengthen. */
async function busySeconds(profiler: CDPSession): Promise<number> {
  const { metrics } = await profiler.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
}

async function shownRows(page: Page): Promise<string> {
  await page.waitForTimeout(300);
  const rows = await page.evaluate<readonly { index: number; isWaiting: boolean }[]>(SHOWN_ROWS);
  const numbers = rows.map(({ index }) => index + 1).sort((a, b) => a - b);
  const waiting = rows.filter(({ isWaiting }) => isWaiting).length;
  return `${numbers[0]} to ${numbers.at(-1)}, ${waiting} of ${rows.length} without content`;
}

async function wheel(page: Page): Promise<void> {
  await page.mouse.move(640, 400);
  for (let at = 0; at < 150; at++) {
    await page.mouse.wheel(0, at < 75 ? -700 : 500);
    await page.waitForTimeout(16);
  }
}

/** From the bottom of the scroll bar to its top and half way back. */
async function drag(page: Page): Promise<void> {
  await page.locator('[role="grid"]').focus();
  await page.keyboard.press("End");
  // The packet that is selected now takes a part of the room.
  await page.waitForTimeout(500);
  const grid = (await page.locator('[role="grid"]').boundingBox())!;
  const x = grid.x + grid.width - 6;
  const bottom = grid.y + grid.height - THUMB_INSET;
  await page.mouse.move(x, bottom);
  await page.mouse.down();
  for (let at = 0; at <= 120; at++)
    await page.mouse.move(x, bottom - (at / 120) * (grid.height - 2 * THUMB_INSET));
  for (let at = 0; at <= 60; at++)
    await page.mouse.move(x, grid.y + THUMB_INSET + (at / 120) * (grid.height - 2 * THUMB_INSET));
  await page.mouse.up();
}

async function keys(page: Page): Promise<void> {
  await page.locator('[role="grid"]').focus();
  await page.keyboard.press("Home");
  for (let at = 0; at < 60; at++) await page.keyboard.press("PageDown");
  for (let at = 0; at < 60; at++) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("End");
}

async function follow(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Follow the newest packets" }).click();
  await page.waitForTimeout(3_000);
}
