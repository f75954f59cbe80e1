/**
 * One name, looked up step by step (RFC 1034 section 5.3.3): from the nearest zone whose servers are known, ask,
 * be referred downwards, ask again. Aliases are not followed here but returned.
 */

import { HamletError, type Network, type Task } from "../../../net/index.ts";
import { query } from "../client.ts";
import { DNS_PORT } from "../limits.ts";
import { ancestorsOf, displayName, isWithin, type Name, parentOf } from "../name.ts";
import type { Question } from "../wire/message.ts";
import { isType, type ResourceRecord } from "../wire/record.ts";
import type { RecordSet } from "../zone.ts";
import type { RecordCache } from "./cache.ts";
import { type Delegation, delegationOf, type NameServer } from "./delegation.ts";
import type { ResolverEvent } from "./events.ts";
import { type Finding, findingOf } from "./finding.ts";
import type { ServerTable } from "./servers.ts";
import { ResolutionFailure, type Work } from "./work.ts";

/** What a look-up ends with. */
export type Found = Extract<Finding, { kind: "answer" | "alias" | "negative" }>;
type Useful = Exclude<Finding, { kind: "lame" }>;

export interface IterationContext {
  readonly network: Network;
  readonly cache: RecordCache;
  readonly servers: ServerTable;
  readonly rootHints: Delegation;
  readonly port: number | undefined;
  readonly mixCase: boolean;
  readonly onEvent: (event: ResolverEvent) => void;
}

/** What the cache knows about a question. */
export function foundInCache(context: IterationContext, question: Question): Found | undefined {
  const { name, type } = question;
  const nowNs = context.network.clock.nowNs();
  const records = context.cache.records(name, type, nowNs, ["answer"]);
  if (records !== undefined) return { kind: "answer", aliases: [], records };
  const [alias] = type === "ANY" ? [] : (context.cache.records(name, "CNAME", nowNs, ["answer"]) ?? []);
  if (alias !== undefined && isType(alias, "CNAME")) {
    return { kind: "alias", aliases: [alias], target: alias.data.canonicalName };
  }
  const negative = context.cache.negative(name, type, nowNs);
  return negative && { kind: "negative", aliases: [], name, negative };
}

/**
 * Looks `question` up, in the cache and then on the network. `start` is a delegation to begin with unless a nearer
 * one is known. Throws ResolutionFailure.
 */
export function* find(
  context: IterationContext,
  question: Question,
  work: Work,
  start?: Delegation,
  depth = 0,
): Task<Found> {
  const known = foundInCache(context, question);
  if (known !== undefined) {
    context.onEvent({ kind: "cached", question });
    return known;
  }
  let delegation = nearestDelegation(context, question, start);
  for (let referrals = 0; referrals <= REFERRALS_MAX; referrals++) {
    const finding = yield* askAnyServer(context, delegation, question, work, depth);
    remember(context, question, finding);
    if (finding.kind !== "referral") return finding;
    const { servers, glue } = finding;
    delegation = delegationOf(servers, (host) => [...glue, ...cachedAddresses(context, host)]);
  }
  throw new ResolutionFailure(`more than ${REFERRALS_MAX} referrals`);
}

/**
 * The nearest zone above the question with servers that can be reached without asking that zone first: `start`,
 * the root, or one that is known below them.
 */
export function nearestDelegation(
  context: IterationContext,
  question: Question,
  start?: Delegation,
): Delegation {
  const fallback = start !== undefined && isWithin(question.name, start.zone) ? start : context.rootHints;
  // RFC 4035 section 4.2: the parent is asked for DS.
  const from = (question.type === "DS" ? parentOf(question.name) : undefined) ?? question.name;
  for (const zone of ancestorsOf(from)) {
    if (zone.length <= fallback.zone.length) break;
    const nowNs = context.network.clock.nowNs();
    const servers = context.cache.records(zone, "NS", nowNs, ["answer", "referral"]);
    if (servers === undefined) continue;
    const known = delegationOf(servers as unknown as RecordSet<"NS">, (host) =>
      cachedAddresses(context, host),
    );
    if (known.servers.some((server) => isReachable(server, zone))) return known;
  }
  return fallback;
}

