/** A root, two top-level domains and two sites over a MemoryNet: what the resolver is tested on. */

import type { Network, Service } from "../../../net/index.ts";
import { ZoneTable } from "../authority.ts";
import { parseMasterFile } from "../master-file.ts";
import { parseName } from "../name.ts";
import { nameServer } from "../name-server.ts";
import { parseRootHints } from "../resolver/delegation.ts";
import { describeEvent, type ResolverEvent } from "../resolver/events.ts";
import { RecursiveResolver, type ResolverOptions } from "../resolver/resolver.ts";
import { type Answerer, serveDns } from "../server.ts";
import { Zone } from "../zone.ts";
import { MemoryNet } from "./memory-network.ts";

export class SmallInternet {
  readonly net = new MemoryNet();
  readonly hosts = new Map<string, Network>();
  readonly zones = new Map<string, ZoneTable>();
  readonly services = new Map<string, Service>();
  readonly events: ResolverEvent[] = [];
  readonly resolver: RecursiveResolver;

  constructor(options: Partial<ResolverOptions> = {}) {
    for (const [address, zones] of Object.entries(SERVERS)) {
      const table = new ZoneTable();
      for (const [name, text] of Object.entries(zones)) table.put(zone(name, text));
      this.zones.set(address, table);
      this.serve(address, nameServer({ zones: table }));
    }
    this.resolver = new RecursiveResolver(this.net.host("10.0.0.53"), {
      rootHints: parseRootHints(["a.root-servers.net 10.0.0.1", "b.root-servers.net 10.0.0.2"]),
      onEvent: (event) => this.events.push(event),
      ...options,
    });
  }

  /** Starts (or replaces) the server at an address. */
  serve(address: string, answerer: Answerer): void {
    const host = this.hosts.get(address) ?? this.net.host(address);
    this.hosts.set(address, host);
    this.silence(address);
    this.services.set(address, this.net.run(serveDns(host, {}, answerer)));
  }

  /** Stops the server at an address. */
  silence(address: string): void {
    const running = this.services.get(address);
    if (running !== undefined) this.net.run(running.stop(0));
    this.services.delete(address);
  }

  put(address: string, name: string, text: string): void {
    this.zones.get(address)?.put(zone(name, text));
  }

  /** What the resolver did since the last call, one line each; only the kinds named. */
  takeTrace(kinds: readonly ResolverEvent["kind"][] = ["answered", "failed"]): string[] {
    return this.events
      .splice(0)
      .filter(({ kind }) => kinds.includes(kind))
      .map(describeEvent);
  }
}

export function zone(name: string, text: string): Zone {
  const origin = parseName(name);
  const { records, errors } = parseMasterFile(text, { origin, ttlSeconds: 3600 });
  if (errors.length > 0) throw errors[0];
  return new Zone(origin, records);
}

const SOA = "@ SOA ns hostmaster 1 7200 900 1209600 300";

const ROOT_ZONE = `${SOA}
@ 518400 NS a.root-servers.net
@ 518400 NS b.root-servers.net
a.root-servers.net 518400 A 10.0.0.1
b.root-servers.net 518400 A 10.0.0.2
edu 172800 NS ns.edu
ns.edu 172800 A 10.0.1.1
fr 172800 NS ns.fr
ns.fr 172800 A 10.0.1.2
`;

/** Address, then zones by name. Alias, glueless and circular delegations live in fr. */
const SERVERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "10.0.0.1": { ".": ROOT_ZONE },
  "10.0.0.2": { ".": ROOT_ZONE },
  "10.0.1.1": {
    edu: `${SOA}
@ NS ns
ns A 10.0.1.1
hamburger NS dns.hamburger
dns.hamburger A 10.0.2.1
`,
  },
  "10.0.1.2": {
    fr: `${SOA}
@ NS ns
ns A 10.0.1.2
crepes NS dns.crepes
crepes NS dns2.crepes
dns.crepes A 10.0.2.2
dns2.crepes A 10.0.2.3
glueless NS dns.hamburger.edu.
circle1 NS dns.circle2
circle2 NS dns.circle1
`,
  },
  "10.0.2.1": {
    "hamburger.edu": `${SOA}
@ NS dns
@ MX 10 mail
dns A 10.0.2.1
mail A 10.2.0.10
www A 10.2.0.20
www A 10.2.0.21
www A 10.2.0.22
alias CNAME www.crepes.fr.
loop1 CNAME loop2
loop2 CNAME loop1
far CNAME back.crepes.fr.
short 5 A 10.2.0.30
big ${"TXT "}${Array.from({ length: 8 }, (_, i) => `"${String(i).repeat(200)}"`).join(" ")}
*.wild A 10.2.0.40
`,
    "glueless.fr": `${SOA}
@ NS dns.hamburger.edu.
www A 10.3.0.1
`,
  },
  "10.0.2.2": { "crepes.fr": crepes() },
  "10.0.2.3": { "crepes.fr": crepes() },
};

function crepes(): string {
  return `${SOA}
@ NS dns
@ NS dns2
dns A 10.0.2.2
dns2 A 10.0.2.3
www A 10.1.0.20
back CNAME mail.hamburger.edu.
`;
}
