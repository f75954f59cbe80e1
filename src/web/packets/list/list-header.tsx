/** The head of the packet list: names of the columns, each with an edge to drag or to move with the arrow keys. */

import type { KeyboardEvent, PointerEvent } from "react";
import { COLUMNS, INITIAL_WIDTHS, WIDTH_MAX, WIDTH_MIN, type Widths, withWidth } from "./columns.ts";
import classes from "./packet-table.module.css";

interface Props {
  readonly widths: Widths;
  readonly onWidths: (widths: Widths) => void;
}

export function ListHeader({ widths, onWidths }: Props) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: a row of a grid
    <div role="row" aria-rowindex={1} className={classes.headerRow}>
      {COLUMNS.map(({ id, title, align }, at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: nothing happens by it
        // biome-ignore lint/a11y/useSemanticElements: a row of a grid
        <div
          key={id}
          role="columnheader"
          aria-colindex={at + 1}
          className={classes.headerCell}
          data-align={align}
        >
          {title}
          {at < widths.length && <Edge at={at} title={title} widths={widths} onWidths={onWidths} />}
        </div>
      ))}
    </div>
  );
}

function Edge({ at, title, widths, onWidths }: Props & { readonly at: number; readonly title: string }) {
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const cell = event.currentTarget.parentElement!.getBoundingClientRect();
    onWidths(withWidth(widths, at, event.clientX - cell.left));
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -8, ArrowRight: 8 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onWidths(withWidth(widths, at, widths[at] + step));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be focused and moved
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of ${title}`}
      aria-valuenow={widths[at]}
      aria-valuemin={WIDTH_MIN}
      aria-valuemax={WIDTH_MAX}
      className={classes.edge}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDoubleClick={() => onWidths(withWidth(widths, at, INITIAL_WIDTHS[at]))}
      onKeyDown={press}
    />
  );
}
