/**
 * Which row is the selected one. The page's address knows the packet's number, the list knows rows: this hook finds the
 * row of a number, and the number of a row to which the keys have moved before it was there. What must stay true: no row
 * is said to be selected but that of the selected packet.
 */

import { useEffect, useRef, useState } from "react";
import type { PacketList, PacketListState } from "../model/packet-list.ts";

export interface Cursor {
  /** The row of the selected packet; undefined: it is not in the list, or not found yet. */
  readonly index: number | undefined;
  /** Where the keys go on: that row, or the first one behind the place where it would be. */
  readonly place: number | undefined;
  readonly moveTo: (index: number) => void;
}

export function useCursor(
  list: PacketList,
  { view, revision }: PacketListState,
  selected: number | undefined,
  onSelect: (number: number) => void,
  show: (index: number) => void,
): Cursor {
  const [place, setPlace] = useState<number>();
  /** The packet and the view in which it was brought into sight: once, for a person may scroll on. */
  const seen = useRef("");
  /** Moved to, but its row is still on its way. */
  const pending = useRef(false);
  const latest = useRef({ onSelect, show });
  latest.current = { onSelect, show };
  const id = view?.view;
  const isFound = place !== undefined && (pending.current || list.rows.row(place)?.number === selected);
  // Rows that come or go may move it, or bring it.
  const searched = isFound ? "" : `${view?.matched} ${view?.forgotten}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when other rows are there
  useEffect(() => {
    // Where one moves to is not the selected packet yet.
    if (pending.current) return;
    if (selected === undefined || id === undefined) return setPlace(undefined);
    let current = true;
    list.find(selected).then((found) => {
      if (!current || found === undefined || pending.current) return;
      setPlace(found);
      const sight = `${selected} ${id}`;
      if (seen.current !== sight) latest.current.show(found);
      seen.current = sight;
    });
    return () => {
      current = false;
    };
  }, [list, id, searched, selected]);

  const select = (number: number): void => {
    pending.current = false;
    seen.current = `${number} ${id}`;
    latest.current.onSelect(number);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows come with another revision
  useEffect(() => {
    const row = pending.current && place !== undefined ? list.rows.row(place) : undefined;
    if (row !== undefined) select(row.number);
  }, [list, place, revision]);

  const moveTo = (wanted: number): void => {
    const row = list.rows.row(wanted);
    setPlace(wanted);
    latest.current.show(wanted);
    pending.current = row === undefined;
    if (row !== undefined) select(row.number);
  };
  return { index: isFound ? place : undefined, place, moveTo };
}
