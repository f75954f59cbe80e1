/** State: what the host knows and does at this moment, live. */

import { Tabs } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { HostStateView } from "../../../engine/protocol/index.ts";
import { useEvent, useLabId, useRequest, useWatch } from "../../engine/hooks.ts";
import { Loading } from "../loading.tsx";
import { InterfacesTable, NeighboursTable, RoutesTable } from "./link-tables.tsx";
import { LogTable } from "./log-table.tsx";
import { CacheTable, TasksTable } from "./program-tables.tsx";
import { SocketsTable } from "./sockets-table.tsx";
import classes from "./state-tab.module.css";

interface Props {
  readonly host: string;
  readonly onShowPackets: (filter: string) => void;
}

export default function StateTab({ host, onShowPackets }: Props) {
  const state = useHostState(host);
  const [part, setPart] = useState<string>("sockets");
  if (state === undefined) return <Loading what="the state" />;
  const parts = partsOf(state, onShowPackets);
  return (
    <>
      <Tabs
        value={part}
        onChange={(value) => value !== null && setPart(value)}
        variant="pills"
        className={classes.parts}
      >
        <Tabs.List aria-label="Tables of the host">
          {parts.map(({ id, label, count }) => (
            <Tabs.Tab key={id} value={id} className={classes.part}>
              {label} <span className={classes.count}>{count}</span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {parts.find(({ id }) => id === part)?.content}
    </>
  );
}

interface Part {
  readonly id: string;
  readonly label: string;
  readonly count: number;
  readonly content: ReactNode;
}

function partsOf(state: HostStateView, onShowPackets: Props["onShowPackets"]): readonly Part[] {
  const { sockets, neighbours, routes, resolverCache, interfaces, log, tasks } = state;
  const part = (id: string, label: string, rows: readonly unknown[], content: ReactNode): Part => ({
    id,
    label,
    count: rows.length,
    content,
  });
  return [
    part("sockets", "Sockets", sockets, <SocketsTable rows={sockets} onShowPackets={onShowPackets} />),
    part("neighbours", "ARP, ND", neighbours, <NeighboursTable rows={neighbours} />),
    part("routes", "Routes", routes, <RoutesTable rows={routes} />),
    part("cache", "DNS cache", resolverCache, <CacheTable rows={resolverCache} />),
    part("interfaces", "Interfaces", interfaces, <InterfacesTable rows={interfaces} />),
    part("log", "Log", log, <LogTable rows={log} />),
    part("tasks", "Tasks", tasks, <TasksTable rows={tasks} />),
  ];
}

function useHostState(host: string): HostStateView | undefined {
  const labId = useLabId();
  const asked = useRequest("host.state", { host });
  const [told, setTold] = useState<{ readonly labId: number | undefined; readonly state: HostStateView }>();
  useWatch("host.watch", { host });
  useEvent("host", (state) => {
    if (state.host === host) setTold({ labId, state });
  });
  return told !== undefined && told.labId === labId ? told.state : asked.data;
}
