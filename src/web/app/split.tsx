/** Two panes and a bar between them, moved by pointer or arrow keys; the share is remembered by this browser. */

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from "react";
import { Kept } from "./kept.tsx";
import classes from "./split.module.css";
import { useStored } from "./stored.ts";

interface Props {
  /** "rows": one above the other. */
  readonly direction: "rows" | "columns";
  /** Under which the share is remembered. */
  readonly name: string;
  /** Share of the first pane, 0 to 1, at first. */
  readonly initial: number;
  /** Neither pane becomes smaller, in pixels. */
  readonly minimum: number;
  readonly label: string;
  /** Where one is undefined the other has all the room, and stays what it is when that one comes. */
  readonly first: ReactNode | undefined;
  readonly second: ReactNode | undefined;
  /** The second is kept as it is, out of sight. */
  readonly secondHidden?: boolean;
}

export function Split(props: Props) {
  const { direction, name, initial, minimum, label, first, second, secondHidden = false } = props;
  const box = useRef<HTMLDivElement>(null);
  const [share, setShare] = useStored(`split.${name}`, initial, isShare);
  const rows = direction === "rows";

  const limit = (wanted: number): number => {
    const size = box.current === null ? 1 : rows ? box.current.clientHeight : box.current.clientWidth;
    const least = Math.min(0.5, minimum / Math.max(size, 1));
    return Math.min(1 - least, Math.max(least, wanted));
  };
  const drag = (event: PointerEvent): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || box.current === null) return;
    const area = box.current.getBoundingClientRect();
    const at = rows ? (event.clientY - area.top) / area.height : (event.clientX - area.left) / area.width;
    setShare(limit(at));
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setShare(limit(share + step * KEY_STEP));
  };
  const both = first !== undefined && second !== undefined && !secondHidden;
  return (
    <div ref={box} className={classes.box} data-direction={direction}>
      {first !== undefined && (
        <div className={classes.pane} style={{ flex: both ? `${share} 1 0` : "1 1 0" }}>
          {first}
        </div>
      )}
      {both && (
        // biome-ignore lint/a11y/useSemanticElements: an hr cannot be focused and moved
        <div
          className={classes.bar}
          role="separator"
          tabIndex={0}
          aria-label={label}
          aria-orientation={rows ? "horizontal" : "vertical"}
          aria-valuenow={Math.round(share * 100)}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag}
          onDoubleClick={() => setShare(initial)}
          onKeyDown={press}
        />
      )}
      {second !== undefined && (
        <Kept shown={!secondHidden}>
          <div className={classes.pane} style={{ flex: both ? `${1 - share} 1 0` : "1 1 0" }}>
            {second}
          </div>
        </Kept>
      )}
    </div>
  );
}

function isShare(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value < 1;
}

const KEY_STEP = 0.02;
