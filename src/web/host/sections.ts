/** What a host's window shows, as one word in the page's address: a section, a program of the Desktop, a panel of services. Pure. */

import type { PanelKindView } from "../../engine/protocol/index.ts";

export const SECTIONS = ["desktop", "services", "config", "state"] as const;
export type Section = (typeof SECTIONS)[number];

export interface Place {
  readonly section: Section;
  /** The program or panel that is open in it. */
  readonly open: string | undefined;
}

/** Programs that every host has, whatever it serves. */
const OWN_PROGRAMS = ["terminal", "editor"];

export function placeOf(tab: string | undefined, kinds: readonly PanelKindView[]): Place {
  const section = SECTIONS.find((each) => each === tab);
  if (section !== undefined || tab === undefined) return { section: section ?? "desktop", open: undefined };
  if (OWN_PROGRAMS.includes(tab)) return { section: "desktop", open: tab };
  const kind = kinds.find(({ panel }) => panel === tab);
  return { section: kind?.tab ?? "desktop", open: kind === undefined ? undefined : tab };
}
