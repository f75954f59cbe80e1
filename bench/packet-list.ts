/**
 * `node bench/packet-list.ts [PACKETS] [real]`: builds the console's packets page with an engine that has a million
 * packets, opens it in Chromium and measures the first view and the frames while somebody scrolls by wheel, by the
 * scroll bar and by keys. The packets are made up (src/web/packets/testing), or with "real" those of a fast line that
 * the engine runs in the page. Needs a chromium: `apt-get install chromium`.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CDPSession, Page } from "playwright-core";
import { build } from "vite";
import {
  FIRST_VIEW_BAR_MS,
  firstViewMs,
  framesDuring,
  report,
  reportFrames,
  untilSeen,
  watchFirstView,
  withFolder,
  withPage,
} from "./page.ts";

/** From the end of the scroll bar to the middle of its thumb. */
const THUMB_INSET = 24;
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
  await withFolder(outDir, (origin) =>
    // The scroll bar is dragged.
    withPage((page) => measure(page, `${origin}/packets/testing/index.html`), {
      ignoreDefaultArgs: ["--hide-scrollbars"],
    }),
  );
} finally {
  rmSync(outDir, { recursive: true, force: true });
}

async function measure(page: Page, address: string): Promise<void> {
  page.on("pageerror", (error) => {
    console.log(String(error));
    process.exitCode = 1;
  });
  const profiler = await page.context().newCDPSession(page);
  await profiler.send("Performance.enable", { timeDomain: "threadTicks" });
  await watchFirstView(page);
  // At 2,000 packets a second, so that the list grows under whoever scrolls.
  await page.goto(`${address}?${isReal ? "engine=real" : `packets=${packets}&rate=2000`}`);
  const shownMs = await firstViewMs(page);
  console.log(`${packets.toLocaleString("en")} packets, Chromium ${page.context().browser()?.version()}`);
  report("first view", shownMs, FIRST_VIEW_BAR_MS);
  if (isReal) await untilSeen(page, packets);
  await page.waitForTimeout(500);
  for (const [name, act] of ACTS) {
    const busyBefore = await busySeconds(profiler);
    const frames = await framesDuring(page, () => act(page));
    const busyMs = ((await busySeconds(profiler)) - busyBefore) * 1e3;
    reportFrames(name, frames);
    const perFrame = (busyMs / frames.count).toFixed(1);
    console.log(`     the page's thread worked ${perFrame} ms a frame (of processor time)`);
    console.log(`     then at rows ${await shownRows(page)}`);
  }
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
