/** The files of a host: nothing that was typed is lost by opening something else, and nothing goes unasked. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { hamletUp } from "./testing/hamlet-up.ts";
import { HostPage } from "./testing/host-page.ts";

test("files: what is typed stays until it is saved or discarded; delete and replace ask; rename", async (t) => {
  if (!hasChromium(t)) return;
  const { page } = await openConsole(t, await hamletUp(t, "sockets"));
  const host = new HostPage(page, "client");
  await page.evaluate('location.hash = "#view=both&host=client:editor"');
  const files = host.window;
  const list = files.getByRole("list", { name: "Files of client" });
  const entry = (name: RegExp) => list.getByRole("button", { name });
  const text = (name: string) => files.getByRole("textbox", { name: `Text of ${name}` });
  const button = (name: string) => files.getByRole("button", { name, exact: true });
  const back = () => button("Back to the files").click();
  const name = page.getByRole("textbox", { name: "Name of the file" });

  await begin("a.txt");
  await text("a.txt").pressSequentially("Roses");
  await back();
  await entry(/a\.txt.*not saved/).click();
  await shows(text("a.txt"), "Roses");
  await back();
  await begin("b.txt");
  await back();
  await page.reload();
  await entry(/b\.txt/).waitFor();
  await entry(/a\.txt.*not saved/).click();
  await shows(text("a.txt"), "Roses");
  await button("Save").click();
  await files.getByTitle("not saved").waitFor({ state: "detached" });

  // Once it is saved it is a file as others are.
  await text("a.txt").press("End");
  await text("a.txt").pressSequentially(" are red");
  await answer("Discard what was typed in a.txt", "Discard");
  await shows(text("a.txt"), "Roses");
  await button("Rename a.txt").click();

  await name.fill("b.txt");
  await page.getByRole("alert").getByText("There is a file of this name").waitFor();
  await name.fill("c.txt");
  await name.press("Enter");
  await shows(text("c.txt"), "Roses");
  await back();
  await entry(/^c\.txt/).waitFor();
  await entry(/^a\.txt/).waitFor({ state: "detached" });

  await put("c.txt", "Violets");
  await page.getByRole("button", { name: "Cancel" }).click();
  await entry(/^c\.txt/).click();
  await shows(text("c.txt"), "Roses");
  await back();
  await put("c.txt", "Violets");
  await page.getByRole("button", { name: "Replace" }).click();
  await shows(text("c.txt"), "Violets");
  await answer("Delete c.txt", "Cancel");
  await shows(text("c.txt"), "Violets");
  await answer("Delete c.txt", "Delete");
  await entry(/^b\.txt/).waitFor();
  await entry(/^c\.txt/).waitFor({ state: "detached" });

  await put("long.txt", "x".repeat(4_800_000));
  await files.getByText("This text has 4.8 MB: too large to be edited here").waitFor();
  const download = page.waitForEvent("download");
  await button("Save it on this computer").click();
  assert.equal((await download).suggestedFilename(), "long.txt");

  async function begin(fileName: string): Promise<void> {
    await button("New").click();
    await name.fill("../x");
    await page.getByRole("alert").getByText("has no /").waitFor();
    await name.fill(fileName);
    await name.press("Enter");
    await text(fileName).waitFor();
  }
  async function put(fileName: string, content: string): Promise<void> {
    const file = { name: fileName, mimeType: "text/plain", buffer: Buffer.from(content) };
    await files.getByLabel("File to put here").setInputFiles(file);
  }
  async function answer(asked: string, how: string): Promise<void> {
    await button(asked).click();
    await page.getByRole("dialog").getByRole("button", { name: how, exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
});

async function shows(editor: Locator, text: string): Promise<void> {
  await editor.getByText(text, { exact: true }).waitFor();
}
