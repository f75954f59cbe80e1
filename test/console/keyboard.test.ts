/** The drawing without a mouse: what has the focus is what a key is for; the page keeps its place. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

test("keyboard: Enter and Space show the link or host that has the focus, Enter again opens the host", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "town"));
  const { page, network } = console;
  const press = async (name: string, key: string): Promise<void> => {
    await (name.includes("--") ? console.link(...pair(name)) : console.node(name)).focus();
    await page.keyboard.press(key);
  };
  const cut = network.getByRole("button", { name: "Cut", exact: true });
  await press("paris--newyork", "Enter");
  await cut.waitFor();
  await press("paris", "Enter");
  await network.getByRole("region", { name: "paris" }).waitFor();
  // A host is selected, and a link has the focus.
  await press("paris--london", "Space");
  await cut.waitFor();
  assert.equal(await page.getByRole("tablist", { name: "Open hosts" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Pause", exact: true }).count(), 1, "time goes on");
  await press("pc.crepes.fr", "Enter");
  await network.getByRole("region", { name: "pc.crepes.fr" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "pc.crepes.fr" }).waitFor();
});

test("keyboard: Tab completes in the terminal; Escape and then Tab, or Shift and Tab, leaves it", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup"));
  const { page } = console;
  const host = await console.openHost("pc.crepes.fr");
  await host.program("Terminal");
  const input = host.window.getByRole("textbox", { name: "Terminal input" });
  const has = (what: string) => page.locator(`${what}:focus`).waitFor({ state: "attached" });
  await input.pressSequentially("tracer");
  await page.keyboard.press("Tab");
  await host.screen.getByText("traceroute").waitFor();
  await has("textarea");
  const describes = await input.getAttribute("aria-describedby");
  await page
    .locator(`[id="${describes}"]`)
    .getByText(/Escape and then Tab/)
    .waitFor({ state: "attached" });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await has("button");
  await input.focus();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+Tab");
  await page
    .getByRole("button", { name: "All programs of the Desktop" })
    .and(page.locator(":focus"))
    .waitFor();
  // It is a command line again.
  await input.focus();
  await page.keyboard.press("Tab");
  await has("textarea");
});

test("nothing lies beyond the edge of the page: it does not scroll sideways", async (t) => {
  if (!hasChromium(t)) return;
  const { page } = await openConsole(t, await hamletUp(t, "ketchup"));
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 720 });
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
  }
});

function pair(link: string): [string, string] {
  const [a, b] = link.split("--");
  return [a, b];
}
