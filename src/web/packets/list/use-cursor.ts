/**
 * Which row is the selected one. The page's address knows the packet's number, the list knows rows: this hook finds the
 * row of a number, and the number of a row to which the keys have moved before it was there.
 */

import { useEffect, useRef, useState } from "react";
import type { PacketList, PacketListState } from "../model/packet-list.ts";

export interface Cursor {
  readonly index: number | undefined;
  readonly moveTo: (index: number) => void;
}

export function useCursor(
  list: PacketList,
  { view, revision }: PacketListState,
  selected: number | undefined,
  onSelect: (number: number) => void,
  show: (index: number) => void,
): Cursor {
  const [index, setIndex] = useState<number>();
  /** What was selected here needs no search. */
  const own = useRef<number>(undefined);
  /** Moved to, but its row is still on its way. */
  const pending = useRef(false);
  const latest = useRef({ onSelect, show });
  latest.current = { onSelect, show };
  const id = view?.view;
  const forgotten = view?.forgotten;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another view or forgotten rows change every index
  useEffect(() => {
    if (selected === undefined || id === undefined) return setIndex(undefined);
    let current = true;
    const isOwn = own.current === selected;
    list.find(selected).then((found) => {
      if (!current || found === undefined || pending.current) return;
      setIndex(found);
      if (!isOwn) latest.current.show(found);
    });
    own.current = undefined;
    return () => {
      current = false;
    };
  }, [list, id, forgotten, selected]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows come with another revision
  useEffect(() => {
    const row = pending.current && index !== undefined ? list.rows.row(index) : undefined;
    if (row === undefined) return;
    pending.current = false;
    own.current = row.number;
    latest.current.onSelect(row.number);
  }, [list, index, revision]);

  const moveTo = (wanted: number): void => {
    const row = list.rows.row(wanted);
    setIndex(wanted);
    latest.current.show(wanted);
    pending.current = row === undefined;
    if (row === undefined) return;
    own.current = row.number;
    latest.current.onSelect(row.number);
  };
  return { index, moveTo };
}
