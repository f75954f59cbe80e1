/** Header and time bar: each of their menus, and what they say. Time stands still. */

import { popup, type State } from "./state.ts";

export const pageStates: readonly State[] = [
  popup(
    "networks",
    ({ page }) => page.getByRole("button", { name: "Town", exact: true }).click(),
    ({ page }) => page.getByRole("menuitem", { name: /^Ketchup/ }),
  ),
  popup(
    "ways in",
    async ({ page }) => {
      await page.getByRole("button", { name: "Engine: hamlet up" }).click();
      await page.getByRole("button", { name: /^Copy/ }).first().click();
    },
    ({ page }) => page.getByText("copied").first(),
  ),
  popup(
    "keys",
    ({ page }) => page.getByRole("button", { name: "Keyboard shortcuts" }).click(),
    ({ page }) => page.getByRole("dialog").getByText("the guide"),
  ),
  popup(
    "speeds",
    ({ page }) => page.getByRole("button", { name: /^Speed/ }).click(),
    ({ page }) => page.getByRole("menuitem").first(),
  ),
  {
    name: "as fast as possible",
    async show({ page }) {
      await page.getByRole("button", { name: /^Speed/ }).click();
      await page.getByRole("menuitem", { name: "as fast as possible" }).click();
      await page.getByRole("button", { name: "Speed: max" }).waitFor();
    },
    async leave({ page }) {
      await page.getByRole("button", { name: /^Speed/ }).click();
      await page.getByRole("menuitem", { name: "×1000" }).click();
    },
  },
  popup(
    "step to a packet",
    ({ page }) => page.getByRole("button", { name: "Step to the next packet of a filter" }).click(),
    ({ page }) => page.getByRole("dialog").getByRole("textbox"),
  ),
  popup(
    "restart",
    ({ page }) => page.getByRole("button", { name: /^Restart/ }).click(),
    ({ page }) => page.getByRole("textbox", { name: "Seed" }),
  ),
  popup(
    "no changes",
    ({ page }) => page.getByRole("button", { name: /^Changes/ }).click(),
    ({ page }) => page.getByText("Nothing was changed by hand yet."),
  ),
  {
    name: "tooltip",
    async show({ page }) {
      await page.getByRole("button", { name: "Step to the next event" }).hover();
      await page.getByRole("tooltip").waitFor();
    },
    leave: ({ page }) => page.mouse.move(0, 0),
  },
];
