/** The list of packets and what belongs to it: the filter in all its moods, menus, the pages of a conversation. */

import { popup, type State } from "./state.ts";

export const packetStates: readonly State[] = [
  {
    name: "completions of a filter",
    async show({ page }) {
      await page
        .getByRole("radiogroup", { name: "What is shown" })
        .getByText("Packets")
        .click({ force: true });
      await page.getByLabel("Display filter", { exact: true }).pressSequentially("smtp.re");
      await page.getByRole("option").first().waitFor();
    },
    leave: ({ page }) => page.keyboard.press("Escape"),
  },
  {
    name: "wrong filter",
    async show(console) {
      await console.filter("dns and and");
      await console.page.getByRole("search").getByRole("status").waitFor();
    },
  },
  {
    name: "filter that no packet passes",
    async show(console) {
      await console.filter("ip.addr == 9.9.9.9");
      await console.page
        .getByText(/no packet/i)
        .first()
        .waitFor();
    },
    leave: (console) => console.filter("tcp"),
  },
  popup(
    "menu of a packet",
    (console) => console.rows.first().getByRole("gridcell").nth(2).click({ button: "right" }),
    ({ page }) => page.getByRole("menuitem", { name: "Copy the row" }),
  ),
  popup(
    "forms of the time",
    ({ page }) => page.getByRole("button", { name: "How times are shown" }).click(),
    ({ page }) => page.getByRole("menuitemradio").first(),
  ),
  popup(
    "export",
    ({ page }) => page.getByRole("button", { name: "Export as pcapng" }).click(),
    ({ page }) => page.getByRole("menuitem", { name: /pass the filter$/ }),
  ),
  popup(
    "more of a packet",
    async (console) => {
      await console.openPacket("smtp");
      await console.detail.getByRole("button", { name: "More" }).click();
    },
    ({ page }) => page.getByRole("menuitem", { name: "Copy the octets as a dump" }),
  ),
  popup(
    "menu of a field",
    ({ detail }) => detail.getByRole("treeitem").nth(1).click({ button: "right" }),
    ({ page }) => page.getByRole("menuitem", { name: /^Copy/ }),
  ),
  {
    name: "octets of a conversation",
    async show({ page, detail }) {
      await detail.getByRole("button", { name: "Follow the conversation" }).click();
      await page.getByRole("radiogroup", { name: "What of the conversation" }).getByText("Stream").click();
      await page.getByRole("radiogroup", { name: "How octets are shown" }).waitFor();
    },
  },
  {
    name: "graph of a wrong filter",
    async show(console) {
      await console.tab("Graph");
      await console.page.getByRole("button", { name: "Add a line" }).click();
      const line = console.page.getByRole("textbox", { name: "Filter of this line" }).last();
      await line.fill("dns and");
      await line.press("Enter");
      await console.page.locator('[aria-label="Filter of this line"][aria-invalid="true"]').waitFor();
    },
    leave: (console) => console.tab("Packets"),
  },
];
