/**
 * The console as a person uses it, by roles and labels: what a screen reader would find. Read next: host-page.ts for the
 * windows of hosts.
 */

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { WAIT_MS } from "./chromium.ts";
import { HostPage } from "./host-page.ts";

export class ConsolePage {
  readonly page: Page;
  readonly timer: Locator;
  readonly network: Locator;
  readonly packets: Locator;
  readonly detail: Locator;
  readonly guide: Locator;

  constructor(page: Page) {
    this.page = page;
    this.timer = page.getByRole("timer", { name: "Virtual time" });
    this.network = page.getByRole("region", { name: "Network" });
    this.packets = page.getByRole("grid", { name: "Packets" });
    this.detail = page.getByRole("region", { name: /^Packet \d+$/ });
    this.guide = page.getByRole("complementary", { name: "Guide" });
  }

  // ---- Time.

  async nowSeconds(): Promise<number> {
    const text = (await this.timer.textContent()) ?? "";
    const value = Number.parseFloat(text.replace(/[^\d.]/g, ""));
    assert.ok(Number.isFinite(value), `"${text}" is a time`);
    if (/\bms\b/.test(text)) return value / 1e3;
    return /µs/.test(text) ? value / 1e6 : value;
  }

  /** Looks again and again until it is so. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    const endAt = performance.now() + WAIT_MS;
    while (!(await isSo())) {
      assert.ok(performance.now() < endAt, "waited in vain");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async play(): Promise<void> {
    await this.page.getByRole("button", { name: "Play", exact: true }).click();
    await this.page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  }

  async pause(): Promise<void> {
    await this.page.getByRole("button", { name: "Pause", exact: true }).click();
    await this.page.getByRole("button", { name: "Play", exact: true }).waitFor();
  }

  async playStory(): Promise<void> {
    await this.page.getByRole("button", { name: "Play story" }).click();
  }

  /** Opens another of the networks that ship. */
  async openNetwork(name: string): Promise<void> {
    await this.page.getByRole("banner").getByRole("button").first().click();
    await this.page.getByRole("menuitem", { name: new RegExp(`^${quoted(name)}\\b`) }).click();
    await this.page.getByRole("button", { name, exact: true }).waitFor();
  }

  // ---- The drawing.

  /** A host, router or switch. */
  node(name: string): Locator {
    return this.network.getByRole("group", { name: new RegExp(`^(Host|Router|Switch) ${quoted(name)}\\b`) });
  }

  link(a: string, b: string): Locator {
    return this.network.getByRole("group", {
      name: new RegExp(`^Link between ${quoted(a)} and ${quoted(b)}\\b`),
    });
  }

  /** Cuts or heals a link, by the keyboard: on a drawing of many links one may lie above another. */
  async change(link: Locator, act: "Cut" | "Heal"): Promise<void> {
    await link.focus();
    await this.page.keyboard.press("Enter");
    await this.network.getByRole("button", { name: act, exact: true }).click();
    await this.network.getByRole("button", { name: "Close the inspector" }).click();
  }

  /** An item of the menu that the right mouse button opens. */
  async choose(on: Locator, item: string): Promise<void> {
    await on.click({ button: "right", force: true });
    await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  async openHost(name: string): Promise<HostPage> {
    const host = new HostPage(this.page, name);
    await this.node(name).dblclick();
    const isOpen = await host.window.waitFor({ timeout: DOUBLE_CLICK_MS }).then(
      () => true,
      () => false,
    );
    // On a machine that is too slow for a double click it was two, and the inspector may lie on the host: by the keyboard.
    if (!isOpen) {
      await this.node(name).focus();
      await this.page.keyboard.press("Enter");
      await this.page.keyboard.press("Enter");
      await host.window.waitFor();
    }
    return host;
  }

  // ---- Packets.

  /** The rows that are seen now. */
  get rows(): Locator {
    return this.packets.getByRole("row").filter({ has: this.page.getByRole("gridcell") });
  }

  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text });
  }

  async filter(text: string): Promise<void> {
    const box = this.page.getByLabel("Display filter", { exact: true });
    await box.fill(text);
    await box.press("Enter");
  }

  /** A packet that a filter lets through, selected and taken apart. */
  async openPacket(filter: string): Promise<Locator> {
    await this.filter(filter);
    // Until the answer is there the rows are those of the filter before.
    await this.packets.and(this.page.locator(`[data-filter=${JSON.stringify(filter)}]`)).waitFor();
    await this.rows.first().click();
    await this.detail.waitFor();
    return this.detail;
  }

  async show(view: "Network" | "Both" | "Packets"): Promise<void> {
    // What is clicked of a radio button is its label, which stands in its way.
    await this.page
      .getByRole("radiogroup", { name: "What is shown" })
      .getByText(view, { exact: true })
      .click({ force: true });
  }

  /** A step of the lesson that is open in the guide, which ticks itself off. */
  async isDone(step: string): Promise<void> {
    await this.guide.getByRole("button", { name: `done ${step}`, exact: true }).waitFor();
  }

  async tab(name: string | RegExp): Promise<void> {
    await this.page.getByRole("tablist", { name: "Pages of the packets" }).getByRole("tab", { name }).click();
  }
}

const DOUBLE_CLICK_MS = 5_000;

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
