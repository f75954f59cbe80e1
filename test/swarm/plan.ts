/**
 * What one swarm run does, all of it decided by the seed before anything runs: a network, streams and mails in it,
 * and faults. The network is a network file like any other, so that a failing one can be opened and looked at.
 */

import type { Random } from "../../src/net/index.ts";
import { SeededRandom } from "../../src/sim/random.ts";

export interface Plan {
  readonly seed: number;
  /** A network file, in the JSON part of YAML. */
  readonly networkFile: string;
  readonly streams: readonly StreamPlan[];
  readonly mails: readonly MailPlan[];
  readonly faults: readonly FaultPlan[];
  /** From here on nothing is broken any more. */
  readonly healAtMs: number;
}

/** One TCP transfer: `octets` from one host to another. */
export interface StreamPlan {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly octets: number;
  readonly startAtMs: number;
}

export interface MailPlan {
  /** Its subject, unique. */
  readonly name: string;
  /** The host on which the sender types. */
  readonly on: string;
  readonly from: string;
  readonly to: string;
  readonly startAtMs: number;
}

export type FaultPlan = { readonly startAtMs: number; readonly endAtMs: number } & (
  | { readonly kind: "partition"; readonly link: string; readonly directions: "both" | "a-to-b" | "b-to-a" }
  | { readonly kind: "unplug"; readonly link: string }
  | { readonly kind: "quality"; readonly link: string; readonly quality: FaultyQuality }
  | { readonly kind: "power"; readonly host: string }
  /** The power goes at the host's `afterPackets`th packet from the start on: in the middle of a dialogue. */
  | { readonly kind: "crash"; readonly host: string; readonly afterPackets: number; readonly forMs: number }
);

export interface FaultyQuality {
  readonly loss: number;
  readonly reorder: number;
  readonly duplicate: number;
  readonly corrupt: number;
  readonly jitterMs: number;
  readonly queuePackets: number;
}

/** The plan of a seed. */
export function makePlan(seed: number): Plan {
  const random = new SeededRandom(seed, "swarm plan");
  const siteCount = between(random, 2, 4);
  const links = routerLinks(random, siteCount);
  const sites = Array.from({ length: siteCount }, (_, i) => i + 1);
  return {
    seed,
    networkFile: JSON.stringify(networkOf(seed, sites, links)),
    streams: Array.from({ length: between(random, 1, 6) }, (_, i) => stream(random, siteCount, i)),
    mails: Array.from({ length: between(random, 2, 24) }, (_, i) => mail(random, siteCount, i)),
    faults: Array.from({ length: between(random, 0, 24) }, () => fault(random, sites, links)),
    healAtMs: HEAL_AT_MS,
  };
}

interface RouterLink {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly delay: string;
  readonly bandwidth: string;
  readonly queue: number;
}

/** A random tree over the sites' routers, and sometimes a link more, so that there is a way around. */
function routerLinks(random: Random, siteCount: number): RouterLink[] {
  const pairs: [number, number][] = [];
  for (let site = 2; site <= siteCount; site++) pairs.push([1 + random.below(site - 1), site]);
  if (siteCount > 2 && random.below(2) === 0 && !pairs.some(([a, b]) => a === 1 && b === siteCount)) {
    pairs.push([1, siteCount]);
  }
  return pairs.map(([from, to]) => ({
    name: `r${from}-r${to}`,
    from,
    to,
    delay: `${between(random, 1, 80)} ms`,
    bandwidth: `${between(random, 2, 100)} Mbit/s`,
    queue: between(random, 10, 200),
  }));
}

function networkOf(seed: number, sites: readonly number[], links: readonly RouterLink[]): object {
  const hosts = Object.fromEntries(sites.flatMap((site) => hostsOf(site, sites)));
  const routers = Object.fromEntries(
    sites.map((site) => {
      const uplinks = links.flatMap((link, i) => {
        const end = link.from === site ? 1 : link.to === site ? 2 : 0;
        return end === 0 ? [] : [[`wan${i}`, [`10.200.${i}.${end}/24`, `2001:db8:c8:${i}::${end}/64`]]];
      });
      const lan = [`10.${site}.0.1/24`, `2001:db8:${site}::1/64`];
      return [`r${site}`, { interfaces: { lan, ...Object.fromEntries(uplinks) } }];
    }),
  );
  const plugged = (site: number): string[] => [`mail.${domain(site)}`, `pc.${domain(site)}`];
  const switches = Object.fromEntries(
    sites.map((site) => [`lan${site}`, { connects: [...plugged(site), ...(site === 1 ? ["ns.test"] : [])] }]),
  );
  const cables = links.map(({ name, from, to, delay, bandwidth, queue }, i) => {
    return { name, between: [`r${from}:wan${i}`, `r${to}:wan${i}`], delay, bandwidth, queue };
  });
  const uplinks = sites.map((site) => ({
    name: `lan-${site}`,
    between: [`lan${site}`, `r${site}:lan`],
    queue: 200,
  }));
  return { hamlet: 1, name: `swarm ${seed}`, seed, hosts, routers, switches, links: [...cables, ...uplinks] };
}

