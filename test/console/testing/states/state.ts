/**
 * States of the page that a person can bring about. Each is reached from the one before it in its list; what is seen only
 * for a moment (open menus, errors, empty lists) in the network town, whose story has been played.
 */

import type { Locator } from "playwright-core";
import type { ConsolePage } from "../console-page.ts";

export interface State {
  readonly name: string;
  show(console: ConsolePage): Promise<void>;
  /** Puts away what would stand in the way of the next. */
  leave?(console: ConsolePage): Promise<void>;
}

/** Something that opens above the page, and closes with Escape. */
export function popup(
  name: string,
  open: (console: ConsolePage) => Promise<void>,
  shown: (console: ConsolePage) => Locator,
): State {
  return {
    name,
    async show(console) {
      await open(console);
      await shown(console).first().waitFor();
    },
    async leave(console) {
      await console.page.keyboard.press("Escape");
      await shown(console).first().waitFor({ state: "hidden" });
    },
  };
}
