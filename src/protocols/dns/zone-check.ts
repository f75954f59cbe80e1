/** What must hold of the records of a zone; each problem is one sentence that names the record. */

import { ancestorsOf, displayName, isWithin, type Name, nameKey, sameName } from "./name.ts";
import { formatData, isType, type ResourceRecord } from "./wire/record.ts";

export function zoneProblems(origin: Name, records: readonly ResourceRecord[]): string[] {
  const inside = records.filter((record) => isWithin(record.name, origin));
  return [
    ...records.filter(({ name }) => !isWithin(name, origin)).map((record) => outsideProblem(origin, record)),
    ...apexProblems(origin, inside),
    ...aliasProblems(inside),
    ...cutProblems(origin, inside),
    ...hostProblems(inside),
  ];
}

function outsideProblem(origin: Name, record: ResourceRecord): string {
  return `${show(record)}: ${displayName(record.name)} is not within ${displayName(origin)}`;
}

/** RFC 1035 section 5.2: exactly one SOA, at the top; RFC 1034 section 4.2.1: the top names its servers. */
function apexProblems(origin: Name, records: readonly ResourceRecord[]): string[] {
  const problems: string[] = [];
  const soas = records.filter((record) => isType(record, "SOA"));
  if (soas.length === 0) problems.push("it has no SOA record");
  if (soas.length > 1) problems.push("it has more than one SOA record");
  for (const soa of soas) {
    if (!sameName(soa.name, origin))
      problems.push(`${show(soa)}: the SOA record belongs to ${displayName(origin)}`);
  }
  if (!records.some((record) => isType(record, "NS") && sameName(record.name, origin))) {
    problems.push(`it has no NS record for ${displayName(origin)} itself (for example: "@ NS ns1")`);
  }
  return problems;
}

/** RFC 1034 section 3.6.2: beside a CNAME there is nothing else. */
function aliasProblems(records: readonly ResourceRecord[]): string[] {
  const byName = Map.groupBy(records, (record) => nameKey(record.name));
  return records
    .filter((record) => isType(record, "CNAME"))
    .filter((alias) => (byName.get(nameKey(alias.name)) as ResourceRecord[]).length > 1)
    .map((alias) => `${show(alias)}: a name with a CNAME record has no other records`);
}

/** RFC 1034 section 4.2.1: at and below a cut there are only the NS records and the addresses of servers. */
function cutProblems(origin: Name, records: readonly ResourceRecord[]): string[] {
  const isCut = (record: ResourceRecord): boolean => isType(record, "NS") && !sameName(record.name, origin);
  const cuts = new Set(records.filter(isCut).map((record) => nameKey(record.name)));
  const problems: string[] = [];
  for (const record of records) {
    const cut = [...ancestorsOf(record.name)].find((name) => cuts.has(nameKey(name)));
    if (cut === undefined || GLUE_TYPES.includes(record.data.type)) continue;
    const mayStand = CUT_TYPES.includes(record.data.type) && sameName(record.name, cut);
    if (!mayStand)
      problems.push(`${show(record)}: ${displayName(cut)} is delegated, its data belongs to its zone`);
  }
  return problems;
}

/** RFC 2181 section 10.3: NS and MX name hosts, not aliases. */
function hostProblems(records: readonly ResourceRecord[]): string[] {
  const aliases = new Set(
    records.filter((record) => isType(record, "CNAME")).map((record) => nameKey(record.name)),
  );
  return records
    .filter(({ data }) => {
      const host = data.type === "NS" ? data.host : data.type === "MX" ? data.exchange : undefined;
      return host !== undefined && aliases.has(nameKey(host));
    })
    .map((record) => `${show(record)}: the host is an alias (CNAME); write its canonical name`);
}

function show(record: ResourceRecord): string {
  return `"${displayName(record.name)} ${record.data.type} ${formatData(record.data)}"`;
}

const GLUE_TYPES = ["A", "AAAA"];
const CUT_TYPES = ["NS", "DS"];