function hostsOf(site: number, sites: readonly number[]): [string, object][] {
  const lan = { gateway: [`10.${site}.0.1`, `2001:db8:${site}::1`], nameServers: ["10.1.0.53"] };
  const mailServer = {
    ...lan,
    addresses: [`10.${site}.0.25/24`, `2001:db8:${site}::25/64`],
    users: { alice: "secret", bob: "secret" },
    services: {
      smtp: {
        domains: [domain(site)],
        relayFor: [`10.${site}.0.0/24`, `2001:db8:${site}::/64`],
        retrySeconds: [5, 10, 30, 60],
      },
      pop3: {},
    },
  };
  const hosts: [string, object][] = [
    [`mail.${domain(site)}`, mailServer],
    [`pc.${domain(site)}`, { ...lan, addresses: [`10.${site}.0.10/24`, `2001:db8:${site}::10/64`] }],
  ];
  if (site !== 1) return hosts;
  const zones = Object.fromEntries(sites.map((each) => [domain(each), zoneRecords(each)]));
  const nameServer = {
    ...lan,
    addresses: ["10.1.0.53/24", "2001:db8:1::53/64"],
    services: { dns: { zones } },
  };
  return [...hosts, ["ns.test", nameServer]];
}

function zoneRecords(site: number): string[] {
  const name = domain(site);
  return [
    "@ 60 SOA ns.test. hostmaster.test. 1 3600 600 86400 60",
    "@ 60 NS ns.test.",
    `@ 60 MX 10 mail.${name}.`,
    `mail 60 A 10.${site}.0.25`,
    `mail 60 AAAA 2001:db8:${site}::25`,
    `pc 60 A 10.${site}.0.10`,
    `pc 60 AAAA 2001:db8:${site}::10`,
  ];
}

function stream(random: Random, siteCount: number, index: number): StreamPlan {
  const from = between(random, 1, siteCount);
  return {
    name: `stream ${index}`,
    from: `pc.${domain(from)}`,
    to: `pc.${domain(otherSite(random, siteCount, from))}`,
    port: 9000 + index,
    // From a few octets to many windows: the exponent is what is drawn.
    octets: Math.floor(2 ** (random.fraction() * 19)),
    startAtMs: random.below(HEAL_AT_MS / 2),
  };
}

function mail(random: Random, siteCount: number, index: number): MailPlan {
  const from = between(random, 1, siteCount);
  return {
    name: `swarm-${index}`,
    on: `pc.${domain(from)}`,
    from: `alice@${domain(from)}`,
    to: `bob@${domain(between(random, 1, siteCount))}`,
    startAtMs: random.below(HEAL_AT_MS),
  };
}

function fault(random: Random, sites: readonly number[], links: readonly RouterLink[]): FaultPlan {
  const startAtMs = random.below(HEAL_AT_MS);
  const times = {
    startAtMs,
    endAtMs: Math.min(HEAL_AT_MS, startAtMs + between(random, 100, FAULT_LENGTH_MS_MAX)),
  };
  const link = pick(random, [...links.map(({ name }) => name), ...sites.map((site) => `lan-${site}`)]);
  const host = `mail.${domain(pick(random, sites))}`;
  switch (random.below(6)) {
    case 0:
      return {
        ...times,
        kind: "partition",
        link,
        directions: pick(random, ["both", "a-to-b", "b-to-a"] as const),
      };
    case 1:
      return { ...times, kind: "unplug", link };
    case 2:
      return { ...times, kind: "power", host };
    case 3:
      return {
        ...times,
        kind: "crash",
        host,
        afterPackets: between(random, 1, 40),
        forMs: between(random, 100, CRASH_MS_MAX),
      };
    default:
      return { ...times, kind: "quality", link, quality: faultyQuality(random) };
  }
}

/** Each knob is off in half of the cases, so that they are also seen alone. */
function faultyQuality(random: Random): FaultyQuality {
  const knob = (most: number): number => (random.below(2) === 0 ? 0 : random.fraction() * most);
  return {
    loss: knob(0.2),
    reorder: knob(0.3),
    duplicate: knob(0.2),
    corrupt: knob(0.05),
    jitterMs: knob(50),
    queuePackets: between(random, 3, 50),
  };
}

function otherSite(random: Random, siteCount: number, site: number): number {
  return 1 + ((site - 1 + between(random, 1, siteCount - 1)) % siteCount);
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.below(choices.length)];
}

/** Uniform, both bounds inclusive. */
function between(random: Random, least: number, most: number): number {
  return least + random.below(most - least + 1);
}

export function domain(site: number): string {
  return `site${site}.test`;
}

/** Shorter than any TCP gives up (RFC 9293 section 3.8.3: at least 100 s), so that every stream must come through. */
const HEAL_AT_MS = 60_000;
const FAULT_LENGTH_MS_MAX = 20_000;
/** A crash just before the healing may last so much longer. */
export const CRASH_MS_MAX = 5_000;
