/** What the parts of the packets page share: how to reach the engine, and the acts that one part wants of another. */

import { createContext, useContext } from "react";
import type { Combine } from "./filter/filter-text.ts";
import type { TimeContext } from "./list/time-text.ts";

export type ConversationPage = "dialogue" | "stream" | "diagram";

export interface PacketsActs {
  /** Makes a condition that was clicked part of the display filter. */
  readonly filterBy: (clause: string, combine: Combine) => void;
  /** Replaces the display filter. */
  readonly setFilter: (filter: string) => void;
  readonly select: (number: number | undefined) => void;
  readonly openConversation: (conversation: number, page: ConversationPage) => void;
  /** Takes the lab to the instant of a packet; back by executing again. */
  readonly goToPacket: (number: number) => void;
  readonly goToTime: (timeNs: number) => void;
  readonly openHost: (name: string) => void;
  readonly time: TimeContext;
}

export const PacketsContext = createContext<PacketsActs | undefined>(undefined);

export function usePackets(): PacketsActs {
  const acts = useContext(PacketsContext);
  if (acts === undefined) throw new Error("no packets page: PacketsContext is missing");
  return acts;
}
