/** What stands still on the time line: its ticks, what was changed by hand, and who came in from outside. */

import { memo, useMemo } from "react";
import type { InputView } from "../../engine/protocol/index.ts";
import { useSession, useStore } from "../engine/hooks.ts";
import { formatTick } from "./format.ts";
import { cluster, type Range, ticks, toShare } from "./scale.ts";
import classes from "./time-bar.module.css";

export const TimeMarks = memo(
  function Marks({ range }: { readonly range: Range }) {
    const inputs = useStore(useSession().inputs);
    const clusters = useMemo(() => cluster(inputs, range, LEAST_SHARE), [inputs, range]);
    const instants = ticks(range, TICKS);
    const stepNs = instants.length > 1 ? instants[1]! - instants[0]! : range.endNs - range.startNs;
    return (
      <>
        {instants.map((timeNs) => (
          <div key={timeNs} className={classes.tick} style={{ left: `${toShare(timeNs, range) * 100}%` }}>
            {formatTick(timeNs, stepNs)}
          </div>
        ))}
        {clusters.map(({ share, members }) => (
          <div
            key={share}
            className={classes.mark}
            data-ahead={members[0]!.ahead || undefined}
            style={{ left: `${share * 100}%` }}
          />
        ))}
      </>
    );
  },
  (a, b) => a.range.startNs === b.range.startNs && a.range.endNs === b.range.endNs,
);

/** The changes near a place, to be shown beside the pointer. */
export function useMarkText(share: number, range: Range): readonly string[] {
  const inputs = useStore(useSession().inputs);
  const near = (input: InputView): boolean => Math.abs(toShare(input.timeNs, range) - share) < LEAST_SHARE;
  const texts = inputs.filter(near).map(({ text, ahead }) => (ahead ? `${text} (still to come)` : text));
  return texts.length <= MAX_TEXTS
    ? texts
    : [...texts.slice(0, MAX_TEXTS), `and ${texts.length - MAX_TEXTS} more`];
}

const TICKS = 6;
/** Marks closer than this share of the strip are one. */
const LEAST_SHARE = 0.012;
const MAX_TEXTS = 5;
