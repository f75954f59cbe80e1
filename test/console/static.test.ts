/** The page without a server: static files from any folder, the engine in a worker of the page, and no other request. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { staticHost } from "./testing/static-host.ts";

test("the ketchup story runs in the page alone", async (t) => {
  if (!hasChromium(t)) return;
  const host = await staticHost(t);
  const console = await openConsole(t, host.url);
  const { page } = console;
  await page
    .getByRole("button", { name: "Engine: this page" })
    .or(page.getByText("in this page"))
    .first()
    .waitFor();
  await console.openNetwork("Ketchup");
  await console.playStory();
  await console.filter('smtp.req.command == "MAIL" and ip.dst == 10.2.0.25');
  await console.row("MAIL FROM: <alice@crepes.fr>").waitFor();
  await console.filter("pop");
  await console.row("+OK user successfully logged on").waitFor();
  const pc = await console.openHost("pc.hamburger.edu");
  await pc.program("Terminal");
  await pc.screen.getByText("pc.hamburger.edu").first().waitFor();
  // What is shown is loaded: from here on the page does all of it by itself.
  const before = host.asked.length;
  await pc.type("ping -c 1 mail.crepes.fr");
  await pc.screen.getByText(/1 packets transmitted, 1 received/).waitFor();
  const asked = host.asked.slice(before).filter((path) => !path.endsWith("/icon.svg"));
  assert.deepEqual({ asked, missing: host.missing }, { asked: [], missing: [] });
});

test("a network file is edited, opened, and shared as a link that holds all of it", async (t) => {
  if (!hasChromium(t)) return;
  const host = await staticHost(t);
  const console = await openConsole(t, host.url);
  const { page } = console;
  await console.openNetwork("Ketchup");
  await page.getByRole("button", { name: "Ketchup", exact: true }).click();
  await page.getByRole("menuitem", { name: /Share as a link/ }).click();
  const box = page.getByRole("dialog").getByRole("textbox", { name: "Link" });
  await console.until(async () => (await box.inputValue()) !== "");
  const link = await box.inputValue();
  assert.ok(link.startsWith(host.url.replace(/#.*/, "")), link);
  const other = await openConsole(t, link);
  await other.page.getByRole("dialog").getByRole("button", { name: /open/i }).click();
  await other.node("pc.crepes.fr").waitFor();
  assert.deepEqual(host.missing, []);
});

test("a network that there is not is said to be none", async (t) => {
  if (!hasChromium(t)) return;
  const host = await staticHost(t);
  const { page } = await openConsole(t, host.url.replace("#", "#network=nosuch&"));
  await page.getByText('There is no network "nosuch"').waitFor();
  await page.getByText("Town is open instead.").waitFor();
  await page.waitForURL((url) => !url.hash.includes("nosuch"));
});
