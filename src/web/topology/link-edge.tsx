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
        path={`M${sourceX},${sourceY}L${targetX},${targetY}`}
        interactionWidth={18}
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

function angle(state: string, dx: number, dy: number): number {
  if (state !== "cut-forth" && state !== "cut-back") return 0;
  return (Math.atan2(dy, dx) * 180) / Math.PI + (state === "cut-back" ? 180 : 0);
}
