/**
 * The packets: list, detail, octets, and what is made of them. The shell (app/work-area.tsx) gives it the props below;
 * the rest it asks of the engine. Read next: list/list-page.tsx, model/packet-list.ts.
 */

import { Tabs } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import { useStored } from "../app/stored.ts";
import { useStore } from "../engine/hooks.ts";
import { ConversationPanel } from "./conversation/conversation-panel.tsx";
import { FilterBar } from "./filter/filter-bar.tsx";
import { type Arrangement, ListPage } from "./list/list-page.tsx";
import { ListStatus } from "./list/list-status.tsx";
import { TIME_FORMATS, type TimeFormat } from "./list/time-text.ts";
import type { PacketList } from "./model/packet-list.ts";
import { PacketsContext } from "./packets-context.ts";
import classes from "./packets-panel.module.css";
import { PacketsTools } from "./packets-tools.tsx";
import { ConversationsPage } from "./statistics/conversations-page.tsx";
import { GraphPage } from "./statistics/graph-page.tsx";
import { HierarchyPage } from "./statistics/hierarchy-page.tsx";
import { SummaryPage } from "./statistics/summary-page.tsx";
import { isConversationTab, TabStrip } from "./tab-strip.tsx";
import { useOpenConversations } from "./use-open-conversations.ts";
import { usePacketList } from "./use-packet-list.ts";
import { usePacketsActs } from "./use-packets-acts.ts";

export interface PacketsPanelProps {
  /** The selected packet's number; it stands in the page's address. */
  readonly selected: number | undefined;
  readonly onSelect: (number: number | undefined) => void;
  /** The display filter that applies; it stands in the page's address. */
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onOpenHost: (name: string, tab?: string) => void;
}

export function PacketsPanel({ selected, onSelect, filter, onFilter, onOpenHost }: PacketsPanelProps) {
  const size = useElementSize<HTMLDivElement>();
  const [follow, setFollow] = useState(selected === undefined);
  const [tab, setTab] = useState("packets");
  const [format, setFormat] = useStored<TimeFormat>("packets.time", "start", isTimeFormat);
  const list = usePacketList(filter, follow ? "end" : (selected ?? "start"));
  list.following = follow;
  const { view, problem } = useStore(list.state);
  const conversations = useOpenConversations(setTab);
  const acts = usePacketsActs({
    filter,
    onFilter,
    onSelect,
    onOpenHost,
    openConversation: conversations.open,
    setTab,
    setFollow,
    format,
    startUnixMs: view?.startUnixMs ?? 0,
  });
  const arrangement = arrangementOf(size.width, size.height);
  return (
    <PacketsContext value={acts}>
      <Tabs
        ref={size.ref}
        className={classes.panel}
        value={tab}
        onChange={(wanted) => setTab(wanted ?? "packets")}
        variant="none"
        keepMounted={false}
      >
        <div className={classes.tools}>
          <TabStrip conversations={conversations.opened} />
          {tab === "packets" && (
            <>
              <FilterBar filter={filter} shown={view?.filter} problem={problem} onFilter={onFilter} />
              <ListStatus view={view} />
            </>
          )}
          <PacketsTools
            list={tab === "packets"}
            filter={filter}
            view={view}
            follow={follow}
            onFollow={setFollow}
            format={format}
            onFormat={setFormat}
          />
        </div>
        <Tabs.Panel value="packets" keepMounted className={classes.page}>
          <ListPage
            list={list}
            selected={selected}
            arrangement={arrangement}
            follow={follow}
            onFollow={setFollow}
          />
        </Tabs.Panel>
        <StatisticsPages list={list} />
        {isConversationTab(tab) && (
          <Tabs.Panel value={tab} className={classes.page}>
            <ConversationPanel key={tab} {...conversations.shown(tab)} />
          </Tabs.Panel>
        )}
      </Tabs>
    </PacketsContext>
  );
}

/** What is made of all packets. */
function StatisticsPages({ list }: { readonly list: PacketList }) {
  return (
    <>
      <Tabs.Panel value="conversations" className={classes.page}>
        <ConversationsPage />
      </Tabs.Panel>
      <Tabs.Panel value="protocols" className={classes.page}>
        <HierarchyPage />
      </Tabs.Panel>
      <Tabs.Panel value="graph" className={classes.page}>
        <GraphPage list={list} />
      </Tabs.Panel>
      <Tabs.Panel value="summary" className={classes.page}>
        <SummaryPage />
      </Tabs.Panel>
    </>
  );
}

/** Low and wide: the packet beside the list. Narrow: one at a time. */
function arrangementOf(width: number, height: number): Arrangement {
  if (width > 0 && width < NARROW) return "one";
  return height > 0 && height < LOW && width >= WIDE ? "beside" : "below";
}

function isTimeFormat(value: unknown): value is TimeFormat {
  return TIME_FORMATS.some((format) => format.value === value);
}

/** In pixels. */
const NARROW = 560;
const LOW = 440;
const WIDE = 900;
