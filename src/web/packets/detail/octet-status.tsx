/** Below the octets: which field is marked, where it lies, where it is defined. */

import type { Layer } from "../../../engine/protocol/index.ts";
import classes from "./detail-pane.module.css";
import { partAt } from "./tree-model.ts";

interface Props {
  readonly layers: readonly Layer[];
  readonly id: string | undefined;
  readonly octets: number;
}

export function OctetStatus({ layers, id, octets }: Props) {
  const found = id === undefined ? undefined : partAt(layers, id);
  if (found === undefined) return <div className={classes.status}>{octets} octets</div>;
  const { start, end, reference } = found;
  const name = "key" in found ? `${found.name} (${found.key})` : found.protocol;
  const bits = "key" in found && found.bits !== undefined ? `, ${bitsText(found.bits)}` : "";
  return (
    <div className={classes.status}>
      <b>{name}</b>
      <span>
        {end - start === 1
          ? `octet ${start}`
          : end === start
            ? `before octet ${start}`
            : `octets ${start} to ${end - 1}`}
        {bits}
      </span>
      {reference !== undefined && <span>{reference}</span>}
    </div>
  );
}

function bitsText({ start, end }: { readonly start: number; readonly end: number }): string {
  return end - start === 1 ? `bit ${start}` : `bits ${start} to ${end - 1}`;
}
