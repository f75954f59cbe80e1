/** The window of one host, as a person uses it: its programs, services, tables. */

import type { Locator, Page } from "playwright-core";
import { MailPage } from "./mail-page.ts";

export class HostPage {
  readonly page: Page;
  readonly name: string;
  readonly window: Locator;

  constructor(page: Page, name: string) {
    this.page = page;
    this.name = name;
    this.window = page
      .getByRole("tabpanel")
      .filter({ has: page.getByRole("tablist", { name: `Parts of ${name}` }) });
  }

  async part(name: "Desktop" | "Services" | "Config" | "State"): Promise<Locator> {
    await this.window.getByRole("tab", { name }).click();
    return this.window.getByRole("region", { name: `${name} of ${this.name}` });
  }

  /** Brings its window to the front. */
  async show(): Promise<void> {
    await this.page
      .getByRole("tablist", { name: "Open hosts" })
      .getByRole("tab", { name: this.name })
      .click();
  }

  async program(name: string): Promise<Locator> {
    const desktop = await this.part("Desktop");
    const all = desktop.getByRole("button", { name: "All programs of the Desktop" });
    const program = desktop.getByRole("button", { name, exact: true });
    await all.filter({ visible: true }).or(program).first().waitFor();
    if (await all.isVisible()) await all.click();
    await program.click();
    return desktop;
  }

  async mail(): Promise<MailPage> {
    return new MailPage(await this.program("Mail"));
  }

  /** Types a line in the terminal. */
  async type(line: string): Promise<void> {
    const desktop = this.window.getByRole("region", { name: `Desktop of ${this.name}` });
    await desktop.getByRole("textbox", { name: "Terminal input" }).pressSequentially(line);
    await this.page.keyboard.press("Enter");
  }

  /** What the terminal shows. */
  get screen(): Locator {
    return this.window.locator(".xterm-rows");
  }
}
