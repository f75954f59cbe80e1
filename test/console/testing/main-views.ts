/** The main views of the console, each reached from whatever was shown before: for axe-core and for the screenshots. */

import type { ConsolePage } from "./console-page.ts";
import type { State } from "./states/state.ts";

/** In the network ketchup, whose story has been played. */
export const mainViews: readonly State[] = [
  {
    name: "network",
    async show(console) {
      await console.show("Network");
      await console.node("paris").waitFor();
    },
  },
  {
    name: "inspector",
    async show(console) {
      await console.node("paris").click();
      await console.network.getByRole("button", { name: "Open", exact: true }).waitFor();
    },
  },
  {
    name: "tables",
    async show(console) {
      await console.network.getByRole("button", { name: "Show the network as tables" }).click();
      await console.network.getByRole("table").first().waitFor();
    },
  },
  {
    name: "packets",
    async show(console) {
      await console.network.getByRole("button", { name: /as a drawing|drawn|Draw/ }).click();
      await console.show("Packets");
      const detail = await console.openPacket('smtp.req.command == "MAIL" and ip.dst == 10.2.0.25');
      await detail.getByRole("treeitem").first().waitFor();
    },
  },
  {
    name: "dialogue",
    async show(console) {
      await console.detail.getByRole("button", { name: "Follow the conversation" }).click();
      await console.page.getByText("S: 221 hamburger.edu closing connection").waitFor();
    },
  },
  {
    name: "diagram",
    async show({ page }) {
      await page.getByRole("radiogroup", { name: "What of the conversation" }).getByText("Diagram").click();
      await page
        .getByRole("region", { name: "Sequence diagram" })
        .locator("svg text")
        .filter({ hasText: "SYN" })
        .first()
        .waitFor();
    },
  },
  ...(["Conversations", "Protocols", "Graph", "Summary"] as const).map((tab) => ({
    name: tab.toLowerCase(),
    show: (console: ConsolePage) => console.tab(tab),
  })),
  {
    name: "inbox",
    async show(console) {
      await console.tab("Packets");
      await console.show("Both");
      const mail = await (await console.openHost("pc.hamburger.edu")).mail();
      await mail.receive();
      await console.page.getByRole("button", { name: "Inbox 1 unread, 1 in all" }).waitFor();
    },
  },
  {
    name: "mail",
    async show(console) {
      await (await (await console.openHost("pc.hamburger.edu")).mail()).open("Ketchup");
      await console.page.getByRole("button", { name: "Inbox 1 in all" }).waitFor();
    },
  },
  {
    name: "compose",
    async show({ page }) {
      await page.getByRole("button", { name: "Compose" }).click();
      await page.getByRole("form", { name: "New message" }).waitFor();
    },
  },
  {
    name: "account",
    async show({ page }) {
      await page.getByRole("button", { name: "Mail account", exact: true }).click();
      await page.getByRole("form", { name: "Mail account" }).waitFor();
    },
  },
  {
    name: "terminal",
    async show(console) {
      const host = await console.openHost("pc.crepes.fr");
      await host.program("Terminal");
      await host.type("ping -c 2 mail.hamburger.edu");
      await host.screen.getByText(/2 received/).waitFor();
    },
  },
  {
    name: "services",
    async show(console) {
      const host = await console.openHost("mail.hamburger.edu");
      await (await host.part("Services")).getByRole("switch").first().waitFor();
    },
  },
  {
    name: "config",
    async show(console) {
      const host = await console.openHost("mail.hamburger.edu");
      await (await host.part("Config")).getByRole("textbox").first().waitFor();
    },
  },
  {
    name: "state",
    async show(console) {
      const host = await console.openHost("mail.hamburger.edu");
      await (await host.part("State")).getByRole("table").first().waitFor();
    },
  },
  {
    name: "guide",
    async show({ page }) {
      await page.getByRole("button", { name: "Guide", exact: true }).click();
      await page.getByRole("complementary", { name: "Guide" }).getByRole("button").nth(1).waitFor();
    },
  },
  {
    name: "editor",
    async show({ page }) {
      await page.getByRole("button", { name: "Close the guide" }).click();
      await page.getByRole("button", { name: "Ketchup", exact: true }).click();
      await page.getByRole("menuitem", { name: /Edit the network file/ }).click();
      await page.getByText("hamlet: 1").first().waitFor();
    },
  },
];
