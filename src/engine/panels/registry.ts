/** Every panel, in the order in which the console lists them: the one place where a new one is entered. */

import { LocalError } from "../../net/index.ts";
import { mailPanel } from "./mail/panel.ts";
import type { PanelDefinition } from "./panel.ts";

export const panels: readonly PanelDefinition[] = [mailPanel];

/** Throws LocalError "unknown-panel". */
export function panelNamed(name: string): PanelDefinition {
  const found = panels.find(({ panel }) => panel === name);
  if (found === undefined) throw new LocalError("unknown-panel", `there is no panel "${name}"`);
  return found;
}

export { panelNamed as panelOf };
