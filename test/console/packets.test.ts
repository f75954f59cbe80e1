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

test("a wrong filter is told where it is wrong, all of it; the list stays as it is, and the frame says so", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "20", "--story"));
  await console.openHost("pc.crepes.fr");
  const search = console.page.getByRole("search");
  const said = search.getByRole("status");
  const applied = search.locator("input[data-applied]");
  await console.filter("dns");
  await console.row("DNS").first().waitFor();
  await applied.waitFor();
  for (const [filter, problem] of [
    ["dns and and", 'expected a protocol, a field or a text, not "and"'],
    ["foo.bar", '"foo.bar" is no field; a text stands in quotes, a host behind "host =="'],
  ]) {
    await console.filter(filter);
    await said.filter({ hasText: problem }).waitFor();
    assert.ok(await said.evaluate((element) => element.scrollWidth <= element.clientWidth), "read whole");
    assert.equal(await applied.count(), 0, "what is typed does not apply");
    assert.ok((await console.row("DNS").count()) > 0);
  }
  await console.filter("smpt");
  await said.filter({ hasText: "is smtp meant?" }).waitFor();
  await console.filter("dns");
  await applied.waitFor();
});

test("a packet that is not in the list is selected nowhere in it, and the keys go on from its place", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "20", "--story"));
  await console.filter('smtp.req.command == "QUIT" and ip.dst == 10.2.0.25');
  await console.row("QUIT").waitFor();
  await console.pause();
  await console.show("Packets");
  await console.openPacket('smtp.req.command == "MAIL" and ip.dst == 10.2.0.25');
  const name = (await console.detail.getAttribute("aria-label")) ?? "";
  const number = Number(name.replace("Packet ", ""));
  const other = "arp or icmpv6 or dns or tcp.flags.syn == 1 or tcp.flags.fin == 1";
  await console.filter(other);
  await console.packets.and(console.page.locator(`[data-filter=${JSON.stringify(other)}]`)).waitFor();
  const selected = console.packets.getByRole("row", { selected: true });
  assert.equal(await selected.count(), 0);
  for (const [key, isRight] of [
    ["ArrowDown", (found: number) => found > number],
    ["ArrowUp", (found: number) => found < number],
  ] as const) {
    await console.packets.focus();
    await console.page.keyboard.press(key);
    await selected.waitFor();
    const found = Number(await selected.getByRole("gridcell").first().innerText());
    assert.ok(isRight(found), `${key} from ${number} led to ${found}`);
  }
  await console.filter("smtp");
  await console.packets.and(console.page.locator('[data-filter="smtp"]')).waitFor();
  assert.equal(await selected.count(), 0);
});

test("between Both, Packets and Network: conversations, statistics and the place in the list stay", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "20", "--story"));
  const { page } = console;
  await console.filter("pop");
  await console.row("+OK user successfully logged on").waitFor();
  await console.pause();
  await console.filter("");
  const first = console.rows.first();
  const index = () => first.getAttribute("aria-rowindex");
  await console.packets.and(page.locator('[data-filter=""]')).waitFor();
  await console.packets.evaluate((grid) => (grid.scrollTop = 20 * 24));
  await console.until(async () => (await index()) === "22");
  const text = await first.innerText();
  for (const view of ["Packets", "Network", "Both"] as const) {
    await console.show(view);
    await console.packets.waitFor({ state: view === "Network" ? "hidden" : "visible" });
    if (view === "Network") continue;
    await console.until(async () => (await index()) === "22" && (await first.innerText()) === text);
  }
  const detail = await console.openPacket('smtp.req.command == "RCPT" and ip.dst == 10.2.0.25');
  await detail.getByRole("button", { name: "Follow the conversation" }).click();
  const dialogue = page.getByRole("region", { name: "Dialogue" });
  for (const view of ["Packets", "Both", "Network", "Packets"] as const) {
    await console.show(view);
    await dialogue.waitFor({ state: view === "Network" ? "hidden" : "visible" });
  }
  await console.tab("Graph");
  await page.getByRole("radiogroup", { name: "What is drawn" }).getByText("Bits/s").click();
  await console.show("Both");
  await page.getByRole("img", { name: /^bits per second/ }).waitFor();
  await console.tab(/^Conversation \d+$/);
  await dialogue.waitFor();
});

test("the graph's interval is that of its packets, however late they come", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "ketchup", "--speed", "100"));
  await console.until(async () => (await console.nowSeconds()) > 60);
  await console.playStory();
  await console.filter("pop");
  await console.row("+OK user successfully logged on").waitFor();
  await console.tab("Graph");
  await console.page.getByPlaceholder(/^Interval: 10+ ms$/).waitFor();
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
