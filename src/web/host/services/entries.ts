/** The list of services as a person sees it: those that share a panel are one entry. Pure. */

import type { ServicesView } from "../../../engine/panels/service/view.ts";
import type { PanelKindView } from "../../../engine/protocol/index.ts";

export type InstalledService = ServicesView["services"][number];

export interface Entry {
  /** The panel's kind, or the service's name. */
  readonly id: string;
  readonly title: string;
  /** Undefined: the general panel. */
  readonly panel: string | undefined;
  readonly services: readonly InstalledService[];
}

export function entriesOf(view: ServicesView, kinds: readonly PanelKindView[]): readonly Entry[] {
  const entries: Entry[] = [];
  for (const service of view.services) {
    const kind = kinds.find(({ services }) => services.includes(service.name));
    const known = entries.find(({ panel }) => panel !== undefined && panel === kind?.panel);
    if (known !== undefined) continue;
    const services =
      kind === undefined ? [service] : view.services.filter(({ name }) => kind.services.includes(name));
    const title = kind?.title ?? service.title;
    entries.push({ id: kind?.panel ?? service.name, title, panel: kind?.panel, services });
  }
  return entries;
}

/** "on", "off", "1 of 2 on" */
export function stateOf({ services }: Entry): string {
  const on = services.filter(({ running }) => running).length;
  if (services.length === 1) return on === 1 ? "on" : "off";
  return on === services.length ? "all on" : on === 0 ? "all off" : `${on} of ${services.length} on`;
}
