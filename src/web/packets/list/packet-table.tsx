/** The packet list: rows of the view, moved through by wheel, bar and keys; a menu on each cell. */

import { type CSSProperties, type KeyboardEvent, type MouseEvent, useCallback, useRef } from "react";
import type { PacketRowView } from "../../../engine/protocol/index.ts";
import { useStored } from "../../app/stored.ts";
import { useStore } from "../../engine/hooks.ts";
import type { CellColumn } from "../filter/filter-text.ts";
import type { PacketList } from "../model/packet-list.ts";
import { usePackets } from "../packets-context.ts";
import { BigList, type BigListHandle } from "./big-list.tsx";
import { COLUMNS, gridTemplate, INITIAL_WIDTHS, isWidths, minimumWidth } from "./columns.ts";
import { ListHeader } from "./list-header.tsx";
import { PacketRow, rowId } from "./packet-row.tsx";
import classes from "./packet-table.module.css";
import { rowText } from "./row-text.ts";
import { timeText } from "./time-text.ts";
import { useCursor } from "./use-cursor.ts";
import { usePaced } from "./use-paced.ts";

export interface CellMenu {
  readonly x: number;
  readonly y: number;
  readonly row: PacketRowView;
  readonly column: CellColumn;
}

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

  const move = (index: number): void => {
    if (count === 0) return;
    const wanted = Math.min(count - 1, Math.max(0, index));
    onFollow(false);
    cursor.moveTo(wanted);
  };
  const press = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return;
    const row = cursor.index === undefined ? undefined : list.rows.row(cursor.index);
    if ((event.ctrlKey || event.metaKey) && event.key === "c" && row !== undefined) {
      if (String(getSelection()) === "") navigator.clipboard.writeText(rowText(row, time));
      return;
    }
    const to = targetOf(event, cursor.index, count, handle.current?.rowsSeen ?? 1);
    if (to !== undefined) move(to);
    else if (event.key === "Enter") onEnter();
    else if (isMenuKey(event) && row !== undefined)
      onMenu({ ...placeOf(event.currentTarget, cursor.index!), row, column: "info" });
    else return;
    event.preventDefault();
  };
  const click = (event: MouseEvent): void => {
    const index = indexOf(event.target);
    if (index !== undefined) move(index);
  };
  const openMenu = (event: MouseEvent): void => {
    const index = indexOf(event.target);
    const row = index === undefined ? undefined : list.rows.row(index);
    if (index === undefined || row === undefined) return;
    event.preventDefault();
    move(index);
    onMenu({ x: event.clientX, y: event.clientY, row, column: columnOf(event.target) });
  };
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
      onKeyDown={press}
      onClick={click}
      onContextMenu={openMenu}
    />
  );
}

/** The row that a key leads to; undefined: it is no such key. */
function targetOf(
  event: KeyboardEvent,
  index: number | undefined,
  count: number,
  page: number,
): number | undefined {
  if (event.altKey || event.shiftKey) return undefined;
  const at = index ?? -1;
  switch (event.key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return index === undefined ? count - 1 : at - 1;
    case "PageDown":
      return at + page;
    case "PageUp":
      return at - page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

function isMenuKey({ key, shiftKey }: KeyboardEvent): boolean {
  return key === "ContextMenu" || (key === "F10" && shiftKey);
}

/** Where a menu opens that was asked for by a key. */
function placeOf(grid: Element, index: number): { x: number; y: number } {
  const area = (grid.querySelector(`[data-index="${index}"]`) ?? grid).getBoundingClientRect();
  return { x: area.left + 120, y: area.bottom };
}

function indexOf(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest("[data-index]") : null;
  return row === null ? undefined : Number(row.getAttribute("data-index"));
}

function columnOf(target: EventTarget): CellColumn {
  const cell = target instanceof Element ? target.closest("[data-column]") : null;
  return (cell?.getAttribute("data-column") ?? "info") as CellColumn;
}

const WANT_EVERY_MS = 50;
const ROW_HEIGHT = 24;
const NARROW_ROW_HEIGHT = 46;
const HEADER_HEIGHT = 26;
