/** A packet as one line of text, to paste elsewhere: the columns with tabs between them. */

import type { PacketRowView } from "../../../engine/protocol/index.ts";
import { type TimeContext, timeText } from "./time-text.ts";

export function rowText(row: PacketRowView, time: TimeContext): string {
  const at = timeText(time.format === "previous" ? { ...time, format: "start" } : time, row.timeNs, null);
  const { number, source, destination, protocol, length, info, comment } = row;
  const columns = [number, at, source, destination, protocol, length, info];
  return [...columns, ...(comment === undefined ? [] : [comment])].join("\t");
}
