/** What the name server and its panel say to each other. Types only. */

export interface DnsView {
  readonly running: boolean;
  readonly description: string;
  readonly zones: readonly ZoneView[];
  /** Whether it looks names of others up. */
  readonly recursive: boolean;
  /** What it remembers of other zones. */
  readonly cache: readonly CachedView[];
  /** Entries of the cache that are not shown. */
  readonly omitted: number;
}

export interface ZoneView {
  readonly name: string;
  readonly serial: number;
  readonly records: readonly RecordView[];
  /** Why its configuration cannot be read; then it has no records. */
  readonly problem: string | undefined;
}

export interface RecordView {
  /** Names the record in `record.remove`. */
  readonly id: string;
  /** Relative to the zone: "@", "mail". */
  readonly name: string;
  readonly ttlSeconds: number;
  readonly type: string;
  readonly value: string;
}

export interface CachedView {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  /** When it will be forgotten, in virtual time, up to a second too late. */
  readonly untilNs: number;
}
