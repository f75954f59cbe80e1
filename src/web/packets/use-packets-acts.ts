/** The acts of the packets page that its parts share (packets-context.ts); the same object while nothing of it changed. */

import { useMemo } from "react";
import { useAct } from "../app/act.ts";
import { combineFilters } from "./filter/filter-text.ts";
import type { TimeFormat } from "./list/time-text.ts";
import type { PacketsActs } from "./packets-context.ts";

interface Options {
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onSelect: (number: number | undefined) => void;
  readonly onOpenHost: (name: string) => void;
  readonly openConversation: PacketsActs["openConversation"];
  readonly setTab: (tab: string) => void;
  readonly setFollow: (follow: boolean) => void;
  readonly format: TimeFormat;
  readonly startUnixMs: number;
}

export function usePacketsActs(options: Options): PacketsActs {
  const { filter, onFilter, onSelect, onOpenHost, openConversation } = options;
  const { setTab, setFollow, format, startUnixMs } = options;
  const act = useAct();
  return useMemo<PacketsActs>(() => {
    const setFilter = (wanted: string): void => {
      setTab("packets");
      onFilter(wanted);
    };
    return {
      filterBy: (clause, combine) => setFilter(combineFilters(filter, clause, combine)),
      setFilter,
      select: (number) => {
        if (number !== undefined) setFollow(false);
        setTab("packets");
        onSelect(number);
      },
      openConversation,
      goToPacket: (packet) => void act("time.goTo", { to: { packet } }),
      goToTime: (timeNs) => void act("time.goTo", { to: { timeNs } }),
      openHost: (name) => onOpenHost(name),
      time: { format, startUnixMs },
    };
  }, [filter, onFilter, onSelect, onOpenHost, act, openConversation, setTab, setFollow, format, startUnixMs]);
}
