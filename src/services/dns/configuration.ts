/** What the network file says of the service "dns", its JSON schema, and how it becomes zones. */

import { FormatError } from "../../bytes/index.ts";
import { LocalError } from "../../net/index.ts";
import {
  type Name,
  type ParsedRecords,
  parseMasterFile,
  parseName,
  parseRecordList,
  type ResourceRecord,
  sameName,
  Zone,
} from "../../protocols/dns/index.ts";

export interface DnsConfiguration {
  /** Zones by name; each is a list of records ("mail A 10.2.0.10") or a zone file as text. */
  readonly zones?: Readonly<Record<string, readonly string[] | string>>;
  /** TTL of records that state none. Absent: an hour. */
  readonly ttlSeconds?: number;
  /** Makes it a local name server: names of others are looked up from the root downwards. */
  readonly recursive?: {
    /** Where to begin: "a.root-servers.net 198.41.0.4". */
    readonly rootHints: readonly string[];
    /** Addresses and prefixes of the clients served. Absent: everybody. */
    readonly allow?: readonly string[];
    /** Mixes upper and lower case in questions, against forged answers. */
    readonly mixCase?: boolean;
    /** The port of the servers that it asks. Absent: 53. */
    readonly serverPort?: number;
  };
  readonly address?: string;
  readonly port?: number;
}

export const dnsSchema = {
  type: "object",
  description: "A name server: authoritative for its zones, a local name server for its clients, or both.",
  properties: {
    zones: {
      type: "object",
      description:
        'Zones by name. Records as a list ("@ MX 10 mail") or as the text of a zone file (RFC 1035).',
      additionalProperties: {
        type: ["array", "string"],
        items: { type: "string", minLength: 1 },
        minItems: 1,
      },
    },
    ttlSeconds: {
      type: "integer",
      minimum: 0,
      maximum: 2_147_483_647,
      default: 3600,
      description: "How long others may keep a record that states no TTL itself.",
    },
    recursive: {
      type: "object",
      description:
        "Looks up names of other zones for its clients, from the root downwards, and keeps the answers.",
      properties: {
        rootHints: {
          type: "array",
          items: { type: "string" },
          minItems: 1,
          description: 'Root servers with their addresses: "a.root-servers.net 198.41.0.4".',
        },
        allow: {
          type: "array",
          items: { type: "string" },
          description: "Clients served (10.1.0.0/24, 10.1.0.7); absent: everybody.",
        },
        serverPort: { type: "integer", minimum: 1, maximum: 65_535, default: 53 },
        mixCase: { type: "boolean", default: false, description: "Against forged answers: wWw.ExAmple.cOm." },
      },
      required: ["rootHints"],
      additionalProperties: false,
    },
    address: { type: "string", description: "A local address to listen on; absent: all." },
    port: { type: "integer", minimum: 1, maximum: 65_535, default: 53 },
  },
  anyOf: [{ required: ["zones"] }, { required: ["recursive"] }],
  additionalProperties: false,
};

/** The zones of a configuration. Throws LocalError "bad-zone" that says which zone, which record, and why. */
export function zonesOf(configuration: DnsConfiguration): Zone[] {
  const ttlSeconds = configuration.ttlSeconds ?? TTL_SECONDS;
  return Object.entries(configuration.zones ?? {}).map(([name, source]) => zoneOf(name, source, ttlSeconds));
}

function zoneOf(text: string, source: readonly string[] | string, ttlSeconds: number): Zone {
  const origin = originOf(text);
  if (typeof source === "string") {
    const parsed = parseMasterFile(source, { origin, ttlSeconds });
    throwErrors(parsed, (error) => `zone ${text}: ${error.message}`);
    return new Zone(origin, parsed.records);
  }
  const parsed = parseRecordList(source, { origin, ttlSeconds });
  throwErrors(
    parsed,
    ({ line, problem }) => `zone ${text}: record ${line} ("${source[line - 1]}"): ${problem}`,
  );
  return new Zone(origin, withSoa(origin, parsed.records, ttlSeconds));
}

function originOf(text: string): Name {
  try {
    return parseName(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new LocalError("bad-zone", `zone "${text}": ${error.message}`);
  }
}

function throwErrors(parsed: ParsedRecords, show: (error: ParsedRecords["errors"][number]) => string): void {
  if (parsed.errors.length > 0) throw new LocalError("bad-zone", parsed.errors.map(show).join("; "));
}

/** A list of records may leave the SOA to us: the first name server, hostmaster, and usual times (RFC 1912). */
function withSoa(
  origin: Name,
  records: readonly ResourceRecord[],
  ttlSeconds: number,
): readonly ResourceRecord[] {
  if (records.some(({ data }) => data.type === "SOA")) return records;
  const server = records.find(({ name, data }) => data.type === "NS" && sameName(name, origin))?.data;
  const soa: ResourceRecord<"SOA"> = {
    name: origin,
    class: "IN",
    ttlSeconds,
    data: {
      type: "SOA",
      primary: server?.type === "NS" ? server.host : origin,
      mailbox: parseName("hostmaster", origin),
      serial: 1,
      refreshSeconds: 7200,
      retrySeconds: 900,
      expireSeconds: 1_209_600,
      negativeSeconds: Math.min(ttlSeconds, NEGATIVE_SECONDS),
    },
  };
  return [soa, ...records];
}

const TTL_SECONDS = 3600;
/** RFC 2308 section 5 calls one to three hours sensible; a lab wants to see its changes sooner. */
const NEGATIVE_SECONDS = 300;
