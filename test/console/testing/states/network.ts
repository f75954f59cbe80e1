/** The drawing: its menus and dialogs, the inspector of a link and of a host that is off, the changes that came of it. */

import type { ConsolePage } from "../console-page.ts";
import { popup, type State } from "./state.ts";

export const networkStates: readonly State[] = [
  popup(
    "adding what there is",
    async ({ network, page }) => {
      await network.getByRole("button", { name: "Add a router" }).click();
      await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("paris");
    },
    ({ page }) => page.getByText("This name is taken."),
  ),
  popup(
    "menu of a host",
    (console) => console.node("pc.crepes.fr").click({ button: "right", force: true }),
    ({ page }) => page.getByRole("menuitem", { name: "Switch off" }),
  ),
  popup(
    "menu of a link",
    (console) => ocean(console).click({ button: "right", force: true }),
    ({ page }) => page.getByRole("menuitem", { name: "Inspect and change" }),
  ),
  popup(
    "menu of the ground",
    ({ network }) => network.click({ button: "right", position: { x: 80, y: 300 } }),
    ({ page }) => page.getByRole("menuitem", { name: "Add a host here" }),
  ),
  {
    name: "link",
    async show(console) {
      await ocean(console).focus();
      await console.page.keyboard.press("Enter");
      await console.network.getByRole("button", { name: "Cut", exact: true }).waitFor();
    },
  },
  {
    name: "link cut one way",
    async show({ network }) {
      await network.getByText("→ newyork").click();
      await network.getByRole("button", { name: "Cut this way" }).click();
      await network.getByRole("region", { name: "Link ocean" }).getByText(/^cut/).waitFor();
    },
    async leave({ network }) {
      await network.getByRole("button", { name: "Heal" }).click();
      await network.getByRole("button", { name: "Close the inspector" }).click();
    },
  },
  popup(
    "removing a host",
    (console) => console.choose(console.node("www.crepes.fr"), "Remove…"),
    ({ page }) => page.getByRole("dialog").getByRole("button", { name: "Remove" }),
  ),
  {
    name: "host switched off",
    async show(console) {
      await console.choose(console.node("visitor.crepes.fr"), "Switch off");
      await console.choose(console.node("visitor.crepes.fr"), "Open its window");
      await console.page.getByText("visitor.crepes.fr is switched off.").waitFor();
    },
    leave: ({ page }) => page.getByRole("button", { name: /^Close the window of/ }).click(),
  },
  popup(
    "changes",
    ({ page }) => page.getByRole("button", { name: /^Changes/ }).click(),
    ({ page }) => page.getByText("Choose one to go back to its instant."),
  ),
];

function ocean(console: ConsolePage) {
  return console.link("paris", "newyork");
}
