/** The figures of the whole capture. */

import { figuresOf, summaryRows } from "../../dissect/index.ts";
import type { SummaryView } from "../protocol/packets.ts";
import type { PacketStore } from "./store.ts";

export function summaryOf(store: PacketStore): SummaryView {
  const { blocks, octets, length } = store.recorder;
  const last = blocks.at(-1);
  const spanNs = last === undefined ? 0 : last.timesNs[last.length - 1] - blocks[0].timesNs[0];
  const rows = summaryRows(figuresOf(length, octets, spanNs)).map(([name, value]) => ({ name, value }));
  const { forgottenCount } = store;
  if (forgottenCount === 0) return rows;
  return [...rows, { name: "Forgotten packets before these", value: String(forgottenCount) }];
}