/** Asks the servers of a zone until one is of use: all of them in several rounds, with longer and longer waits. */
function* askAnyServer(
  context: IterationContext,
  delegation: Delegation,
  question: Question,
  work: Work,
  depth: number,
): Task<Useful> {
  const { zone } = delegation;
  const pool = new Set(delegation.servers.flatMap((server) => server.addresses));
  for (let round = 0; round < ROUNDS; round++) {
    const { clock, random } = context.network;
    for (const address of context.servers.ordered(pool, zone, clock.nowNs(), random)) {
      const finding = yield* askServer(context, address, zone, question, work, round);
      if (finding !== undefined) return finding;
    }
    if (round > 0) continue;
    for (const host of hostsToLookUp(delegation)) {
      for (const address of yield* addressesOfHost(context, host, work, depth)) {
        if (pool.has(address)) continue;
        pool.add(address);
        const finding = yield* askServer(context, address, zone, question, work, round);
        if (finding !== undefined) return finding;
      }
    }
  }
  throw new ResolutionFailure(`no server of ${displayName(zone)} gave a useful answer`);
}

/** Asks one server once; undefined when that was of no use. */
function* askServer(
  context: IterationContext,
  address: string,
  zone: Name,
  question: Question,
  work: Work,
  round: number,
): Task<Useful | undefined> {
  const { network, servers, onEvent } = context;
  const { clock } = network;
  const timeoutMs = Math.min(work.spendQuery(), servers.timeoutMs(address, clock.nowNs(), round));
  const server = { address, port: context.port ?? DNS_PORT };
  const asked = { question, zone, server };
  onEvent({ kind: "asked", ...asked });
  try {
    const exchange = yield* query(network, server, question, {
      timeoutMs,
      tries: 1,
      recursionDesired: false,
      mixCase: context.mixCase,
      onRejected: (reason, from) => onEvent({ kind: "rejected", reason, from, ...asked }),
    });
    const finding = findingOf(exchange.message, question, zone);
    onEvent({ kind: "answered", exchange, finding, ...asked });
    if (finding.kind !== "lame") {
      servers.handleAnswer(address, exchange.elapsedNs / 1e6, clock.nowNs());
      return finding;
    }
    servers.handleLame(address, zone, clock.nowNs());
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
    onEvent({ kind: "failed", reason: error.message, ...asked });
    servers.handleTimeout(address, timeoutMs, clock.nowNs());
  }
  return undefined;
}

/** The addresses of a name server that came without glue; none when they cannot be found. */
function* addressesOfHost(context: IterationContext, host: Name, work: Work, depth: number): Task<string[]> {
  if (depth >= DEPTH_MAX) return [];
  for (const type of ["A", "AAAA"] as const) {
    try {
      const found = yield* find(context, { name: host, type, class: "IN" }, work, undefined, depth + 1);
      if (found.kind === "answer") return found.records.flatMap(addressIn);
    } catch (error) {
      if (!(error instanceof ResolutionFailure)) throw error;
    }
  }
  return [];
}

/** CVE-2020-12662: a referral may name many hosts to look up; only a few of them are. */
function hostsToLookUp(delegation: Delegation): Name[] {
  return delegation.servers
    .filter(({ host, addresses }) => addresses.length === 0 && !isWithin(host, delegation.zone))
    .slice(0, LOOK_UPS_MAX)
    .map(({ host }) => host);
}

function isReachable({ host, addresses }: NameServer, zone: Name): boolean {
  return addresses.length > 0 || !isWithin(host, zone);
}

export function cachedAddresses({ cache, network }: IterationContext, host: Name): ResourceRecord[] {
  const nowNs = network.clock.nowNs();
  return (["A", "AAAA"] as const).flatMap(
    (type) => cache.records(host, type, nowNs, ["answer", "referral"]) ?? [],
  );
}

function addressIn({ data }: ResourceRecord): string[] {
  return data.type === "A" || data.type === "AAAA" ? [data.address] : [];
}

function remember({ cache, network }: IterationContext, question: Question, finding: Useful): void {
  const nowNs = network.clock.nowNs();
  if (finding.kind === "referral") {
    cache.put(finding.servers, "referral", nowNs);
    const sets = Map.groupBy(finding.glue, ({ name, data }) => `${data.type} ${name.toLowerCase()}`);
    for (const set of sets.values()) cache.put(set, "referral", nowNs);
    return;
  }
  for (const alias of finding.aliases) cache.put([alias], "answer", nowNs);
  if (finding.kind === "answer") {
    const sets = Map.groupBy(finding.records, ({ data }) => data.type);
    for (const set of sets.values()) cache.put(set, "answer", nowNs);
  } else if (finding.kind === "negative") {
    cache.putNegative(finding.name, question.type, finding.negative, nowNs);
  }
}

/** Deeper than any sensible chain of zones. */
const REFERRALS_MAX = 30;
/** A server that is silent is asked this often. */
const ROUNDS = 3;
/** Name servers whose names lie in zones whose name servers lie in other zones ... */
const DEPTH_MAX = 4;
const LOOK_UPS_MAX = 3;
