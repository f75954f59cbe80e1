/** axe-core's judgement of what the page shows now, in light and in dark. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

/**
 * By all rules in the light scheme, and the contrasts again in the dark one: of the whole page, or of the parts that
 * these selectors name.
 */
export async function violations(page: Page, parts: readonly string[] = ["html"]): Promise<string[]> {
  // Through the debugger, as the page's own policy lets no script in.
  if (!(await page.evaluate("typeof axe === 'object'"))) await page.evaluate(AXE);
  const light = await judge(page, parts, "");
  await use(page, "dark");
  const dark = await judge(page, parts, 'runOnly: ["color-contrast"]');
  await use(page, "light");
  return [...light, ...dark.map((violation) => `dark: ${violation}`)];
}

async function judge(page: Page, parts: readonly string[], rules: string): Promise<string[]> {
  await page.evaluate(AT_REST);
  // Frames hold mail and pages of the network: whatever those are like.
  const options = `{ resultTypes: ["violations"], iframes: false, preload: false, ${rules} }`;
  const found = await page.evaluate(`axe.run(${JSON.stringify(parts)}, ${options}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html, any, all, none }) =>
      html.slice(0, 200) + " | " + [...any, ...all, ...none].map(({ message }) => message).join("; "))
      .join("\\n    ")))`);
  return found as string[];
}

async function use(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: "attached" });
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Two frames are drawn, and nothing is on its way from one colour or place to another: half of a way is no state. */
const AT_REST = `new Promise((resolve) => {
  const endAt = performance.now() + 2000;
  const look = (frames) => requestAnimationFrame(() => {
    const moving = document.getAnimations().some(({ playState, effect }) =>
      playState === "running" && effect.getComputedTiming().iterations !== Infinity);
    if (frames < 2 || (moving && performance.now() < endAt)) look(frames + 1);
    else resolve();
  });
  look(0);
})`;
