/**
 * Every main view, and what is seen only for a moment (menus, dialogs, errors, empty lists), in light and in dark: no
 * violation of axe-core's rules (WCAG 2 A and AA among them), no request that leaves the machine (browser.ts), nothing
 * wrong on the console; without motion where none is wanted; on a phone.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { violations } from "./testing/axe.ts";
import { hasChromium, openConsole } from "./testing/browser.ts";
import type { ConsolePage } from "./testing/console-page.ts";
import { hamletUp } from "./testing/hamlet-up.ts";
import { mainViews } from "./testing/main-views.ts";
import { guideStates } from "./testing/states/guide.ts";
import { hostStates } from "./testing/states/hosts.ts";
import { mailStates } from "./testing/states/mail.ts";
import { networkStates } from "./testing/states/network.ts";
import { packetStates } from "./testing/states/packets.ts";
import { pageStates } from "./testing/states/page.ts";
import type { State } from "./testing/states/state.ts";

test("axe-core finds nothing in any main view", async (t) => {
  if (!hasChromium(t)) return;
  const url = await hamletUp(t, "ketchup", "--story", "--speed", "20");
  const console = await openConsole(t, url, { reducedMotion: "reduce" });
  assert.deepEqual(await judge(console, mainViews, ["html"]), []);
});

const HOSTS = "aside[aria-label=Hosts]";
const OVERLAYS = "#overlays";
const moments: readonly (readonly [string, readonly State[], readonly string[]])[] = [
  ["header and time bar", pageStates, ["html"]],
  ["the network", networkStates, ["section[aria-label=Network]", OVERLAYS]],
  ["the packets", packetStates, ["main", OVERLAYS]],
  ["mail", mailStates, [HOSTS, OVERLAYS]],
  ["the other windows of hosts", hostStates, [HOSTS, OVERLAYS]],
  ["guide and editor", guideStates, ["html"]],
];

for (const [where, states, parts] of moments) {
  test(`axe-core finds nothing in what is seen for a moment: ${where}`, async (t) => {
    if (!hasChromium(t)) return;
    const ways = states === pageStates ? WAYS_IN.flatMap((name) => ["--forward", `${name}=0`]) : [];
    const url = await hamletUp(t, "town", "--story", "--speed", "1000", ...ways);
    const console = await openConsole(t, url, { reducedMotion: "reduce" });
    await console.page.getByRole("button", { name: "Story again" }).waitFor();
    if (where === "header and time bar") await console.pause();
    assert.deepEqual(await judge(console, states, parts), []);
  });
}

/** What is wrong with each state in turn, of these parts of the page. */
async function judge(
  console: ConsolePage,
  states: readonly State[],
  parts: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const { name, show, leave } of states) {
    await show(console);
    for (const violation of await violations(console.page, parts)) found.push(`${name}: ${violation}`);
    await leave?.(console);
  }
  return found;
}

/** Those of the town, each at any port that is free. */
const WAYS_IN = [
  ...["smtp", "pop3", "dns", "socks"],
  ...["mail.hamburger.edu:80", "mail.crepes.fr:80", "www.hamburger.edu:80"],
];

test("reduced motion: nothing on the page is animated", async (t) => {
  if (!hasChromium(t)) return;
  const url = await hamletUp(t, "ketchup", "--story");
  const console = await openConsole(t, url, { reducedMotion: "reduce" });
  await console.rows.first().waitFor();
  await console.until(async () => ((await moving(console.page)) as unknown[]).length === 0);
});

function moving(page: Page): Promise<unknown> {
  return page.evaluate(`document.getAnimations().filter((each) => {
    const { duration } = each.effect.getComputedTiming();
    return each.playState === "running" && duration > 10;
  }).map((each) => each.animationName ?? each.transitionProperty)`);
}

test("on a phone everything can be read: nothing is wider than the screen", async (t) => {
  if (!hasChromium(t)) return;
  const url = await hamletUp(t, "ketchup", "--story", "--speed", "20");
  const console = await openConsole(t, url, { viewport: { width: 375, height: 720 } });
  await assertFits(console);
  for (const tab of await console.page.getByRole("tab").all()) {
    if (!(await tab.isVisible())) continue;
    await tab.click();
    await assertFits(console);
  }
});

async function assertFits({ page }: ConsolePage): Promise<void> {
  const width = await page.evaluate("document.documentElement.scrollWidth");
  assert.ok(Number(width) <= 375, `the page is ${width} pixels wide`);
}
