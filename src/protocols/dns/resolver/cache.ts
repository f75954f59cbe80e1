/**
 * What a recursive resolver remembers: record sets until their TTL ends, "there is none" (RFC 2308), and recent
 * failures (RFC 9520). Pure but for its own tables: time is an argument.
 */

import { Rotation } from "../answer.ts";
import {
  type CachedRecord,
  cachedRecord,
  NO_SUCH_DATA,
  NO_SUCH_NAME,
  secondsLeft,
} from "../cached-record.ts";
import { ancestorsOf, displayName, type Name, nameKey } from "../name.ts";
import { TtlCache } from "../ttl-cache.ts";
import type { ResourceRecord } from "../wire/record.ts";
import type { RecordType } from "../wire/record-types.ts";
import type { RecordSet } from "../zone.ts";

/**
 * How far data may be believed (RFC 2181 section 5.4.1): "referral" data (NS sets and glue, said by the parent)
 * leads to servers but is no answer to a client; it never replaces an "answer".
 */
export type Rank = "referral" | "answer";

/** "There is none", with the SOA that says for how long; without one it is not kept. */
export interface Negative {
  readonly kind: "no-data" | "no-name";
  readonly soa: ResourceRecord | undefined;
}

interface Entry {
  readonly records: RecordSet;
  readonly rank: Rank;
  readonly untilNs: number;
}

export class RecordCache {
  readonly #sets: TtlCache<Entry>;
  readonly #negatives: TtlCache<{ negative: Negative; untilNs: number }>;
  readonly #failures: TtlCache<string>;
  readonly #rotation = new Rotation();

  constructor(entriesMax = ENTRIES_MAX) {
    this.#sets = new TtlCache(entriesMax);
    this.#negatives = new TtlCache(entriesMax);
    this.#failures = new TtlCache(FAILURES_MAX);
  }

  get size(): number {
    return this.#sets.size + this.#negatives.size;
  }

  /** The records known of `name`, with the time that is left to them; each time another one first. */
  records(name: Name, type: RecordType, nowNs: number, ranks: readonly Rank[]): ResourceRecord[] | undefined {
    const entry = this.#sets.get(keyOf(name, type), nowNs);
    if (entry === undefined || !ranks.includes(entry.rank)) return undefined;
    const ttlSeconds = secondsLeft(entry.untilNs, nowNs);
    return this.#rotation.next(entry.records).map((record) => ({ ...record, ttlSeconds }));
  }

  /** Keeps a record set (all of one name and type). */
  put(records: RecordSet, rank: Rank, nowNs: number): void {
    const [{ name, data }] = records;
    const key = keyOf(name, data.type);
    const known = this.#sets.get(key, nowNs);
    if (known?.rank === "answer" && rank === "referral") return;
    const ttlSeconds = Math.min(TTL_MAX, ...records.map((record) => effectiveTtl(record.ttlSeconds)));
    const untilNs = nowNs + ttlSeconds * 1e9;
    this.#sets.put(key, { records, rank, untilNs }, nowNs, ttlSeconds);
    if (rank === "answer") this.#negatives.delete(key);
  }

  /** What is known not to be, with the time left in the SOA's TTL. */
  negative(name: Name, type: RecordType, nowNs: number): Negative | undefined {
    const entry = this.#negatives.get(keyOf(name, type), nowNs) ?? this.#missingAncestor(name, nowNs);
    if (entry === undefined) return undefined;
    const { soa, kind } = entry.negative;
    return { kind, soa: soa && { ...soa, ttlSeconds: secondsLeft(entry.untilNs, nowNs) } };
  }

  /** RFC 2308 section 5: kept for the TTL of the SOA in the answer, or its last field if that is less. */
  putNegative(name: Name, type: RecordType, negative: Negative, nowNs: number): void {
    const { soa } = negative;
    if (soa?.data.type !== "SOA") return;
    const ttlSeconds = Math.min(NEGATIVE_MAX, effectiveTtl(soa.ttlSeconds), soa.data.negativeSeconds);
    const entry = { negative, untilNs: nowNs + ttlSeconds * 1e9 };
    const key = negative.kind === "no-name" ? keyOf(name, NO_NAME) : keyOf(name, type);
    this.#negatives.put(key, entry, nowNs, ttlSeconds);
  }

  /** Why this question could not be answered a moment ago. */
  failure(name: Name, type: RecordType, nowNs: number): string | undefined {
    return this.#failures.get(keyOf(name, type), nowNs);
  }

  putFailure(name: Name, type: RecordType, reason: string, nowNs: number): void {
    this.#failures.put(keyOf(name, type), reason, nowNs, FAILURE_SECONDS);
  }

  /** All that it remembers, for a person. */
  list(nowNs: number): CachedRecord[] {
    const sets = this.#sets.list(nowNs).flatMap(({ value, untilNs }) => {
      return value.records.map((record) => cachedRecord(record, secondsLeft(untilNs, nowNs)));
    });
    const negatives = this.#negatives.list(nowNs).map(({ key, value, untilNs }) => {
      const [type, name] = key.split(" ");
      const remainingSeconds = secondsLeft(untilNs, nowNs);
      const isNoName = value.negative.kind === "no-name";
      const what = isNoName ? NO_SUCH_NAME : NO_SUCH_DATA;
      return {
        name: displayName(name as Name),
        type: isNoName ? "any" : type,
        value: what,
        remainingSeconds,
      };
    });
    return [...sets, ...negatives];
  }

  clear(): void {
    this.#sets.clear();
    this.#negatives.clear();
    this.#failures.clear();
  }

  /** RFC 8020: below a name that does not exist there is nothing either. */
  #missingAncestor(name: Name, nowNs: number): { negative: Negative; untilNs: number } | undefined {
    for (const at of ancestorsOf(name)) {
      const entry = this.#negatives.get(keyOf(at, NO_NAME), nowNs);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }
}

function keyOf(name: Name, type: RecordType | typeof NO_NAME): string {
  return `${type} ${nameKey(name)}`;
}

/** RFC 2181 section 8: a TTL with its highest bit set counts as zero. */
function effectiveTtl(ttlSeconds: number): number {
  return ttlSeconds > 0x7fffffff ? 0 : ttlSeconds;
}

const NO_NAME = "no-name";
/** Record sets, and as many negative entries. About 1 KB each. */
const ENTRIES_MAX = 20_000;
/** RFC 8767 section 4 recommends a week. */
const TTL_MAX = 7 * 86_400;
/** RFC 2308 section 5: one to three hours work well. */
const NEGATIVE_MAX = 3 * 3600;
/** RFC 9520 section 3.2: at least one second, at most five minutes. */
const FAILURE_SECONDS = 5;
const FAILURES_MAX = 1000;
