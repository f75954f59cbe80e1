/**
 * Every main view, in light and in dark: no violation of axe-core's rules (WCAG 2 A and AA among them), no request that
 * leaves the machine (browser.ts), nothing wrong on the console; without motion where none is wanted; on a phone.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { hasChromium, openConsole } from "./testing/browser.ts";
import type { ConsolePage } from "./testing/console-page.ts";
import { hamletUp } from "./testing/hamlet-up.ts";
import { mainViews } from "./testing/main-views.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe-core finds nothing in any main view, ${colorScheme}`, async (t) => {
    if (!hasChromium(t)) return;
    const url = await hamletUp(t, "ketchup", "--story", "--speed", "20");
    const console = await openConsole(t, url, { colorScheme });
    const found: string[] = [];
    for (const { name, show } of mainViews) {
      await show(console);
      for (const violation of await violations(console.page)) found.push(`${name}: ${violation}`);
    }
    assert.deepEqual(found, []);
  });
}

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

async function violations(page: Page): Promise<string[]> {
  // Through the debugger, as the page's own policy lets no script in.
  await page.evaluate(axe);
  const found =
    await page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html, any, all, none }) =>
      html.slice(0, 160) + " | " + [...any, ...all, ...none].map(({ message }) => message).join("; ")).join("\\n    ")))`);
  return found as string[];
}
