/** The page "Packets": the list, and beside or below it the packet that is selected. On a phone one after the other. */

import { useRef, useState } from "react";
import { Split } from "../../app/split.tsx";
import { useRequest, useStore } from "../../engine/hooks.ts";
import { DetailPane } from "../detail/detail-pane.tsx";
import type { PacketList } from "../model/packet-list.ts";
import { usePackets } from "../packets-context.ts";
import { useEvery } from "../use-every.ts";
import classes from "./list-page.module.css";
import { EmptyList } from "./list-status.tsx";
import { type CellMenu, PacketMenu } from "./packet-menu.tsx";
import { PacketTable } from "./packet-table.tsx";

/** How list, fields and octets share the room. */
export type Arrangement = "below" | "beside" | "one";

interface Props {
  readonly list: PacketList;
  readonly selected: number | undefined;
  readonly arrangement: Arrangement;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
}

export function ListPage({ list, selected, arrangement, follow, onFollow }: Props) {
  const { view } = useStore(list.state);
  const { select, setFilter } = usePackets();
  const [menu, setMenu] = useState<CellMenu>();
  const below = useRef<HTMLDivElement>(null);
  const table = (
    <div className={classes.list}>
      <PacketTable
        list={list}
        selected={selected}
        narrow={arrangement === "one"}
        follow={follow}
        onFollow={onFollow}
        onMenu={setMenu}
        onEnter={() => below.current?.querySelector<HTMLElement>('[role="tree"]')?.focus()}
      />
      <EmptyList view={view} onClear={() => setFilter("")} />
      {menu !== undefined && <PacketMenu menu={menu} onClose={() => setMenu(undefined)} />}
    </div>
  );
  const detail = selected !== undefined && (
    <div ref={below} className={classes.detail}>
      <SelectedPacket
        number={selected}
        newest={view === undefined ? 0 : view.forgotten + view.total}
        beside={arrangement === "below"}
        onClose={() => select(undefined)}
      />
    </div>
  );
  // The table stays the same element whether a packet is selected or not: it would lose its place otherwise.
  if (arrangement === "one") {
    return (
      <>
        <div className={detail === false ? classes.list : classes.behind}>{table}</div>
        {detail}
      </>
    );
  }
  return (
    <Split
      direction={arrangement === "below" ? "rows" : "columns"}
      name={`packets.${arrangement}`}
      initial={arrangement === "below" ? 0.52 : 0.56}
      minimum={arrangement === "below" ? 90 : 260}
      label="Between list and packet"
      first={table}
      second={detail || undefined}
    />
  );
}

interface SelectedProps {
  readonly number: number;
  /** The newest packet that there is. */
  readonly newest: number;
  readonly beside: boolean;
  readonly onClose: () => void;
}

function SelectedPacket({ number, newest, beside, onClose }: SelectedProps) {
  // Asked again when a packet comes into being that was not there: the page's address may name one of the future.
  const { data, error, loading, again } = useRequest(
    "packets.detail",
    newest < number ? undefined : { number },
  );
  // And while time goes on, for a packet travels, and is answered.
  useEvery(again, 1_000);
  if (newest < number) return <p className={classes.problem}>Packet {number} has not been sent yet.</p>;
  if (error !== undefined && !loading && data?.row.number !== number) {
    return (
      <p className={classes.problem} role="status">
        {error.message}
      </p>
    );
  }
  if (data === undefined) return <p className={classes.problem}>Taking packet {number} apart…</p>;
  return <DetailPane detail={data} beside={beside} onClose={onClose} />;
}
