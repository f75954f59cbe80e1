/**
 * `node bench/drawing.ts [HOSTS]`: how smooth the console's drawing of a large network is. Builds a network of so many
 * hosts (1,000), opens it in the built page (`npm run build:web` first) with the engine in the page's worker, and pans,
 * zooms and drags with a real pointer while hosts ping each other. Prints the times between frames.
 */

import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { packNetwork } from "../src/web/editor/share.ts";
import { framesDuring, withFolder, withPage } from "./page.ts";

const PER_SITE = 25;

const hosts = Number(process.argv[2] ?? 1_000);
const built = process.argv[3] ?? fileURLToPath(new URL("../dist/web", import.meta.url));

await withFolder(built, (origin) =>
  withPage(async (page) => {
    const opened = performance.now();
    await page.goto(`${origin}/#net=${await packNetwork(networkOf(hosts))}`);
    await page.getByRole("button", { name: "Open it" }).click();
    await page.getByText("Large").first().waitFor();
    await page.locator("section[aria-label=Network] canvas").first().waitFor();
    console.log(`${hosts} hosts: drawn after ${Math.round(performance.now() - opened)} ms`);
    await page.keyboard.press("1");
    await page.waitForTimeout(2_000);
    await measure(page, "all seen, pan", () => drag(page, 640, 650, 240, 120));
    await page.getByRole("button", { name: "Play story" }).click();
    await page.waitForTimeout(1_500);
    await measure(page, "all seen, pan, packets", () => drag(page, 640, 650, 240, 120));
    await measure(page, "all seen, packets, still", () => page.waitForTimeout(2_000));
    await measure(page, "zoom in and out", () => wheel(page));
    for (let step = 0; step < 7; step += 1) await page.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForTimeout(500);
    await measure(page, "near, pan, packets", () => drag(page, 640, 650, 500, 250));
  }),
);

async function measure(page: Page, what: string, act: () => Promise<void>): Promise<void> {
  const { count, ...times } = await framesDuring(page, act);
  const [median, p95, worst] = [times.medianMs, times.p95Ms, times.worstMs].map(
    (ms) => `${ms.toFixed(1)} ms`,
  );
  console.log(`${what}: ${count} frames, median ${median}, p95 ${p95}, worst ${worst}`);
}

/** To and fro, three times. */
async function drag(page: Page, x: number, y: number, dx: number, dy: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down({ button: "left" });
  for (let step = 0; step < 180; step += 1) {
    const angle = (step / 60) * 2 * Math.PI;
    await page.mouse.move(x + dx * Math.sin(angle), y - dy * (1 - Math.cos(angle)) * 0.5);
    await page.waitForTimeout(8);
  }
  await page.mouse.up();
}

async function wheel(page: Page): Promise<void> {
  await page.mouse.move(640, 400);
  for (let step = 0; step < 120; step += 1) {
    await page.mouse.wheel(0, step % 60 < 30 ? -60 : 60);
    await page.waitForTimeout(12);
  }
}

/** Sites of 25 hosts behind a router each, all routers on one network; a host of each site pings one of the next. */
function networkOf(count: number): string {
  const sites = Math.ceil(count / PER_SITE);
  const lines = ["hamlet: 1", "name: Large", "seed: 1", "hosts:"];
  for (let at = 0; at < count; at += 1) {
    const [site, host] = [Math.floor(at / PER_SITE), at % PER_SITE];
    lines.push(`  h${host}.s${site}.example: { addresses: [10.${site}.0.${host + 2}/24] }`);
  }
  lines.push("routers:");
  for (let site = 0; site < sites; site += 1) {
    lines.push(`  r${site}: { interfaces: { lan: [10.${site}.0.1/24], wan: [172.16.0.${site + 1}/16] } }`);
  }
  lines.push("switches:");
  for (let site = 0; site < sites; site += 1) {
    const members = Array.from(
      { length: Math.min(PER_SITE, count - site * PER_SITE) },
      (_, at) => `h${at}.s${site}.example`,
    );
    lines.push(`  lan${site}: { connects: ["r${site}:lan", ${members.join(", ")}] }`);
  }
  const routers = Array.from({ length: sites }, (_, site) => `"r${site}:wan"`);
  lines.push(`  core: { connects: [${routers.join(", ")}] }`, "story:");
  for (let site = 0; site < sites; site += 1) {
    lines.push(
      `  - { name: p${site}, at: 100 ms, on: h0.s${site}.example, run: ping 10.${(site + 1) % sites}.0.3 -c 600 -i 0.05 }`,
    );
  }
  return `${lines.join("\n")}\n`;
}
