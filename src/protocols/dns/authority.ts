/**
 * Authoritative answers out of zones: the algorithm of RFC 1034 section 4.3.2 without its step 4 (the cache is the
 * resolver's). Pure: nothing here waits or sends.
 */

import { type Answer, bareAnswer, type Rotation } from "./answer.ts";
import { ancestorsOf, type Name, nameKey, parentOf } from "./name.ts";
import type { Question } from "./wire/message.ts";
import { isType, type ResourceRecord } from "./wire/record.ts";
import type { RecordType } from "./wire/record-types.ts";
import type { RecordSet, Zone } from "./zone.ts";

/** The zones of a server; one that changes is put again, whole. */
export class ZoneTable {
  readonly #zones = new Map<string, Zone>();

  get size(): number {
    return this.#zones.size;
  }

  put(zone: Zone): void {
    this.#zones.set(nameKey(zone.origin), zone);
  }

  /** The zone with exactly this origin. */
  get(origin: Name): Zone | undefined {
    return this.#zones.get(nameKey(origin));
  }

  remove(origin: Name): boolean {
    return this.#zones.delete(nameKey(origin));
  }

  /** The zone nearest above `name`: RFC 1034 section 4.3.2, step 2. */
  find(name: Name, type: RecordType): Zone | undefined {
    // RFC 4035 section 3.1.4.1: the DS of a zone stands in its parent.
    const parent = type === "DS" ? parentOf(name) : undefined;
    const above = parent === undefined ? undefined : this.#nearest(parent);
    return above ?? this.#nearest(name);
  }

  values(): Iterable<Zone> {
    return this.#zones.values();
  }

  #nearest(name: Name): Zone | undefined {
    for (const at of ancestorsOf(name)) {
      const zone = this.get(at);
      if (zone !== undefined) return zone;
    }
    return undefined;
  }
}

export interface ZoneAnswer extends Answer {
  /** What is still open: aliases have led to a name outside our zones, or the name is delegated away. */
  readonly open: { readonly name: Name; readonly kind: "alias" | "delegated" } | undefined;
}

/** What the zones say to a question; undefined when it lies in none of them. */
export function answerFromZones(
  zones: ZoneTable,
  question: Question,
  rotation: Rotation,
): ZoneAnswer | undefined {
  const { type } = question;
  let name = question.name;
  let zone = zones.find(name, type);
  if (zone === undefined) return undefined;
  const answers: ResourceRecord[] = [];
  const finish = (rest: Partial<ZoneAnswer>): ZoneAnswer => ({
    ...bareAnswer("NOERROR"),
    isAuthoritative: true,
    open: undefined,
    answers,
    ...rest,
  });
  for (let aliases = 0; aliases <= ALIASES_MAX; aliases++) {
    const found = zone.lookup(name, type);
    switch (found.kind) {
      case "found":
        answers.push(...ownedBy(name, rotation.next(found.records)));
        return finish({ additionals: hostAddresses(zone, found.records) });
      case "delegated":
        // RFC 1035 section 4.1.1: AA is about the first owner name; that is ours when an alias led here.
        return finish({
          isAuthoritative: answers.length > 0,
          authorities: found.records,
          additionals: hostAddresses(zone, found.records),
          open: { name, kind: "delegated" },
        });
      case "no-data":
        return finish({ authorities: [negativeSoa(zone)] });
      case "no-name":
        // RFC 6604 section 3: after aliases the code is that of the last name.
        return finish({ responseCode: "NXDOMAIN", authorities: [negativeSoa(zone)] });
      case "alias":
        answers.push(...ownedBy(name, found.records));
        name = found.target;
        zone = zones.find(name, type);
        if (zone === undefined) return finish({ open: { name, kind: "alias" } });
    }
  }
  // The aliases go in a circle: what there is of them is the answer.
  return finish({});
}

/** RFC 1034 section 4.3.3: what a wildcard yields takes the name asked for. */
function ownedBy(name: Name, records: RecordSet): ResourceRecord[] {
  return records.map((record) => ({ ...record, name }));
}

/** RFC 2308 section 3: the SOA says how long the answer "there is none" holds. */
function negativeSoa(zone: Zone): ResourceRecord<"SOA"> {
  const { soa } = zone;
  return { ...soa, ttlSeconds: Math.min(soa.ttlSeconds, soa.data.negativeSeconds) };
}

/** RFC 1035 section 3.3: NS, MX and SRV bring the addresses of their hosts along. */
function hostAddresses(zone: Zone, records: RecordSet): ResourceRecord[] {
  const hosts = new Map<string, Name>();
  for (const record of records) {
    const host = hostOf(record);
    if (host !== undefined) hosts.set(nameKey(host), host);
  }
  return [...hosts.values()].flatMap((host) => zone.addressesOf(host));
}

function hostOf(record: ResourceRecord): Name | undefined {
  if (isType(record, "NS")) return record.data.host;
  if (isType(record, "MX")) return record.data.exchange;
  return isType(record, "SRV") ? record.data.target : undefined;
}

/** As many aliases as are followed before they count as a circle; others use 8 to 16. */
export const ALIASES_MAX = 12;
