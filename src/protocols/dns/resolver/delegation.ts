/** A zone and who serves it, as far as that is known; and the hints with which everything begins. */

import { FormatError } from "../../../bytes/index.ts";
import { canonicalAddress, LocalError } from "../../../net/index.ts";
import { type Name, nameKey, parseName, ROOT, sameName } from "../name.ts";
import type { ResourceRecord } from "../wire/record.ts";
import type { RecordSet } from "../zone.ts";

export interface Delegation {
  readonly zone: Name;
  readonly servers: readonly NameServer[];
}

export interface NameServer {
  readonly host: Name;
  /** Known addresses; none: the host must be looked up first. */
  readonly addresses: readonly string[];
}

/** The delegation that NS records and the addresses beside them say. */
export function delegationOf(
  servers: RecordSet<"NS">,
  addressesOf: (host: Name) => readonly ResourceRecord[],
): Delegation {
  const hosts = new Map(servers.map(({ data }) => [nameKey(data.host), data.host]));
  return {
    zone: servers[0].name,
    servers: [...hosts.values()].map((host) => ({
      host,
      addresses: addressesOf(host)
        .filter((record) => sameName(record.name, host))
        .flatMap(({ data }) => (data.type === "A" || data.type === "AAAA" ? [data.address] : [])),
    })),
  };
}

/** Root hints (RFC 1034 section 5.3.2) as lines "a.root-servers.net 198.41.0.4 2001:503:ba3e::2:30". */
export function parseRootHints(lines: readonly string[]): Delegation {
  const servers = lines.map((line): NameServer => {
    const [host, ...texts] = line.trim().split(/\s+/);
    const addresses = texts.map((text) => canonicalAddress(text));
    const known = addresses.filter((address) => address !== undefined);
    if (known.length === 0 || known.length < addresses.length) {
      throw new LocalError(
        "bad-root-hint",
        `root hint "${line}": expected a name and its addresses, like "a.root-servers.net 198.41.0.4"`,
      );
    }
    return { host: hintName(host, line), addresses: known };
  });
  return { zone: ROOT, servers };
}

function hintName(text: string, line: string): Name {
  try {
    return parseName(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new LocalError("bad-root-hint", `root hint "${line}": ${error.message}`);
  }
}
