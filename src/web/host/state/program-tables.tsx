/** What the resolver remembers, and the tasks that run. */

import type { CacheEntryView, HostStateView } from "../../../engine/protocol/index.ts";
import { type Column, DataTable } from "../data-table.tsx";

export function CacheTable({ rows }: { readonly rows: readonly CacheEntryView[] }) {
  return (
    <DataTable
      label="DNS cache"
      rows={rows}
      columns={CACHE}
      keyOf={({ name, type, value }) => `${name} ${type} ${value}`}
      stampOf={({ value }) => value}
      empty="Nothing was looked up yet, or all of it is forgotten."
    />
  );
}

export function TasksTable({ rows }: { readonly rows: HostStateView["tasks"] }) {
  return (
    <DataTable
      label="Tasks"
      rows={rows}
      columns={TASKS}
      keyOf={(row) => row}
      empty="Nothing runs on this host."
    />
  );
}

const CACHE: readonly Column<CacheEntryView>[] = [
  { title: "Name", mono: true, show: ({ name }) => name },
  { title: "Type", show: ({ type }) => type },
  { title: "Value", mono: true, wrap: true, show: ({ value }) => value },
  {
    title: "TTL",
    mono: true,
    right: true,
    show: ({ remainingSeconds }) => `${Math.ceil(remainingSeconds)} s`,
  },
];
const TASKS: readonly Column<string>[] = [{ title: "Task", mono: true, wrap: true, show: (row) => row }];
