/** Packets in the browser: filters, a packet taken apart, its conversation followed and drawn, statistics, export. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

test("the story of the mail: one of its packets is taken apart, its octets beside its fields", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "20", "--story"));
  const detail = await console.openPacket('smtp.req.command == "MAIL"');
  const fields = detail.getByRole("tree", { name: "Fields of the packet" });
  await fields
    .getByText(/RFC 9293 §/)
    .first()
    .waitFor();
  const command = fields.getByRole("treeitem", { name: /MAIL FROM/ }).last();
  assert.match(await command.innerText(), /RFC 5321 §/);
  await command.click();
  const octets = detail.getByRole("group", { name: /^Octets of the packet/ });
  assert.equal(await octets.locator('[data-mark="selected"]').first().innerText(), "4d", "M of MAIL");
});

test("a conversation: followed as a dialogue, drawn as a diagram, and back to its packets", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "20", "--story"));
  const detail = await console.openPacket('smtp.req.command == "RCPT" and ip.dst == 10.2.0.25');
  await detail.getByRole("button", { name: "Follow the conversation" }).click();
  const dialogue = console.page.getByRole("region", { name: "Dialogue" });
  await dialogue.getByText("S: 221 hamburger.edu closing connection").waitFor();
  await console.page
    .getByRole("radiogroup", { name: "What of the conversation" })
    .getByText("Diagram")
    .click();
  const diagram = console.page.getByRole("region", { name: "Sequence diagram" });
  await diagram.locator("svg text").filter({ hasText: "SYN" }).first().waitFor();
  await console.page.getByRole("button", { name: "Its packets" }).click();
  await console.row("[SYN]").first().waitFor();
});

test("a wrong filter is told where it is wrong, and the list stays as it is", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "20", "--story"));
  await console.filter("dns");
  await console.row("DNS").first().waitFor();
  await console.filter("dns and and");
  await console.page.getByRole("search").getByRole("status").waitFor();
  assert.ok((await console.row("DNS").count()) > 0);
});

test("conversations, protocols, graph, summary; the capture as a file", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "20", "--story"));
  await console.openPacket("pop");
  const { page } = console;
  await console.tab("Conversations");
  await page
    .getByRole("row", { name: /mail\.crepes\.fr.*mail\.hamburger\.edu/ })
    .first()
    .waitFor();
  await console.tab("Protocols");
  await page
    .getByText(/Simple Mail Transfer|SMTP/i)
    .first()
    .waitFor();
  await console.tab("Graph");
  await page.locator("canvas").last().waitFor();
  await console.tab("Summary");
  await page
    .getByText(/packets/i)
    .first()
    .waitFor();
  await console.tab("Packets");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as pcapng" }).click();
  await page.getByRole("menuitem", { name: /^All \d+ packets$/ }).click();
  const captured = readFileSync(await (await download).path());
  assert.equal(captured.subarray(0, 4).toString("hex"), "0a0d0d0a", "a section header block");
});
