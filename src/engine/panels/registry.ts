/** Every panel, in the order in which the console lists them: the one place where a new one is entered. */

import type { PanelDefinition } from "./panel.ts";

export const panels: readonly PanelDefinition[] = [];
