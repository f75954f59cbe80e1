/** The service "dns": a name server with zones of its own, for the names of others, or both. */

import { formatEndpoint, LocalError, type Task } from "../../net/index.ts";
import {
  displayName,
  nameServer,
  parseRootHints,
  RecursiveResolver,
  serveDns,
  ZoneTable,
} from "../../protocols/dns/index.ts";
import { parsePrefix, prefixContains } from "../prefix.ts";
import type { ProposedHost, RunningService, ServiceDefinition, ServiceHost } from "../service.ts";
import { type DnsConfiguration, dnsSchema, zonesOf } from "./configuration.ts";
import { dnsProblems } from "./problems.ts";

export { type DnsConfiguration, dnsSchema, zonesOf } from "./configuration.ts";

export interface RunningDns extends RunningService {
  /** Its zones; one that is put here is served from the next query on. */
  readonly zones: ZoneTable;
  /** What it knows of other zones; undefined when it looks nothing up. */
  readonly resolver: RecursiveResolver | undefined;
}

export const dns: ServiceDefinition<DnsConfiguration> = {
  name: "dns",
  title: "DNS",
  summary: "name server: zones, and names of others for its clients",
  schema: dnsSchema,
  problems: dnsProblems,
  propose,
  start,
};

/** A zone for the domain of the host, with the host in it. */
function propose({ name, addresses }: ProposedHost): DnsConfiguration {
  const [, label, domain] = /^([^.]+)\.(.+)$/.exec(name) ?? ["", name, `${name}.test`];
  const own = addresses.map((address) => `${label} ${address.includes(":") ? "AAAA" : "A"} ${address}`);
  return { zones: { [domain]: [`@ NS ${label}`, ...own] } };
}

function* start(host: ServiceHost, configuration: DnsConfiguration): Task<RunningDns> {
  const { network } = host;
  const { recursive, address, port } = configuration;
  const zones = new ZoneTable();
  for (const zone of zonesOf(configuration)) {
    if (zones.get(zone.origin))
      throw new LocalError("bad-zone", `zone ${displayName(zone.origin)} is there twice`);
    zones.put(zone);
  }
  const resolver =
    recursive &&
    new RecursiveResolver(network, {
      rootHints: parseRootHints(recursive.rootHints),
      ...(recursive.mixCase && { mixCase: true }),
      ...(recursive.serverPort && { port: recursive.serverPort }),
    });
  const own = [...zones.values()].map((zone) => displayName(zone.origin));
  if (resolver !== undefined) addLocalhost(zones);
  const allow = recursive?.allow?.map(parsePrefix);
  const answerer = nameServer({
    zones,
    ...(resolver && { resolver }),
    ...(allow && { mayRecurse: (client) => allow.some((prefix) => prefixContains(prefix, client)) }),
  });
  const service = yield* serveDns(network, { ...(address && { address }), ...(port && { port }) }, answerer);
  const roles = [
    ...(own.length > 0 ? [`authoritative for ${own.join(", ")}`] : []),
    ...(recursive ? [`recursive for ${recursive.allow?.join(", ") ?? "everybody"}`] : []),
  ];
  return {
    name: "dns",
    description: `listens on ${formatEndpoint(service.local)}, ${roles.join("; ")}`,
    zones,
    resolver,
    stop: (graceMs) => service.stop(graceMs),
  };
}

/** RFC 6761 section 6.3: questions about localhost go no further than the local name server. */
function addLocalhost(zones: ZoneTable): void {
  const [zone] = zonesOf({
    zones: { localhost: ["@ NS @", "@ A 127.0.0.1", "@ AAAA ::1", "* A 127.0.0.1", "* AAAA ::1"] },
  });
  if (zones.get(zone.origin) === undefined) zones.put(zone);
}
