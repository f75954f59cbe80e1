/** Mail by IMAP as a person clicks it: two PCs with one account see the same, and only what is wanted is fetched. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { violations } from "./testing/axe.ts";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { hamletUp } from "./testing/hamlet-up.ts";
import type { Account } from "./testing/mail-page.ts";

const WORKS = "Saved. Both servers answer as they should.";
const sreesanth: Account = {
  name: "sreesanth",
  address: "sreesanth@gmail.com",
  incomingServer: "mail.gmail.com",
  outgoingServer: "mail.gmail.com",
  userName: "sreesanth",
  password: "456",
};

test("IMAP on two PCs: a letter and its file, a folder, a search, what the other has read and moved", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "mail-lab", "--speed", "5"));
  const { page } = console;
  const first = await console.openHost("pc1");
  const one = await first.mail();
  const files = [{ name: "pixel.png", mimeType: "image/png", buffer: PICTURE }];
  await one.send({ to: sreesanth.address, subject: "Ketchup", text: "Look at this.", files });
  await page.getByText(`Sent to ${sreesanth.address}`).first().waitFor();
  // The same person sits at both PCs now.
  await one.openAccount();
  await one.fill(sreesanth);
  await one.choose("IMAP");
  await one.account.getByText("Messages and folders stay on the server.").waitFor();
  assert.equal(await one.account.getByText("Leave messages on the server").count(), 0);
  await one.save();
  await one.account.getByText(WORKS).waitFor();
  await one.account.getByRole("button", { name: "To the inbox" }).click();
  await one.client.getByRole("list", { name: "Inbox" }).getByLabel("unread").waitFor();

  const second = await console.openHost("pc2");
  const two = await second.mail();
  await two.openAccount();
  await two.choose("IMAP");
  await two.save();
  await two.account.getByText(WORKS).waitFor();
  await two.account.getByRole("button", { name: "To the inbox" }).click();
  const letter = await two.open("Ketchup");
  await letter.getByText("Look at this.").waitFor();
  assert.equal(
    await letter.getByRole("img", { name: "Attachment pixel.png" }).count(),
    0,
    "it is not here yet",
  );
  const download = page.waitForEvent("download");
  await letter.getByRole("button", { name: /pixel\.png/ }).click();
  assert.ok(readFileSync(await (await download).path()).equals(PICTURE));
  await letter.getByRole("img", { name: "Attachment pixel.png" }).waitFor();
  await two.newFolder("Recipes");
  await two.folder("Inbox");
  await two.search("ketchup", "Subject");
  await two.client.getByRole("list", { name: "Inbox" }).getByText("Ketchup").waitFor();
  await two.search("pickles", "Anywhere");
  await two.client.getByText("No message has these words.").waitFor();
  await two.client.getByRole("textbox", { name: "Search in Inbox" }).fill("");
  await two.open("Ketchup");
  await two.moveTo("Recipes");
  await (await two.folder("Recipes")).getByText("Ketchup").waitFor();

  await first.show();
  await one.receive();
  const recipes = await one.folder("Recipes");
  await recipes.getByText("Ketchup").waitFor();
  assert.equal(await recipes.getByLabel("unread").count(), 0, "the other PC has read it");
  assert.equal(await one.client.getByRole("list", { name: "Inbox" }).count(), 0);
});

test("IMAP switched off is said at the incoming server; POP3 goes on", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "10"));
  const services = await (await console.openHost("mail.crepes.fr")).part("Services");
  await services.getByRole("switch", { name: /IMAP/ }).first().click();
  const mail = await (await console.openHost("pc.crepes.fr")).mail();
  await mail.openAccount();
  await mail.choose("IMAP");
  await mail.save();
  await mail.account.getByText(/refuses connections to port 143: no IMAP server runs there/).waitFor();
  assert.equal(await mail.field("Incoming server").getAttribute("aria-invalid"), "true");
  await mail.choose("POP3");
  await mail.save();
  await mail.account.getByText(WORKS).waitFor();
});

test("what IMAP brings to the page can be used by everybody: axe-core finds nothing", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "mail-lab", "--speed", "10"));
  const { page } = console;
  const mail = await (await console.openHost("pc1")).mail();
  const see = async (what: string): Promise<void> => assert.deepEqual(await violations(page), [], what);
  const files = [{ name: "pixel.png", mimeType: "image/png", buffer: PICTURE }];
  await mail.send({ to: "suryakiran@gmail.com", subject: "Ketchup", text: "Look at this.", files });
  await page
    .getByText(/^Sent to/)
    .first()
    .waitFor();
  await mail.openAccount();
  await mail.choose("IMAP");
  await mail.save();
  await mail.account.getByText(WORKS).waitFor();
  await see("account");
  await mail.client.getByRole("button", { name: /^Inbox/ }).click();
  await mail.client.getByRole("listitem").filter({ hasText: "Ketchup" }).waitFor();
  await mail.newFolder("Recipes");
  await see("folders and search");
  await (await mail.open("Ketchup")).getByText("Look at this.").waitFor();
  await see("letter whose file is on the server");
  await mail.client.getByText("Source", { exact: true }).click();
  await mail.client.getByRole("button", { name: "Fetch all of it" }).waitFor();
  await see("source on the server");
  await mail.client.getByRole("button", { name: "Move to a folder" }).click();
  await page.getByRole("menuitem", { name: "Recipes" }).waitFor();
  await see("menu of folders");
  await page.getByRole("menuitem", { name: "Recipes" }).click();
  await mail.folder("Recipes");
  await mail.client.getByRole("button", { name: "More about the folder Recipes" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "New name of Recipes" }).fill("Soups");
  await see("new name of a folder");
  await page.getByRole("button", { name: "Rename" }).click();
  const soups = await mail.folder("Soups");
  await soups.getByText("Ketchup").waitFor();
});

/** One red pixel. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
