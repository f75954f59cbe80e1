/** The guide and the editor: a lesson before and while it is done, a file with mistakes, a link that holds a network. */

import { popup, type State } from "./state.ts";

export const guideStates: readonly State[] = [
  popup(
    "link to share",
    async ({ page }) => {
      await page.getByRole("button", { name: "Town", exact: true }).click();
      await page.getByRole("menuitem", { name: /Share as a link/ }).click();
    },
    ({ page }) => page.getByRole("dialog").getByRole("textbox", { name: "Link" }),
  ),
  {
    name: "network file with mistakes",
    async show({ page }) {
      await page.getByRole("button", { name: "Town", exact: true }).click();
      await page.getByRole("menuitem", { name: /Edit the network file/ }).click();
      await page.getByRole("textbox", { name: "Network file" }).click();
      await page.keyboard.press("Control+Home");
      await page.keyboard.type("hosts: [1\n");
      await page.getByRole("region", { name: /mistake/ }).waitFor();
    },
  },
  popup(
    "where a file comes from",
    ({ page }) => page.getByRole("button", { name: "Open", exact: true }).click(),
    ({ page }) => page.getByRole("menuitem", { name: /The network that runs/ }),
  ),
  {
    name: "lesson before it begins",
    async show(console) {
      const { page, guide } = console;
      await page.getByRole("button", { name: "Guide", exact: true }).click();
      await guide.getByRole("button", { name: /^When things break/ }).click();
      await guide.getByRole("button", { name: "Begin" }).waitFor();
    },
  },
  {
    name: "lesson with a step that is done",
    async show(console) {
      const { guide } = console;
      await guide.getByRole("button", { name: "Begin" }).click();
      const host = await console.openHost("mail.hamburger.edu");
      await (await host.part("Services")).getByRole("switch", { name: "SMTP" }).click({ force: true });
      await guide.getByRole("button", { name: /^done/ }).waitFor();
      await guide.getByRole("button", { name: /^done/ }).click();
    },
  },
];
