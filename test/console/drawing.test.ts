/** The drawing by pointer, in the little room that the tour leaves it; and forms that say what is wrong with what was typed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { violations } from "./testing/axe.ts";
import { hasChromium, openConsole } from "./testing/browser.ts";
import type { ConsolePage } from "./testing/console-page.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

test("beside guide and host window links and hosts can be hit, and each has a name of its own", async (t) => {
  if (!hasChromium(t)) return;
  const url = (await hamletUp(t, "town")).replace(/#.*/, "");
  const console = await openConsole(t, `${url}#view=both&guide=1&host=pc.crepes.fr:terminal`);
  const { page, network } = console;
  const ocean = console.link("paris", "newyork");
  await standsStill(console, console.node("paris"));
  const symbol = await boxOf(console.node("paris").locator("svg").locator(".."));
  assert.ok(symbol.width >= 23.5 && symbol.height >= 23.5, JSON.stringify(symbol));

  const [paris, newyork] = [await centreOf(console, "paris"), await centreOf(console, "newyork")];
  const middle = { x: (paris.x + newyork.x) / 2, y: (paris.y + newyork.y) / 2 };
  for (const aside of [0, -6, 6]) {
    await page.mouse.click(middle.x, middle.y + aside);
    await network.getByRole("region", { name: "Link ocean" }).waitFor();
    await network.getByRole("button", { name: "Close the inspector" }).click();
    await network.getByRole("region", { name: "Link ocean" }).waitFor({ state: "detached" });
  }
  await ocean.waitFor();
  for (const name of ["a.root-servers.net", "a.edu-servers.net"]) {
    const words = await console.node(name).locator("[data-place]").innerText();
    assert.equal(words.replace(/\s+/g, "."), name.replace(".net", ""));
  }
});

test("a node that is dragged stays where it was put, whatever the shape of the drawing", async (t) => {
  if (!hasChromium(t)) return;
  const url = (await hamletUp(t, "town")).replace(/#.*/, "");
  const console = await openConsole(t, `${url}#view=both&guide=1&host=pc.crepes.fr:terminal`);
  const { page } = console;
  await standsStill(console, console.node("london"));
  const [from, paris] = [await centreOf(console, "london"), await centreOf(console, "paris")];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 20, from.y + 10, { steps: 10 });
  await page.mouse.up();
  // xyflow takes the first pixels for a click. It is a change of the network now, and comes back from the engine.
  await page.getByRole("button", { name: /^Changes/ }).click();
  await page
    .getByText(/london/)
    .last()
    .waitFor();
  const to = await centreOf(console, "london");
  assert.ok(Math.hypot(to.x - from.x - 20, to.y - from.y - 10) < 9, JSON.stringify({ from, to }));
  const after = await centreOf(console, "paris");
  assert.ok(Math.hypot(after.x - paris.x, after.y - paris.y) < 1);
});

test("numbers of a link out of bounds are said, and not sent; a name that is none is not added", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup"));
  const { page, network } = console;
  await console.link("paris", "newyork").focus();
  await page.keyboard.press("Enter");
  const field = (name: string) => network.getByRole("textbox", { name: new RegExp(`^${name}`) });
  await field("Loss").waitFor();
  const loss = await field("Loss").inputValue();
  for (const [name, text, problem] of [
    ["Loss", "150", "A number from 0 to 100"],
    ["Delay", "-5", "A number from 0 to 3600000"],
    ["Bandwidth", "abc", "A number from 0.000001 to 10000000"],
    ["Queue", "1.5", "A whole number from 1 to 1000000"],
  ] as const) {
    const before = await field(name).inputValue();
    await field(name).fill(text);
    await field(name).press("Enter");
    await network.getByText(problem, { exact: true }).waitFor();
    assert.equal(await field(name).getAttribute("aria-invalid"), "true");
    assert.equal(await field(name).inputValue(), text);
    if (name === "Loss") assert.deepEqual(await violations(page), []);
    await field(name).fill(before);
    await network.getByText(problem, { exact: true }).waitFor({ state: "detached" });
  }
  assert.equal(await field("Loss").inputValue(), loss);
  await field("Delay").fill("1e3");
  await field("Delay").press("Enter");
  await console.until(async () => (await field("Delay").inputValue()) === "1000");
  await network.getByRole("button", { name: "Close the inspector" }).click();

  await network.getByRole("button", { name: "Add a host" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a host" });
  const add = dialog.getByRole("button", { name: "Add", exact: true });
  for (const [name, problem] of [
    ["bad name!", /^Letters, digits and/],
    ["x".repeat(80), /^At most 63 characters/],
    ["PARIS", /taken/],
  ] as const) {
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByText(problem).waitFor();
    assert.ok(await add.isDisabled());
  }
  await dialog.getByLabel("Name").fill("good-name");
  await add.click();
  await console.node("good-name").waitFor();
});

async function boxOf(of: Locator) {
  const box = await of.boundingBox();
  assert.ok(box);
  return box;
}

async function centreOf(console: ConsolePage, node: string): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = await boxOf(console.node(node).locator("svg"));
  return { x: x + width / 2, y: y + height / 2 };
}

/** The drawing was fitted, and does not move any more. */
async function standsStill(console: ConsolePage, node: Locator): Promise<void> {
  let [before, frames] = ["", 0];
  await console.until(async () => {
    const now = JSON.stringify(await node.boundingBox());
    frames = now === before && now !== "null" ? frames + 1 : 0;
    before = now;
    return frames >= 10;
  });
}
