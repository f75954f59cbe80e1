/**
 * `npm run bench:console -- [PACKETS]`: the console as it is shipped, at size. `hamlet up` plays a story of a million
 * packets as fast as it can; then Chromium opens the page, and what is measured is the time to the first rows and the
 * frames while somebody scrolls by wheel, by the bar and by keys. Exit status 1 where a bar is not met. Needs a
 * chromium: `apt-get install chromium`. (bench/packet-list.ts measures the list alone, with made-up packets.)
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { HamletProcess } from "../src/cli/testing/hamlet-process.ts";
import { floodFile } from "../test/console/testing/flood.ts";
import {
  FIRST_VIEW_BAR_MS,
  firstViewMs,
  framesDuring,
  packetsSeen,
  report,
  reportFrames,
  untilSeen,
  watchFirstView,
  withPage,
} from "./page.ts";

const wanted = Number(process.argv[2] ?? 1_000_000);

const acts: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ["wheel", wheel],
  ["scroll bar", bar],
  ["keys", keys],
];

const closers: (() => unknown)[] = [];
try {
  const folder = mkdtempSync(join(tmpdir(), "hamlet-bench-"));
  closers.push(() => rmSync(folder, { recursive: true }));
  const { path, packets } = floodFile(folder, wanted);
  const url = await startNetwork(folder, path);
  await withPage((page) => measure(page, url, packets));
} finally {
  for (const close of closers.reverse()) await close();
}

async function measure(page: Page, url: string, packets: number): Promise<void> {
  await page.goto(url);
  await untilSeen(page, packets);
  // Nothing goes on any more, as with a capture that somebody looks through.
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await watchFirstView(page);
  await page.reload();
  const shownMs = await firstViewMs(page);
  console.log(`${await packetsSeen(page)} packets`);
  report("first view", shownMs, FIRST_VIEW_BAR_MS);
  for (const [name, act] of acts) reportFrames(name, await framesDuring(page, () => act(page)));
}

async function startNetwork(folder: string, path: string): Promise<string> {
  const closing = { after: (close: () => unknown) => void closers.push(close) };
  const words = ["--story", "--speed", "Infinity", "--json", "--http", "0", "--no-forward"];
  const up = new HamletProcess(closing, [
    ...["up", path, ...words],
    ...["--control", join(folder, "control.sock")],
  ]);
  return `${JSON.parse((await up.waitFor(/^\{.*\}\n/))[0]).page}#view=packets`;
}

async function wheel(page: Page): Promise<void> {
  await page.mouse.move(600, 400);
  for (let i = 0; i < 150; i++) {
    await page.mouse.wheel(0, i % 30 === 29 ? -60_000 : 480);
    await page.waitForTimeout(16);
  }
}

async function bar(page: Page): Promise<void> {
  const list = page.getByRole("grid", { name: "Packets" });
  const area = await list.boundingBox();
  if (area === null) throw new Error("the list is not there");
  const x = area.x + area.width - 6;
  await page.mouse.move(x, area.y + area.height - 20);
  await page.mouse.down();
  for (let i = 0; i < 150; i++) {
    const share = 0.5 + 0.45 * Math.cos(i / 12);
    await page.mouse.move(x, area.y + 40 + share * (area.height - 60));
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
}

async function keys(page: Page): Promise<void> {
  await page.getByRole("grid", { name: "Packets" }).focus();
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press(i % 50 === 49 ? "Home" : i % 10 === 9 ? "PageUp" : "ArrowUp");
    await page.waitForTimeout(16);
  }
}
