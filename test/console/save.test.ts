/** The network file of `hamlet up FILE` is saved in its place, and nothing that somebody else has written is lost by it. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { violations } from "./testing/axe.ts";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { cleanUp } from "./testing/clean-up.ts";
import type { ConsolePage } from "./testing/console-page.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

const TEXT = "hamlet: 1\nname: Mine\nhosts:\n  a: { addresses: [10.0.0.1/24] }\n";

const ACCOUNT = `hamlet: 1
name: Account
hosts:
  pc:
    addresses: [10.0.0.1/24]
    mailAccount: # of bob
      name: Bob
      # who he is
      address: bob@mail # his address
      outgoingServer: 10.0.0.2 # where he sends
      incomingServer: 10.0.0.2 # where he reads
      # a secret
      userName: bob
      password: hungry # not for others
  mail:
    addresses: [10.0.0.2/24]
links:
  - between: [pc, mail]
`;

test("Ctrl-S in the editor and in the page; a file that has changed meanwhile is asked about", async (t) => {
  if (!hasChromium(t)) return;
  const folder = mkdtempSync(join(tmpdir(), "hamlet-save-"));
  const path = join(folder, "mine.yaml");
  cleanUp(t, () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path, TEXT);
  const console = await openConsole(t, await hamletUp(t, path));
  const { page } = console;

  await openEditor(console);
  await type(console, "# one");
  const changed = page.getByText("(changed)");
  await changed.waitFor();
  await page.keyboard.press("Control+s");
  await page.getByText(`${path} is saved.`).first().waitFor();
  assert.equal(readFileSync(path, "utf8"), `${TEXT}# one`);
  await changed.waitFor({ state: "hidden" });

  writeFileSync(path, `${TEXT}# by hand\n`);
  await type(console, " two");
  const dialog = page.getByRole("dialog", { name: "Overwrite the file?" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await dialog.getByText("holds something else than when it was read").waitFor();
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  assert.equal(readFileSync(path, "utf8"), `${TEXT}# by hand\n`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const coming = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download" }).click();
  assert.equal((await coming).suggestedFilename(), "mine.yaml");
  await page.keyboard.press("Control+s");
  await dialog.getByRole("button", { name: "Overwrite" }).click();
  await console.until(async () => readFileSync(path, "utf8") === `${TEXT}# one two`);

  await page.getByRole("button", { name: "Run", exact: true }).click();
  await console.node("a").waitFor();
  await page.getByRole("button", { name: "Add a router" }).click();
  await page.getByRole("dialog", { name: "Add a router" }).getByLabel("Name").fill("here");
  await page.keyboard.press("Enter");
  await console.node("here").waitFor();
  await page.keyboard.press("Control+s");
  await console.until(async () => /^ +here:/m.test(readFileSync(path, "utf8")));
});

test("one field of a form is one line of the file: comments and the order of keys are its author's", async (t) => {
  if (!hasChromium(t)) return;
  const folder = mkdtempSync(join(tmpdir(), "hamlet-save-"));
  const path = join(folder, "account.yaml");
  cleanUp(t, () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path, ACCOUNT);
  const console = await openConsole(t, await hamletUp(t, path));
  const mail = await (await console.openHost("pc")).mail();
  await mail.openAccount();
  await mail.fill({ password: "thirsty" });
  await mail.save();
  await mail.account.getByText(/^Saved/).waitFor();
  await console.page.keyboard.press("Control+s");
  await console.until(async () => readFileSync(path, "utf8") !== ACCOUNT);
  assert.equal(readFileSync(path, "utf8"), ACCOUNT.replace("hungry", "thirsty"));
});

test("a network that ships is downloaded", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup"));
  const coming = console.page.waitForEvent("download");
  await console.page.keyboard.press("Control+s");
  assert.equal((await coming).suggestedFilename(), "ketchup.yaml");
});

async function openEditor({ page }: ConsolePage): Promise<void> {
  await page.getByRole("button", { name: "Mine", exact: true }).click();
  await page.getByRole("menuitem", { name: /Edit the network file/ }).click();
  await page.getByRole("textbox", { name: "Network file" }).waitFor();
}

/** At the end of the file. */
async function type({ page }: ConsolePage, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Network file" }).focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(text);
}
