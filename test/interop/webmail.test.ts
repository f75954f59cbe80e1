/** Web mail in Chromium: a person with a keyboard, no script, and for one of them a phone. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { webmailService } from "../../src/services/webmail/index.ts";
import { hasChromium, openPage } from "../console/testing/browser.ts";
import { type MailBench, withMailBench } from "./mail-bench.ts";

const PHONE = { width: 390, height: 844 };

test("bob writes himself a letter with a file, reads it, keeps the file, answers, deletes, logs out", async (t) => {
  if (!hasChromium(t)) return;
  await withMailBench(async (bench) => {
    const url = await startWebmail(bench);
    const file = join(bench.folder, "grüne Katze.png");
    writeFileSync(file, randomBytes(100_000));
    const page = await openPage(t, url, { javaScriptEnabled: false, viewport: PHONE, acceptDownloads: true });
    await logIn(page);
    await page.getByRole("link", { name: "New mail" }).click();
    await page.getByLabel("To").fill("Bob <bob@hamburger.edu>");
    await page.getByLabel("Subject").fill("Grüße <b>");
    await page.getByLabel("Text").fill("See below.\n\n<script>1</script>\n.");
    await page.getByLabel("Attachments").setInputFiles(file);
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("status").getByText("Your mail was sent.").waitFor();
    await page.getByRole("link", { name: /Grüße <b>/ }).click();
    assert.equal(await page.locator("pre").textContent(), "See below.\n\n<script>1</script>\n.\n");
    await assertFits(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "grüne Katze.png" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "grüne Katze.png");
    assert.ok(readFileSync(await download.path()).equals(readFileSync(file)));
    await page.getByRole("link", { name: "Reply", exact: true }).click();
    assert.equal(await page.getByLabel("To").inputValue(), "bob@hamburger.edu");
    assert.match(await page.getByLabel("Text").inputValue(), /wrote:\n> See below\.\n/);
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("heading", { name: "Inbox (2 mails)" }).waitFor();
    await page.getByRole("checkbox", { name: /Re: Grüße/ }).check();
    await page.getByRole("button", { name: "Delete selected" }).click();
    await page.getByRole("heading", { name: "Inbox (1 mail)" }).waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByLabel("Password").waitFor();
    await page.goto(`${url}inbox`);
    await page.getByLabel("Password").waitFor();
  });
});

test("every field and button has a name, at any width, in light and dark", async (t) => {
  if (!hasChromium(t)) return;
  await withMailBench(async (bench) => {
    const url = await startWebmail(bench);
    for (const colorScheme of ["light", "dark"] as const) {
      for (const viewport of [PHONE, { width: 1280, height: 800 }]) {
        const page = await openPage(t, url, { colorScheme, viewport });
        await assertNamed(page);
        await logIn(page);
        await assertNamed(page);
        await page.getByRole("link", { name: "New mail" }).click();
        await assertNamed(page);
      }
    }
  });
});

/** Web mail beside the mail server of the bench; its address. */
async function startWebmail(bench: MailBench): Promise<string> {
  await bench.start();
  const host = {
    network: bench.os,
    nameServers: [],
    users: [{ name: "bob", password: "hungry" }],
    stores: bench.stores,
  };
  const port = await bench.freePort();
  const configuration = {
    domains: ["hamburger.edu"],
    address: "127.0.0.1",
    port,
    submitTo: `127.0.0.1:${bench.smtpPort}`,
  };
  await bench.os.run(webmailService.start(host, configuration));
  return `http://127.0.0.1:${port}/`;
}

async function logIn(page: Page): Promise<void> {
  await page.getByLabel("User name").fill("bob");
  await page.getByLabel("Password").fill("hungry");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
}

/** Nothing sticks out at the side. */
async function assertFits(page: Page): Promise<void> {
  const [content, window] = (await page.evaluate(
    "[document.documentElement.scrollWidth, innerWidth]",
  )) as number[];
  assert.ok(content <= window, `${content} pixels in a window of ${window}`);
}

/** What a screen reader would say of each thing that can be filled in or pressed. */
async function assertNamed(page: Page): Promise<void> {
  await assertFits(page);
  const snapshot = await page.locator("body").ariaSnapshot();
  for (const line of snapshot.split("\n")) {
    if (/- (textbox|button|checkbox|link)\b/.test(line)) assert.match(line, /"[^"]+"/, snapshot);
  }
  assert.match(snapshot, /- main/);
  assert.match(snapshot, /- heading "[^"]+" \[level=1\]/);
}
