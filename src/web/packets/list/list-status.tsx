/** How many packets are shown, and how far the search for them has come. */

import { Progress } from "@mantine/core";
import type { PacketListState } from "../model/packet-list.ts";
import classes from "./list-status.module.css";

export function ListStatus({ view }: Pick<PacketListState, "view">) {
  if (view === undefined) return null;
  const { matched, total, scanned, filter, forgotten } = view;
  const searching = scanned < total && filter !== "";
  const share = total === 0 ? 0 : matched / total;
  return (
    <div className={classes.status}>
      <span title={forgotten > 0 ? `${count(forgotten)} older packets are forgotten` : undefined}>
        {filter === "" ? `${count(total)} packets` : `${count(matched)} of ${count(total)}`}
        {filter !== "" && total > 0 && !searching && <small> {percent(share)}</small>}
        {forgotten > 0 && <small> +{count(forgotten)} forgotten</small>}
      </span>
      {searching && (
        <Progress
          className={classes.progress}
          size={4}
          value={(100 * scanned) / total}
          aria-label="Packets that were searched"
          transitionDuration={100}
        />
      )}
    </div>
  );
}

/** Instead of an empty list. */
export function EmptyList({
  view,
  onClear,
}: Pick<PacketListState, "view"> & { readonly onClear: () => void }) {
  if (view === undefined) return null;
  const { matched, total, scanned, filter } = view;
  if (matched > 0) return null;
  return (
    <div className={classes.empty} role="status">
      {total === 0 ? (
        <>
          <b>No packets yet</b>
          <span>Each packet appears here as it is sent. Let time go on, and do something on a host.</span>
        </>
      ) : scanned < total ? (
        <span>Searching…</span>
      ) : (
        <>
          <b>No packet passes the filter</b>
          <code>{filter}</code>
          <button type="button" onClick={onClear}>
            Show all {count(total)}
          </button>
        </>
      )}
    </div>
  );
}

export function count(value: number): string {
  return value.toLocaleString("en");
}

function percent(share: number): string {
  const text = (share * 100).toFixed(1);
  return text === "0.0" && share > 0 ? "< 0.1 %" : `${text} %`;
}
