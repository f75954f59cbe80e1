/** Time in the browser: stopped, stepped, and back to an earlier moment, where one thing is changed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hasChromium, openConsole } from "./testing/browser.ts";
import type { ConsolePage } from "./testing/console-page.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

test("back in time: the same packets again; something else is done there, and the future is another one", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup"));
  const { page } = console;
  const pc = await console.openHost("pc.crepes.fr");
  await pc.program("Terminal");
  const beforeAt = await console.nowSeconds();
  await pc.type("ping -c 1 mail.hamburger.edu");
  await pc.screen.getByText(/1 packets transmitted, 1 received/).waitFor();
  await console.pause();
  await console.filter("icmp.type == 8");
  const request = console.row("Echo (ping) request").first();
  await request.waitFor();
  const text = await request.innerText();
  const endAt = await console.nowSeconds();

  await request.click();
  await console.detail.getByRole("button", { name: "Go to this packet's time" }).click();
  await console.until(async () => (await console.nowSeconds()) < endAt - 0.01);
  assert.ok((await console.nowSeconds()) >= beforeAt - 1);
  await request.waitFor();
  assert.equal(
    await console.row("Echo (ping) request").first().innerText(),
    text,
    "the same packet, octet for octet",
  );

  await console.change(console.link("paris", "newyork"), "Cut");
  await console.play();
  await console.filter("icmp");
  await console
    .row(/unreachable/i)
    .first()
    .waitFor();
  await console.filter("icmp.type == 0");
  await page
    .getByText(/no packet/i)
    .first()
    .waitFor();
});

test("stopped, stepped event by event and packet by packet, restarted with another seed", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "0", "--story"));
  const { page } = console;
  assert.equal(await console.nowSeconds(), 0);
  await page.getByRole("button", { name: "Step to the next packet", exact: true }).first().click();
  await console.row("ARP").first().waitFor();
  const first = await console.nowSeconds();
  await page.getByRole("button", { name: "Step to the next event" }).click();
  await page.getByRole("button", { name: "Step to the next packet of a filter" }).click();
  const box = page.getByRole("dialog").getByRole("textbox");
  await box.fill("smtp.response.code == 354");
  await box.press("Enter");
  await console.filter("smtp");
  await console.row("354").first().waitFor();
  assert.ok((await console.nowSeconds()) > first);
  await page.getByRole("button", { name: /^Restart; seed 1$/ }).click();
  await page.getByRole("textbox", { name: /seed/i }).fill("7");
  await page
    .getByRole("button", { name: /^Restart/ })
    .last()
    .click();
  await page.getByRole("button", { name: /seed 7$/ }).waitFor();
});

test("the time line: a second click at the same place goes there again, the right button nowhere", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "0", "--story"));
  const { page } = console;
  const is = async (seconds: number) => Math.abs((await console.nowSeconds()) - seconds) < 0.02;
  const quarter = await placeOnLine(console, 0.25);
  await page.mouse.click(quarter.x, quarter.y);
  // A network that has just begun shows two seconds.
  await console.until(() => is(0.5));
  await page.keyboard.press("Home");
  await console.until(() => is(0));
  await page.mouse.down();
  await page.mouse.up();
  await console.until(() => is(0.5));
  const end = await placeOnLine(console, 0.9);
  await page.mouse.click(end.x, end.y, { button: "right" });
  // What the right button asked for would be done before this.
  const before = await console.timer.textContent();
  await page.getByRole("button", { name: "Step to the next event" }).click();
  await console.until(async () => (await console.timer.textContent()) !== before);
  assert.ok((await console.nowSeconds()) < 1.5);
});

test("the time line: a tap goes there", async (t) => {
  if (!hasChromium(t)) return;
  const url = await hamletUp(t, "ketchup", "--speed", "0", "--story");
  const console = await openConsole(t, url, { hasTouch: true });
  const { x, y } = await placeOnLine(console, 0.5);
  await console.page.touchscreen.tap(x, y);
  await console.until(async () => Math.abs((await console.nowSeconds()) - 1) < 0.02);
});

async function placeOnLine({ page }: ConsolePage, share: number): Promise<{ x: number; y: number }> {
  const box = await page.getByRole("slider", { name: "Time line" }).boundingBox();
  assert.ok(box !== null);
  return { x: box.x + share * box.width, y: box.y + box.height / 2 };
}
