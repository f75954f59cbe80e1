/** The other windows of hosts: files, the web browser, and every panel of a service. */

import type { ConsolePage } from "../console-page.ts";
import { HostPage } from "../host-page.ts";
import { popup, type State } from "./state.ts";

export const hostStates: readonly State[] = [
  {
    name: "terminal for screen readers",
    async show(console) {
      const host = await console.openHost("pc.crepes.fr");
      await host.program("Terminal");
      await host.window.getByRole("switch", { name: "Screen reader" }).click({ force: true });
      await host.type("help");
      await host.screen.getByText("traceroute").first().waitFor();
    },
  },
  popup(
    "name of a new file",
    async (console) => {
      const files = await on(console, "pc.crepes.fr").program("Files");
      await files.getByRole("button", { name: "New" }).click();
    },
    ({ page }) => page.getByRole("textbox", { name: "Name of the file" }),
  ),
  {
    name: "text file",
    async show(console) {
      const files = await on(console, "pc.crepes.fr").program("Files");
      const text = { name: "menu.txt", mimeType: "text/plain", buffer: Buffer.from("Crêpes\n") };
      await files.getByLabel("File to put here").setInputFiles(text);
      await files.getByRole("textbox", { name: "Text of menu.txt" }).pressSequentially("Galettes");
      await files.getByRole("button", { name: "Save" }).waitFor();
    },
  },
  popup(
    "delete a file",
    async (console) =>
      on(console, "pc.crepes.fr").window.getByRole("button", { name: "Delete menu.txt" }).click(),
    ({ page }) => page.getByRole("dialog", { name: "Delete menu.txt?" }),
  ),
  {
    name: "web servers",
    async show(console) {
      const browser = await on(console, "pc.crepes.fr").program("Web browser");
      await browser.getByText("Web servers of this network:").waitFor();
    },
  },
  {
    name: "page",
    async show(console) {
      await go(console, "http://www.hamburger.edu/");
      await browserOf(console).getByText("200 OK").waitFor();
    },
  },
  {
    name: "header of a page",
    async show(console) {
      await browserOf(console).getByRole("switch", { name: "Header" }).click({ force: true });
      await browserOf(console).getByRole("region", { name: "Fields of the response" }).waitFor();
    },
  },
  {
    name: "web mail",
    async show(console) {
      await go(console, "http://mail.crepes.fr/");
      await browserOf(console).frameLocator("iframe").locator("input:visible").first().waitFor();
    },
  },
  {
    name: "page that is not there",
    async show(console) {
      await go(console, "http://www.nowhere.fr/");
      await browserOf(console).getByText("This page cannot be shown").waitFor();
    },
  },
  {
    name: "mail server with a queue, a mailbox and a user",
    async show(console) {
      const services = await (await console.openHost("mail.crepes.fr")).part("Services");
      await services.getByRole("button", { name: "alice", exact: true }).first().click();
      await services.getByRole("button", { name: "Change password" }).waitFor();
      await services
        .getByRole("row", { name: /^alice/ })
        .getByRole("button")
        .click();
      await services
        .getByRole("list", { name: "Messages of alice" })
        .or(services.getByText("It is empty."))
        .waitFor();
    },
  },
  popup(
    "services to install",
    async (console) =>
      on(console, "mail.crepes.fr").window.getByRole("button", { name: "Install a service" }).click(),
    ({ page }) => page.getByRole("menuitem").first(),
  ),
  {
    name: "service without a panel",
    async show(console) {
      await on(console, "mail.crepes.fr")
        .window.getByRole("button", { name: /^web ?mail/i })
        .click();
      await console.page.getByText("Configuration").waitFor();
    },
  },
  {
    name: "name server with a wrong record",
    async show(console) {
      const services = await (await console.openHost("ns1.crepes.fr")).part("Services");
      const form = services.getByRole("form", { name: /^New record/ });
      await form.getByRole("textbox", { name: "Value" }).fill("no address");
      await form.getByRole("button", { name: "Add" }).click();
      await form.getByRole("alert").waitFor();
    },
  },
  popup(
    "new zone",
    async (console) => on(console, "ns1.crepes.fr").window.getByRole("button", { name: "New zone" }).click(),
    ({ page }) => page.getByRole("textbox", { name: "Name of the zone" }),
  ),
  {
    name: "cache of a name server",
    async show(console) {
      const services = await (await console.openHost("dns.crepes.fr")).part("Services");
      await services.getByRole("table", { name: "Cache" }).waitFor();
    },
  },
  ...["DNS cache", "Log", "Sockets"].map((table) => ({
    name: `state: ${table}`,
    async show(console: ConsolePage) {
      const state = await on(console, "dns.crepes.fr").part("State");
      await state.getByRole("tab", { name: table }).click();
      if (table === "Sockets")
        await state
          .getByRole("button", { name: /^More about the socket/ })
          .first()
          .click();
      await state.getByRole("table").or(state.getByText(/\.$/)).first().waitFor();
    },
  })),
  {
    name: "wrong address",
    async show(console) {
      const config = await on(console, "dns.crepes.fr").part("Config");
      await config.getByRole("textbox").first().fill("10.1.0");
      await config.locator('[aria-invalid="true"]').first().waitFor();
    },
  },
];

function on({ page }: ConsolePage, host: string): HostPage {
  return new HostPage(page, host);
}

function browserOf(console: ConsolePage) {
  return on(console, "pc.crepes.fr").window;
}

async function go(console: ConsolePage, url: string): Promise<void> {
  const address = browserOf(console)
    .getByRole("combobox", { name: "Address of the page" })
    .or(browserOf(console).getByRole("textbox", { name: "Address of the page" }));
  await address.fill(url);
  await address.press("Enter");
}
