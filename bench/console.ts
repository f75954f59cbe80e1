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
import { launchChromium } from "../test/console/testing/chromium.ts";
import { floodFile } from "../test/console/testing/flood.ts";

const FRAME_BAR_MS = 50;
const FIRST_VIEW_BAR_MS = 2_000;
const RUN_LIMIT_MS = 10 * 60_000;
const wanted = Number(process.argv[2] ?? 1_000_000);

/** In the page: when the first row has its content. */
const WATCH_FIRST_VIEW = `requestAnimationFrame(function look() {
  const cell = document.querySelector('[role="grid"] [data-index] [data-column="protocol"]');
  if (cell?.textContent) globalThis.firstViewMs = performance.now();
  else requestAnimationFrame(look);
})`;

const BEGIN = `{
  globalThis.frames = [];
  globalThis.measuring = true;
  let last = performance.now();
  requestAnimationFrame(function next(now) {
    globalThis.frames.push(now - last);
    last = now;
    if (globalThis.measuring) requestAnimationFrame(next);
  });
}`;
const END = "globalThis.measuring = false, globalThis.frames";
const TOTAL = `Number(/([\\d,]+) packets/.exec(document.body.innerText)?.[1].replaceAll(",", "") ?? 0)`;

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
  const browser = await launchChromium();
  closers.push(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(url);
  await recorded(page, packets);
  // Nothing goes on any more, as with a capture that somebody looks through.
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.addInitScript(WATCH_FIRST_VIEW);
  await page.reload();
  // Not by waitForFunction, which the policy of the page forbids.
  while ((await page.evaluate("globalThis.firstViewMs")) === undefined) await page.waitForTimeout(100);
  const firstViewMs = Number(await page.evaluate("globalThis.firstViewMs"));
  console.log(`${await page.evaluate(TOTAL)} packets`);
  report("first view", firstViewMs, FIRST_VIEW_BAR_MS);
  for (const [name, act] of acts) {
    await page.evaluate(BEGIN);
    await act(page);
    const frames = ((await page.evaluate(END)) as number[]).sort((a, b) => a - b);
    report(`${name}: frame, 95th percentile`, frames[Math.floor(frames.length * 0.95)], FRAME_BAR_MS);
  }
} finally {
  for (const close of closers.reverse()) await close();
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

async function recorded(page: Page, packets: number): Promise<void> {
  const endAt = performance.now() + RUN_LIMIT_MS;
  for (let seen = 0; seen < packets; seen = Number(await page.evaluate(TOTAL))) {
    if (performance.now() > endAt) throw new Error(`only ${seen} packets came`);
    await page.waitForTimeout(500);
  }
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

function report(name: string, valueMs: number, barMs: number): void {
  const isMet = valueMs <= barMs;
  console.log(
    `${name.padEnd(40)} ${valueMs.toFixed(1).padStart(8)} ms   bar ${barMs} ms${isMet ? "" : "   NOT MET"}`,
  );
  if (!isMet) process.exitCode = 1;
}
