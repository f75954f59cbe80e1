/** What a DHCP server hears beside its work: who asked in vain, and which other servers clients choose. */

import type { OtherServerView, RefusalView } from "../../../engine/panels/dhcp/view.ts";
import { type Column, DataTable } from "../../host/data-table.tsx";
import classes from "./dhcp.module.css";

export function RefusalTable({ rows }: { readonly rows: readonly RefusalView[] }) {
  return (
    <div className={classes.table}>
      <DataTable
        label="Asked in vain"
        rows={rows}
        columns={REFUSALS}
        keyOf={({ hardwareAddress }) => hardwareAddress}
        empty="Everybody who asked got an address."
      />
    </div>
  );
}

export function OtherServers({ rows }: { readonly rows: readonly OtherServerView[] }) {
  return (
    <div className={classes.table}>
      <DataTable
        label="Other servers"
        rows={rows}
        columns={OTHERS}
        keyOf={({ serverIdentifier }) => serverIdentifier}
        empty="There is none."
      />
    </div>
  );
}

const REFUSALS: readonly Column<RefusalView>[] = [
  { title: "Hardware address", mono: true, show: ({ hardwareAddress }) => hardwareAddress },
  { title: "Name", show: ({ hostName }) => hostName },
  { title: "Why", wrap: true, show: ({ reason }) => reason },
  { title: "Times", mono: true, right: true, show: ({ count }) => count },
  { title: "Last at", mono: true, right: true, show: ({ atNs }) => `${(atNs / 1e9).toFixed(3)} s` },
];

const OTHERS: readonly Column<OtherServerView>[] = [
  { title: "Server", mono: true, show: ({ serverIdentifier }) => serverIdentifier },
  { title: "Chosen by, last", wrap: true, show: ({ client }) => client },
  { title: "Times", mono: true, right: true, show: ({ count }) => count },
  { title: "Last at", mono: true, right: true, show: ({ atNs }) => `${(atNs / 1e9).toFixed(3)} s` },
];
