/** What a resolver remembers, as a person reads it. */

import { displayName } from "./name.ts";
import { formatData, type ResourceRecord } from "./wire/record.ts";

export interface CachedRecord {
  /** Without a dot at its end. */
  readonly name: string;
  /** "MX"; "any" for a name that does not exist. */
  readonly type: string;
  /** As a zone writes it: "10 mail.hamburger.edu."; or that there is none. */
  readonly value: string;
  readonly remainingSeconds: number;
}

export function cachedRecord(record: ResourceRecord, remainingSeconds: number): CachedRecord {
  const { name, data } = record;
  return { name: displayName(name), type: data.type, value: formatData(data), remainingSeconds };
}

export function secondsLeft(untilNs: number, nowNs: number): number {
  return Math.ceil((untilNs - nowNs) / 1e9);
}

export const NO_SUCH_NAME = "(no such name)";
export const NO_SUCH_DATA = "(no such record)";
