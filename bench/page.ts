/**
 * What the benchmarks of the page share (console.ts, packet-list.ts, drawing.ts): Debian's Chromium (`apt-get install
 * chromium`), a folder that is served, the time to the first rows, the times between frames, and the bar of a figure.
 * What runs in the page is text: these programs' types know no page.
 */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { LaunchOptions, Page } from "playwright-core";
import { launchChromium } from "../test/console/testing/chromium.ts";

export const FRAME_BAR_MS = 50;
export const FIRST_VIEW_BAR_MS = 2_000;

/** Opens an empty page for `measure`, and ends Chromium after it. */
export async function withPage(
  measure: (page: Page) => Promise<void>,
  options: LaunchOptions = {},
): Promise<void> {
  const browser = await launchChromium(options);
  try {
    await measure(await browser.newPage({ viewport: { width: 1280, height: 720 } }));
  } finally {
    await browser.close();
  }
}

/** Serves the files of a folder on a port of its own while `use` lasts. */
export async function withFolder(folder: string, use: (origin: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname).replace(
      /\/$/,
      "/index.html",
    );
    try {
      response.setHeader("Content-Type", TYPES[extname(path)] ?? "application/octet-stream");
      response.end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** From the start of a navigation to the first row of packets with its content; watchFirstView comes before it. */
export async function firstViewMs(page: Page): Promise<number> {
  // Not by waitForFunction, which the policy of the console's page forbids.
  for (;;) {
    const atMs = await page.evaluate<number | undefined>("globalThis.firstViewMs");
    if (atMs !== undefined) return atMs;
    await page.waitForTimeout(100);
  }
}

export async function watchFirstView(page: Page): Promise<void> {
  await page.addInitScript(`requestAnimationFrame(function look() {
    const cell = document.querySelector('[role="grid"] [data-index] [data-column="protocol"]');
    if (cell?.textContent) globalThis.firstViewMs = performance.now();
    else requestAnimationFrame(look);
  })`);
}

/** How many packets the list has seen, as it says: "992,000 packets +12,288 forgotten". */
export function packetsSeen(page: Page): Promise<number> {
  return page.evaluate<number>(
    `[.../([\\d,]+) packets(?: \\+([\\d,]+) forgotten)?/.exec(document.body.innerText) ?? []].slice(1)
      .reduce((sum, text) => sum + Number((text ?? "0").replaceAll(",", "")), 0)`,
  );
}

/** Waits until the list has seen so many. */
export async function untilSeen(page: Page, packets: number): Promise<void> {
  const endAt = performance.now() + RUN_LIMIT_MS;
  for (let seen = 0; seen < packets; seen = await packetsSeen(page)) {
    if (performance.now() > endAt) throw new Error(`only ${seen} of ${packets} packets came`);
    await page.waitForTimeout(500);
  }
}

export interface Frames {
  readonly count: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly worstMs: number;
}

/** The times between the frames that the page drew while `act` went on. */
export async function framesDuring(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(`{
    const frames = [];
    Object.assign(globalThis, { frames, measuring: true });
    let last = performance.now();
    requestAnimationFrame(function next(now) {
      frames.push(now - last);
      last = now;
      if (globalThis.measuring) requestAnimationFrame(next);
    });
  }`);
  await act();
  // The first is the one in which it began.
  const times = await page.evaluate<number[]>("globalThis.measuring = false, globalThis.frames.slice(1)");
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))];
  return { count: times.length, medianMs: at(0.5), p95Ms: at(0.95), worstMs: at(1) };
}

/** Prints a figure beside its bar; one that is over it makes the exit status 1. */
export function report(what: string, ms: number, barMs: number, rest = ""): void {
  const isGood = ms <= barMs;
  if (!isGood) process.exitCode = 1;
  const bar = `bar ${barMs} ms${isGood ? "" : ", NOT MET"}`;
  console.log(`${what.padEnd(40)} ${ms.toFixed(1).padStart(8)} ms   ${bar}${rest && `   ${rest}`}`);
}

export function reportFrames(what: string, frames: Frames): void {
  const { count, medianMs, p95Ms, worstMs } = frames;
  const rest = `median ${medianMs.toFixed(1)}, worst ${worstMs.toFixed(1)} of ${count}`;
  report(`${what}: frame, p95`, p95Ms, FRAME_BAR_MS, rest);
}

const RUN_LIMIT_MS = 10 * 60_000;
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
