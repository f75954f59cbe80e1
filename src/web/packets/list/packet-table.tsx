/** The packet list: rows of the view, moved through by wheel, bar and keys (use-list-input.ts); a menu on each cell. */

import { type CSSProperties, useCallback, useRef } from "react";
import { useStored } from "../../app/stored.ts";
import { useStore } from "../../engine/hooks.ts";
import type { PacketList } from "../model/packet-list.ts";
import { usePackets } from "../packets-context.ts";
import { BigList, type BigListHandle } from "./big-list.tsx";
import { COLUMNS, gridTemplate, INITIAL_WIDTHS, isWidths, minimumWidth } from "./columns.ts";
import { ListHeader } from "./list-header.tsx";
import type { CellMenu } from "./packet-menu.tsx";
import { PacketRow, rowId } from "./packet-row.tsx";
import classes from "./packet-table.module.css";
import { timeText } from "./time-text.ts";
import { useCursor } from "./use-cursor.ts";
import { useListInput } from "./use-list-input.ts";
import { usePaced } from "./use-paced.ts";

interface Props {
  readonly list: PacketList;
  readonly selected: number | undefined;
  readonly narrow: boolean;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  readonly onMenu: (menu: CellMenu) => void;
  /** Enter: on to the packet's detail. */
  readonly onEnter: () => void;
}

export function PacketTable({ list, selected, narrow, follow, onFollow, onMenu, onEnter }: Props) {
  const state = useStore(list.state);
  const { time, select } = usePackets();
  const handle = useRef<BigListHandle>(null);
  const [widths, setWidths] = useStored("packets.widths", INITIAL_WIDTHS, isWidths);
  const cursor = useCursor(list, state, selected, select, (index) => handle.current?.show(index));
  const wantNow = useCallback((...seen: [number, number, boolean]) => list.rows.want(...seen), [list]);
  // Whoever drags the bar past a thousand pages sees some of them, and those where he rests.
  const want = usePaced(wantNow, WANT_EVERY_MS);
  const count = state.view?.matched ?? 0;
  const conversation = cursor.index === undefined ? undefined : list.rows.row(cursor.index)?.conversation;

  const input = useListInput({
    list,
    cursor,
    count,
    rowsSeen: () => handle.current?.rowsSeen ?? 1,
    onFollow,
    onMenu,
    onEnter,
  });
  const renderRow = (index: number, top: number) => {
    const row = list.rows.row(index);
    const before = time.format !== "previous" ? null : index === 0 ? null : list.rows.row(index - 1)?.timeNs;
    return (
      <PacketRow
        index={index}
        top={top}
        row={row}
        time={row === undefined ? "" : timeText(time, row.timeNs, before)}
        active={index === cursor.index}
        related={conversation !== undefined && row?.conversation === conversation}
      />
    );
  };
  return (
    <BigList
      handle={handle}
      label="Packets"
      className={classes.table}
      style={{ "--columns": gridTemplate(widths) } as CSSProperties}
      data-narrow={narrow || undefined}
      data-filter={state.view?.filter}
      count={count}
      columnCount={COLUMNS.length}
      rowHeight={narrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT}
      header={narrow ? null : <ListHeader widths={widths} onWidths={setWidths} />}
      headerHeight={narrow ? 0 : HEADER_HEIGHT}
      minWidth={narrow ? 0 : minimumWidth(widths)}
      follow={follow}
      active={cursor.index}
      idOf={rowId}
      renderRow={renderRow}
      onSeen={want}
      onScrolled={onFollow}
      {...input}
    />
  );
}

const WANT_EVERY_MS = 50;
const ROW_HEIGHT = 24;
const NARROW_ROW_HEIGHT = 46;
const HEADER_HEIGHT = 26;
