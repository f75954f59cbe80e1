/** The first visit: the welcome, and the tour of the town to its end, each step ticked off by what was done. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

test("the tour: from the welcome to the last step", async (t) => {
  if (!hasChromium(t)) return;
  const url = await hamletUp(t, "ketchup");
  const console = await openConsole(t, url.replace(/#.*/, ""));
  const { page, guide } = console;
  await page
    .getByRole("dialog", { name: "Welcome to Hamlet" })
    .getByRole("button", { name: "Start the tour" })
    .click();
  await guide.getByText("A tour of the town").waitFor();
  await page.getByRole("button", { name: "Town", exact: true }).waitFor();

  const pc = await console.openHost("pc.crepes.fr");
  await pc.program("Terminal");
  await pc.type("ping -c 3 mail.hamburger.edu");
  await console.isDone("Knock at a far door");
  await pc.screen.getByText(/3 packets transmitted, 3 received/).waitFor();
  await console.isDone("Who knew the way to that name?");

  await pc.type("traceroute mail.hamburger.edu");
  await console.isDone("Slow down time");
  await pc.type("dig hamburger.edu MX");
  await console.isDone("Ask for something else");

  const ocean = console.link("paris", "newyork");
  await console.change(ocean, "Cut");
  await pc.type("traceroute mail.hamburger.edu");
  await console.isDone("Cut the cable through the ocean");
  await console.change(ocean, "Heal");
  await console.isDone("Mend it");
  await guide.getByText("Done, all of it.").waitFor();
});

test("a page that is opened again does not ask again", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, (await hamletUp(t, "ketchup")).replace(/#.*/, ""));
  const { page } = console;
  const welcome = page.getByRole("dialog", { name: "Welcome to Hamlet" });
  await welcome.getByRole("button", { name: "Look around" }).click();
  await welcome.waitFor({ state: "detached" });
  await page.reload();
  await console.node("paris").waitFor();
  assert.equal(await welcome.count(), 0);
});
