/** Every panel, in the order in which the console lists them: the one place where a new one is entered. */

import { LocalError } from "../../net/index.ts";
import { browserPanel } from "./browser/panel.ts";
import { dhcpPanel } from "./dhcp/panel.ts";
import { dnsPanel } from "./dns/panel.ts";
import { mailPanel } from "./mail/panel.ts";
import { mailServerPanel } from "./mail-server/panel.ts";
import type { PanelDefinition } from "./panel.ts";
import { servicesPanel } from "./service/panel.ts";

export const panels: readonly PanelDefinition[] = [
  mailPanel,
  browserPanel,
  mailServerPanel,
  dnsPanel,
  dhcpPanel,
  servicesPanel,
];

/** Throws LocalError "unknown-panel". */
export function panelNamed(name: string): PanelDefinition {
  const found = panels.find(({ panel }) => panel === name);
  if (found === undefined) throw new LocalError("unknown-panel", `there is no panel "${name}"`);
  return found;
}
