/** The page's half of the place of registration: which component shows a panel. Loaded when it is first opened. */

import {
  IconAddressBook,
  IconMail,
  IconMailbox,
  IconNetwork,
  IconWorld,
  type TablerIcon,
} from "@tabler/icons-react";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { PanelProps } from "./panel.ts";

export interface PanelComponent {
  readonly Icon: TablerIcon;
  readonly Component: LazyExoticComponent<ComponentType<PanelProps>>;
}

/** By the name that the engine's half has (src/engine/panels/registry.ts). */
export const panelComponents: ReadonlyMap<string, PanelComponent> = new Map([
  ["mail", { Icon: IconMail, Component: lazy(() => import("./mail/mail.tsx")) }],
  ["browser", { Icon: IconWorld, Component: lazy(() => import("./browser/browser.tsx")) }],
  ["mail-server", { Icon: IconMailbox, Component: lazy(() => import("./mail-server/mail-server.tsx")) }],
  ["dhcp", { Icon: IconNetwork, Component: lazy(() => import("./dhcp/dhcp.tsx")) }],
  ["dns", { Icon: IconAddressBook, Component: lazy(() => import("./dns/dns.tsx")) }],
]);
