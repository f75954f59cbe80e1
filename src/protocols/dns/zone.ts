/**
 * One zone: its records and the look-up of RFC 1034 section 4.3.2, step 3. A zone never changes; an update makes
 * a new one. Read first: `Zone.lookup`. How a whole answer is put together stands in authority.ts.
 */

import { ZoneError } from "./errors.ts";
import { ancestorsOf, displayName, isWithin, join, type Name, nameKey, parentOf } from "./name.ts";
import { formatData, isType, type ResourceRecord } from "./wire/record.ts";
import type { RecordType } from "./wire/record-types.ts";
import { zoneProblems } from "./zone-check.ts";

/** All records of one name and type; not empty. RFC 2181 section 5. */
export type RecordSet<T extends RecordType = RecordType> = readonly ResourceRecord<T>[];

/** What a zone knows about a name and a type. */
export type Lookup =
  /** The records asked for. Those of a wildcard keep its name; whoever answers gives them the name asked for. */
  | { readonly kind: "found"; readonly records: RecordSet }
  /** The name is another name for `target`. */
  | { readonly kind: "alias"; readonly records: RecordSet<"CNAME">; readonly target: Name }
  /** The name lies in a zone that has been given away; `records` say to whom. */
  | { readonly kind: "delegated"; readonly records: RecordSet<"NS"> }
  /** The name exists, but has no such records. */
  | { readonly kind: "no-data" }
  /** There is no such name. */
  | { readonly kind: "no-name" };

export class Zone {
  readonly origin: Name;
  readonly soa: ResourceRecord<"SOA">;
  readonly recordCount: number;
  /** Every name of the zone, those that only have names below them too (RFC 4592 section 2.2.2: empty). */
  readonly #nodes = new Map<string, Map<RecordType, ResourceRecord[]>>();

  /** Throws ZoneError, which lists everything that is wrong. */
  constructor(origin: Name, records: readonly ResourceRecord[]) {
    const problems = zoneProblems(origin, records);
    const soa = records.find((record) => isType(record, "SOA"));
    if (problems.length > 0 || soa === undefined) throw new ZoneError(displayName(origin), problems);
    this.origin = origin;
    this.soa = soa as ResourceRecord<"SOA">;
    for (const record of withoutDoubles(records)) this.#add(record);
    this.#equalizeTtls();
    this.recordCount = records.length;
  }

  /** What the zone says about `name`, which lies within it. */
  lookup(name: Name, type: RecordType): Lookup {
    const delegation = this.#delegationAbove(name, type);
    if (delegation !== undefined) return { kind: "delegated", records: delegation };
    const node = this.#nodes.get(nameKey(name));
    if (node !== undefined) return answerOf(node, type);
    // RFC 4592 section 3.3.1: only the wildcard right below the closest name that exists counts.
    const wildcard = this.#nodes.get(nameKey(join("*", this.#closestEncloser(name))));
    return wildcard === undefined ? { kind: "no-name" } : answerOf(wildcard, type);
  }

  /** The addresses of a host, if this zone has them as data or as glue: what goes along with an answer. */
  addressesOf(host: Name): ResourceRecord[] {
    const node = this.#nodes.get(nameKey(host));
    return [...(node?.get("A") ?? []), ...(node?.get("AAAA") ?? [])];
  }

  /** Every record, in the order of the names' first appearance. */
  *records(): Generator<ResourceRecord> {
    for (const node of this.#nodes.values()) for (const set of node.values()) yield* set;
  }

  #add(record: ResourceRecord): void {
    for (const name of ancestorsOf(record.name)) {
      if (!isWithin(name, this.origin)) break;
      if (!this.#nodes.has(nameKey(name))) this.#nodes.set(nameKey(name), new Map());
    }
    const node = this.#nodes.get(nameKey(record.name)) as Map<RecordType, ResourceRecord[]>;
    const set = node.get(record.data.type);
    if (set === undefined) node.set(record.data.type, [record]);
    else set.push(record);
  }

  /** RFC 2181 section 5.2: the records of a set have one TTL; the smallest wins. */
  #equalizeTtls(): void {
    for (const node of this.#nodes.values()) {
      for (const [type, set] of node) {
        const ttlSeconds = Math.min(...set.map((record) => record.ttlSeconds));
        node.set(
          type,
          set.map((record) => ({ ...record, ttlSeconds })),
        );
      }
    }
  }

  /** The highest NS set between the origin and `name` (RFC 1034 section 4.2.1: a zone ends at its cuts). */
  #delegationAbove(name: Name, type: RecordType): RecordSet<"NS"> | undefined {
    let found: RecordSet<"NS"> | undefined;
    // RFC 4035 section 3.1.4.1: DS stands above the cut, so it does not lead through it.
    const lowest = type === "DS" ? parentOf(name) : name;
    for (const at of ancestorsOf(lowest ?? name)) {
      if (at.length <= this.origin.length) break;
      const set = this.#nodes.get(nameKey(at))?.get("NS");
      if (set !== undefined) found = set as RecordSet as RecordSet<"NS">;
    }
    return found;
  }

  /** RFC 4592 section 3.3.1: the longest part of `name` that exists. */
  #closestEncloser(name: Name): Name {
    for (const at of ancestorsOf(name)) if (this.#nodes.has(nameKey(at))) return at;
    return this.origin;
  }
}

function answerOf(node: ReadonlyMap<RecordType, RecordSet>, type: RecordType): Lookup {
  // RFC 8482 section 4.1: to ANY, one of the sets is an answer.
  const set = type === "ANY" ? node.values().next().value : node.get(type);
  if (set !== undefined) return { kind: "found", records: set };
  const alias = node.get("CNAME") as RecordSet<"CNAME"> | undefined;
  if (alias === undefined) return { kind: "no-data" };
  return { kind: "alias", records: alias, target: alias[0].data.canonicalName };
}

/** RFC 2181 section 5: a set has no record twice. */
function withoutDoubles(records: readonly ResourceRecord[]): ResourceRecord[] {
  const textOf = (record: ResourceRecord): string =>
    `${nameKey(record.name)} ${record.data.type} ${formatData(record.data)}`;
  return [...new Map(records.map((record) => [textOf(record), record])).values()];
}
