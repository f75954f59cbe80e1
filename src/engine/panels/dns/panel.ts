/** Services, DNS: the zones of a name server with their records, and the cache with the time that is left. */

import * as v from "valibot";
import type { Host } from "../../../host/host.ts";
import { LocalError, messageOf } from "../../../net/index.ts";
import {
  displayName,
  formatData,
  formatRecord,
  type ResourceRecord,
  type Zone,
} from "../../../protocols/dns/index.ts";
import type { PanelDefinition } from "../panel.ts";
import { actions, deed, nothing, printable, short, whole } from "../values.ts";
import type { CachedView, DnsView, RecordView, ZoneView } from "./view.ts";
import {
  addRecord,
  addZone,
  configurationOf,
  dnsOf,
  removeRecord,
  removeZone,
  runningDns,
  zoneNamed,
} from "./zones.ts";

export const dnsPanel: PanelDefinition = {
  panel: "dns",
  title: "DNS",
  tab: "services",
  services: ["dns"],
  appliesTo: (host) => dnsOf(host) !== undefined,
  view: viewOf,
  // That time goes by is no change: what is left of a TTL is the page's to count.
  revision(host) {
    const { cache, ...rest } = viewOf(host);
    return JSON.stringify([rest, cache.map(({ untilNs, ...record }) => record)]);
  },
  act: actions({
    "record.add": deed(
      v.strictObject({
        zone: short,
        name: oneLine(255),
        ttlSeconds: v.optional(v.pipe(whole, v.maxValue(2_147_483_647))),
        type: v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9]{0,15}$/, "no type of a record")),
        value: oneLine(4_096),
        replaces: v.optional(v.string()),
      }),
      (host, record) => addRecord(host, record),
    ),
    "record.remove": deed(v.strictObject({ zone: short, id: v.string() }), (host, { zone, id }) =>
      removeRecord(host, zone, id),
    ),
    "zone.add": deed(v.strictObject({ zone: oneLine(255) }), (host, { zone }) => addZone(host, zone)),
    "zone.remove": deed(v.strictObject({ zone: short }), (host, { zone }) => removeZone(host, zone)),
    "cache.clear": deed(nothing, (host) => runningDns(host)?.resolver?.cache.clear()),
  }),
};

function viewOf(host: Host): DnsView {
  const running = runningDns(host);
  const nowNs = host.network.clock.nowNs();
  const cache = running?.resolver?.cache.list(nowNs) ?? [];
  return {
    running: running !== undefined,
    description: running?.description ?? "",
    zones: Object.keys(configurationOf(host).zones ?? {}).map((name) => zoneView(host, name)),
    recursive: configurationOf(host).recursive !== undefined,
    cache: cache.slice(0, CACHE_SHOWN_MAX).map(({ remainingSeconds, ...record }) => ({
      ...record,
      untilNs: nowNs + remainingSeconds * 1e9,
    })) satisfies CachedView[],
    omitted: Math.max(0, cache.length - CACHE_SHOWN_MAX),
  };
}

function zoneView(host: Host, name: string): ZoneView {
  try {
    const zone = zoneNamed(host, name);
    const records = [...zone.records()].map((record) => recordView(zone, record));
    return { name, serial: zone.soa.data.serial, records, problem: undefined };
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    return { name, serial: 0, records: [], problem: messageOf(error) };
  }
}

function recordView(zone: Zone, record: ResourceRecord): RecordView {
  const name = displayName(record.name);
  const origin = displayName(zone.origin);
  const isTop = name.toLowerCase() === origin.toLowerCase();
  return {
    id: formatRecord(record),
    name: isTop ? "@" : origin === "." ? name : name.slice(0, -origin.length - 1),
    ttlSeconds: record.ttlSeconds,
    type: record.data.type,
    value: formatData(record.data),
  };
}

function oneLine(max: number) {
  return v.pipe(v.string(), v.maxLength(max), printable());
}

/** As many as a person looks through. */
const CACHE_SHOWN_MAX = 500;
