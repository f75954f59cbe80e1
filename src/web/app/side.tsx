/** A part beside the work area whose width is set by dragging its inner edge, or with the arrow keys. */

import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { useRef } from "react";
import classes from "./shell.module.css";
import { useStored } from "./stored.ts";

interface Props {
  readonly name: string;
  readonly edge: "left" | "right";
  /** In pixels, at first. */
  readonly initial: number;
  readonly label: string;
  readonly children: ReactNode;
}

export function Side({ name, edge, initial, label, children }: Props) {
  const box = useRef<HTMLElement>(null);
  const [width, setWidth] = useStored(`side.${name}`, initial, isWidth);
  const sign = edge === "left" ? 1 : -1;
  const set = (wanted: number): void => setWidth(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, wanted)));
  const drag = (event: PointerEvent): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || box.current === null) return;
    const area = box.current.getBoundingClientRect();
    set(edge === "left" ? event.clientX - area.left : area.right - event.clientX);
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined) set(width + step * sign * KEY_STEP);
  };
  return (
    <aside ref={box} className={classes.side} data-edge={edge} aria-label={label} style={{ width }}>
      {children}
      {/* biome-ignore lint/a11y/useSemanticElements: an hr cannot be focused and moved */}
      <div
        className={classes.grip}
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={`Width of ${label}`}
        aria-valuenow={Math.round(width)}
        aria-valuemin={MIN_WIDTH}
        aria-valuemax={MAX_WIDTH}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDoubleClick={() => setWidth(initial)}
        onKeyDown={press}
      />
    </aside>
  );
}

function isWidth(value: unknown): value is number {
  return typeof value === "number" && value >= MIN_WIDTH && value <= MAX_WIDTH;
}

const MIN_WIDTH = 260;
const MAX_WIDTH = 1_100;
const KEY_STEP = 24;
