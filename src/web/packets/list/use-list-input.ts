/** Keys and clicks on the packet list: they move the selection, copy its row, open its menu or go on to its detail. */

import type { KeyboardEvent, MouseEvent } from "react";
import type { CellColumn } from "../filter/filter-text.ts";
import type { PacketList } from "../model/packet-list.ts";
import { usePackets } from "../packets-context.ts";
import type { CellMenu } from "./packet-menu.tsx";
import { rowText } from "./row-text.ts";
import type { Cursor } from "./use-cursor.ts";

interface ListInput {
  readonly onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => void;
  readonly onClick: (event: MouseEvent) => void;
  readonly onContextMenu: (event: MouseEvent) => void;
}

interface Options {
  readonly list: PacketList;
  readonly cursor: Cursor;
  /** Rows of the list. */
  readonly count: number;
  readonly rowsSeen: () => number;
  readonly onFollow: (follow: boolean) => void;
  readonly onMenu: (menu: CellMenu) => void;
  readonly onEnter: () => void;
}

export function useListInput({ list, cursor, count, rowsSeen, ...told }: Options): ListInput {
  const { onFollow, onMenu, onEnter } = told;
  const { time } = usePackets();
  const move = (index: number): void => {
    if (count === 0) return;
    const wanted = Math.min(count - 1, Math.max(0, index));
    onFollow(false);
    cursor.moveTo(wanted);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return;
    const row = cursor.index === undefined ? undefined : list.rows.row(cursor.index);
    if ((event.ctrlKey || event.metaKey) && event.key === "c" && row !== undefined) {
      if (String(getSelection()) === "") navigator.clipboard.writeText(rowText(row, time));
      return;
    }
    const to = targetOf(event, cursor, count, rowsSeen());
    if (to !== undefined) move(to);
    else if (event.key === "Enter") onEnter();
    else if (isMenuKey(event) && row !== undefined)
      onMenu({ ...placeOf(event.currentTarget, cursor.index!), row, column: "info" });
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const index = indexOf(event.target);
    if (index !== undefined) move(index);
  };
  const onContextMenu = (event: MouseEvent): void => {
    const index = indexOf(event.target);
    const row = index === undefined ? undefined : list.rows.row(index);
    if (index === undefined || row === undefined) return;
    event.preventDefault();
    move(index);
    onMenu({ x: event.clientX, y: event.clientY, row, column: columnOf(event.target) });
  };
  return { onKeyDown, onClick, onContextMenu };
}

/** The row that a key leads to; undefined: it is no such key. */
function targetOf(
  event: KeyboardEvent,
  { index, place }: Cursor,
  count: number,
  page: number,
): number | undefined {
  if (event.altKey || event.shiftKey) return undefined;
  const at = place ?? -1;
  switch (event.key) {
    case "ArrowDown":
      // A packet that is not in the list stands before this row.
      return place !== undefined && index === undefined ? at : at + 1;
    case "ArrowUp":
      return place === undefined ? count - 1 : at - 1;
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
