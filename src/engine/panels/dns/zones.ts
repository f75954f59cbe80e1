/** The zones of a host's name server as a person edits them: each change makes a new zone with the next serial number. */

import { FormatError } from "../../../bytes/index.ts";
import type { Host, InstalledService } from "../../../host/host.ts";
import { LocalError } from "../../../net/index.ts";
import {
  formatRecord,
  isType,
  type Name,
  parseName,
  parseRecordList,
  type ResourceRecord,
  sameName,
  type Zone,
} from "../../../protocols/dns/index.ts";
import { type DnsConfiguration, type RunningDns, zonesOf } from "../../../services/dns/index.ts";

export interface NewRecord {
  readonly zone: string;
  readonly name: string;
  readonly ttlSeconds?: number | undefined;
  readonly type: string;
  /** As in a zone file; TXT without quotes is one string as it stands. */
  readonly value: string;
  /** The record in whose place it comes. */
  readonly replaces?: string | undefined;
}

export function dnsOf(host: Host): InstalledService | undefined {
  return host.services.find(({ name }) => name === "dns");
}

export function runningDns(host: Host): RunningDns | undefined {
  return dnsOf(host)?.running as RunningDns | undefined;
}

export function configurationOf(host: Host): DnsConfiguration {
  return (dnsOf(host)?.configuration ?? {}) as DnsConfiguration;
}

/** The zone as it is served; while the server is off, as it will be. Throws LocalError. */
export function zoneNamed(host: Host, text: string): Zone {
  const { zones = {}, ttlSeconds } = configurationOf(host);
  const source = Object.hasOwn(zones, text) ? zones[text] : undefined;
  if (source === undefined) throw new LocalError("no-zone", `${host.name} has no zone ${text}`);
  const running = runningDns(host)?.zones.get(parseName(text));
  return running ?? zonesOf({ zones: { [text]: source }, ...(ttlSeconds && { ttlSeconds }) })[0];
}

/** Throws LocalError that says what is wrong with the record, or with the zone that would have it. */
export function addRecord(host: Host, wanted: NewRecord): void {
  const { zone: zoneName, name, ttlSeconds, type, replaces } = wanted;
  const zone = zoneNamed(host, zoneName);
  const line = [name.trim() || "@", ttlSeconds ?? "", type, writtenValue(wanted)]
    .filter((word) => word !== "")
    .join(" ");
  const ttl = configurationOf(host).ttlSeconds ?? zone.soa.ttlSeconds;
  const { records, errors } = parseRecordList([line], { origin: zone.origin, ttlSeconds: ttl });
  if (errors.length > 0) throw new LocalError("bad-record", errors.map(({ problem }) => problem).join("; "));
  const [record] = records;
  if (records.length !== 1) throw new LocalError("bad-record", "one record at a time");
  const before = [...zone.records()];
  const all = before.filter((other) => formatRecord(other) !== replaces);
  if (replaces !== undefined && all.length === before.length)
    throw new LocalError("no-record", "this record is gone");
  const said = (each: ResourceRecord): string => formatRecord({ ...each, ttlSeconds: 0 });
  if (all.some((other) => said(other) === said(record)))
    throw new LocalError("record-exists", "this record is there already");
  // One record set has one TTL: a new one says it for the others, or takes theirs.
  const set = all.filter(
    (other) => sameName(other.name, record.name) && other.data.type === record.data.type,
  );
  const added = ttlSeconds === undefined && set[0] ? { ...record, ttlSeconds: set[0].ttlSeconds } : record;
  const others = all.map((other) =>
    set.includes(other) ? { ...other, ttlSeconds: added.ttlSeconds } : other,
  );
  put(host, zoneName, [...others, added]);
}

/** A person writes `some words`, and means neither two strings nor a comment. */
function writtenValue({ type, value }: NewRecord): string {
  const text = value.trim();
  const isBare = type.toUpperCase() === "TXT" && text !== "" && !text.includes('"');
  return isBare ? `"${text.replaceAll("\\", "\\\\")}"` : text;
}

export function removeRecord(host: Host, zoneName: string, id: string): void {
  const all = [...zoneNamed(host, zoneName).records()];
  const left = all.filter((record) => formatRecord(record) !== id);
  if (left.length === all.length) throw new LocalError("no-record", "this record is gone");
  put(host, zoneName, left);
}

export function addZone(host: Host, text: string): void {
  const { zones = {} } = configurationOf(host);
  const origin = originOf(text);
  if (Object.keys(zones).some((name) => sameName(originOf(name), origin)))
    throw new LocalError("zone-exists", `there is a zone ${text} already`);
  replace(host, text, [`@ NS ${host.name}.`]);
}

export function removeZone(host: Host, text: string): void {
  const { [text]: removed, ...zones } = configurationOf(host).zones ?? {};
  if (removed === undefined) throw new LocalError("no-zone", `${host.name} has no zone ${text}`);
  host.install("dns", { ...configurationOf(host), zones });
  runningDns(host)?.zones.remove(originOf(text));
}

/** RFC 1035 section 3.3.13: whoever has the old data sees by the serial number that there is new data. */
function put(host: Host, zoneName: string, records: readonly ResourceRecord[]): void {
  const lines = records.map((record) => {
    if (!isType(record, "SOA")) return formatRecord(record);
    return formatRecord({ ...record, data: { ...record.data, serial: (record.data.serial + 1) >>> 0 } });
  });
  replace(host, zoneName, asWritten(host, zoneName, lines));
}

/** The same records, in the lines of the network file as far as they are there: in those others may stand comments. */
function asWritten(host: Host, zoneName: string, records: readonly string[]): readonly string[] {
  const { zones = {}, ttlSeconds } = configurationOf(host);
  const source = zones[zoneName];
  if (typeof source === "string") return records;
  const { origin, soa } = zoneNamed(host, zoneName);
  const left = new Set(records);
  const kept = source.filter((line) => {
    const alone = parseRecordList([line], { origin, ttlSeconds: ttlSeconds ?? soa.ttlSeconds }).records;
    return alone.length === 1 && left.delete(formatRecord(alone[0]));
  });
  const lines = records.filter((record) => left.has(record));
  const isSoa = (line: string): boolean => /\sSOA\s/.test(line);
  const written = [...lines.filter(isSoa), ...kept, ...lines.filter((line) => !isSoa(line))];
  // A line may mean something else without those before it.
  const [zone] = zonesOf({ zones: { [zoneName]: written }, ...(ttlSeconds !== undefined && { ttlSeconds }) });
  const meant = [...zone.records()].map(formatRecord).sort().join("\n");
  return meant === records.toSorted().join("\n") ? written : records;
}

function replace(host: Host, zoneName: string, lines: readonly string[]): void {
  const configuration = configurationOf(host);
  const { ttlSeconds } = configuration;
  const [zone] = zonesOf({ zones: { [zoneName]: lines }, ...(ttlSeconds !== undefined && { ttlSeconds }) });
  host.install("dns", { ...configuration, zones: { ...configuration.zones, [zoneName]: lines } });
  runningDns(host)?.zones.put(zone);
}

function originOf(text: string): Name {
  try {
    return parseName(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new LocalError("bad-zone", `"${text}" is no domain name`);
  }
}
