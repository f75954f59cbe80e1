/** One link in the drawing: a straight line, dashed with a mark where it is cut. */

import { BaseEdge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import type { LinkEdge } from "./flow-model.ts";
import classes from "./topology.module.css";

export const LinkLine = memo(function Line(props: EdgeProps<LinkEdge>) {
  const { sourceX, sourceY, targetX, targetY, data, selected } = props;
  const state = data?.view.state ?? "up";
  const [x, y] = [(sourceX + targetX) / 2, (sourceY + targetY) / 2];
  return (
    <>
      <BaseEdge
        path={`M${sourceX},${sourceY}L${targetX},${targetY}${cornersAround(sourceX, sourceY, targetX, targetY)}`}
        className={classes.link ?? ""}
        data-state={state}
        data-selected={selected || undefined}
      />
      {state !== "up" && (
        <g
          className={classes.cut}
          transform={`translate(${x} ${y}) rotate(${angle(state, targetX - sourceX, targetY - sourceY)})`}
        >
          <circle r="9" />
          {state === "cut-forth" || state === "cut-back" ? (
            // A one-way barrier: the bar stands across, the arrow shows what is stopped.
            <path d="M3-5V5M-5 0H1.500M-1.500-3L1.500 0L-1.500 3" />
          ) : (
            <path d="M-4-4L4 4M4-4L-4 4" />
          )}
        </g>
      )}
    </>
  );
});

/** Points that paint nothing: Chromium finds a pointer only within the bounds of a path without its stroke. */
function cornersAround(x1: number, y1: number, x2: number, y2: number): string {
  const [left, top] = [Math.min(x1, x2) - REACH, Math.min(y1, y2) - REACH];
  const [right, bottom] = [Math.max(x1, x2) + REACH, Math.max(y1, y2) + REACH];
  return `M${left},${top}h0M${right},${bottom}h0`;
}

/** More than half of the zone's breadth at any zoom at which there are elements to be hit. */
const REACH = 100;

function angle(state: string, dx: number, dy: number): number {
  if (state !== "cut-forth" && state !== "cut-back") return 0;
  return (Math.atan2(dy, dx) * 180) / Math.PI + (state === "cut-back" ? 180 : 0);
}
