/** One row of the packet list. It is drawn again only when what it shows is another. */

import { type CSSProperties, memo } from "react";
import type { PacketRowView } from "../../../engine/protocol/index.ts";
import { protocolColor } from "../../app/protocol-colors.ts";
import classes from "./packet-table.module.css";

interface Props {
  readonly index: number;
  readonly top: number;
  /** Undefined while it is on its way. */
  readonly row: PacketRowView | undefined;
  readonly time: string;
  readonly active: boolean;
  /** It belongs to the conversation of the selected packet. */
  readonly related: boolean;
}

export const PacketRow = memo(function PacketRow({ index, top, row, time, active, related }: Props) {
  const style = { transform: `translateY(${top}px)`, ...colorsOf(row) } as CSSProperties;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: a row of a grid
    <div
      role="row"
      id={rowId(index)}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={active}
      className={classes.row}
      data-mark={row?.mark}
      data-related={related || undefined}
      style={style}
    >
      <Cell
        at={1}
        column="number"
        text={row === undefined ? String(index + 1) : String(row.number)}
        waiting={row === undefined}
      />
      <Cell at={2} column="time" text={time} />
      <Cell at={3} column="source" text={row?.source} />
      <Cell at={4} column="destination" text={row?.destination} />
      <Cell at={5} column="protocol" text={row?.protocol} />
      <Cell at={6} column="length" text={row === undefined ? undefined : String(row.length)} />
      <Cell at={7} column="info" text={row?.info} mark={markText(row)} />
    </div>
  );
});

interface CellProps {
  readonly at: number;
  readonly column: string;
  readonly text: string | undefined;
  readonly mark?: string | undefined;
  readonly waiting?: boolean;
}

function Cell({ at, column, text, mark, waiting }: CellProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: a cell of a grid
    <span
      role="gridcell"
      aria-colindex={at}
      data-column={column}
      data-waiting={waiting || undefined}
      className={classes.cell}
    >
      {mark !== undefined && <b className={classes.mark}>{mark}</b>}
      {text}
    </span>
  );
}

export function rowId(index: number): string {
  return `packet-row-${index}`;
}

/** Colour is never the only sign. */
function markText(row: PacketRowView | undefined): string | undefined {
  if (row?.mark === "lost") return "lost";
  if (row?.mark === "again") return "again";
  if (row?.mark === "problem") return "problem";
  return undefined;
}

function colorsOf(row: PacketRowView | undefined): object {
  if (row === undefined) return NO_COLORS;
  let colors = known.get(row.protocol);
  if (colors === undefined) {
    const { light, dark } = protocolColor(row.protocol);
    colors = { "--protocol": `light-dark(${light}, ${dark})` };
    if (known.size < KNOWN_MAX) known.set(row.protocol, colors);
  }
  return colors;
}

const NO_COLORS = { "--protocol": "transparent" };
const known = new Map<string, object>();
/** A forged packet may claim any protocol. */
const KNOWN_MAX = 200;
