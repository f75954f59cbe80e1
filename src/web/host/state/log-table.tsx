/** The log of a host: the newest line first. */

import type { LogLineView } from "../../../engine/protocol/index.ts";
import { formatTime } from "../../time/format.ts";
import { type Column, DataTable } from "../data-table.tsx";
import classes from "./state-tab.module.css";

export function LogTable({ rows }: { readonly rows: readonly LogLineView[] }) {
  return (
    <DataTable
      label="Log"
      rows={rows.slice(-SHOWN_MAX).reverse()}
      columns={COLUMNS}
      keyOf={({ timeNs, text }) => `${timeNs} ${text}`}
      empty="Nothing was logged yet."
    />
  );
}

const COLUMNS: readonly Column<LogLineView>[] = [
  { title: "Time", mono: true, right: true, show: ({ timeNs }) => formatTime(timeNs) },
  {
    title: "Level",
    show: ({ level }) => (
      <span className={classes.level} data-level={level}>
        {level}
      </span>
    ),
  },
  { title: "What happened", wrap: true, show: ({ text }) => <span className={classes.logText}>{text}</span> },
];
/** As much as a person reads. */
const SHOWN_MAX = 300;
