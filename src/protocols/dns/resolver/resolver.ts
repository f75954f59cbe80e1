/**
 * The recursive resolver: asks servers from the root downwards, remembers what they say, and answers a client in
 * one piece. Read first: `resolve`, then iterate.ts for the steps from zone to zone.
 */

import { familyOf, type Network, type Task, type TaskHandle } from "../../../net/index.ts";
import { type Answer, bareAnswer } from "../answer.ts";
import { ALIASES_MAX } from "../authority.ts";
import { displayName, type Name, nameKey, sameName } from "../name.ts";
import type { Question } from "../wire/message.ts";
import type { ResourceRecord } from "../wire/record.ts";
import type { RecordData } from "../wire/record-types.ts";
import { RecordCache } from "./cache.ts";
import type { Delegation } from "./delegation.ts";
import { describeEvent, type ResolverEvent } from "./events.ts";
import {
  cachedAddresses,
  type Found,
  find,
  foundInCache,
  type IterationContext,
  nearestDelegation,
} from "./iterate.ts";
import { ServerTable } from "./servers.ts";
import { ResolutionFailure, Work } from "./work.ts";

export interface ResolverOptions {
  readonly rootHints: Delegation;
  /** Port of the servers asked. Absent: 53. */
  readonly port?: number;
  /** Mixes the case of questions against forged answers; some servers do not repeat it. Absent: false. */
  readonly mixCase?: boolean;
  /** Record sets kept at once, and as many negative answers. */
  readonly cacheMax?: number;
  /** Hears of every message; the log has them, too. */
  readonly onEvent?: (event: ResolverEvent) => void;
}

export class RecursiveResolver {
  readonly cache: RecordCache;
  readonly #context: IterationContext;
  /** Equal questions that come while one is being answered share the work. */
  readonly #inProgress = new Map<string, TaskHandle<Answer>>();

  constructor(network: Network, options: ResolverOptions) {
    this.cache = new RecordCache(options.cacheMax);
    this.#context = {
      network,
      cache: this.cache,
      servers: new ServerTable(),
      rootHints: options.rootHints,
      port: options.port,
      mixCase: options.mixCase ?? false,
      onEvent(event) {
        network.log.debug(`dns: ${describeEvent(event)}`);
        options.onEvent?.(event);
      },
    };
  }

  /**
   * The answer to a client's question; SERVFAIL when none could be had. `start` is a delegation to begin with
   * instead of the root, unless a nearer one is known.
   */
  *resolve(question: Question, start?: Delegation): Task<Answer> {
    const key = `${question.type} ${nameKey(question.name)}`;
    let handle = this.#inProgress.get(key);
    if (handle === undefined) {
      const { network } = this.#context;
      const what = `dns resolve ${displayName(question.name)} ${question.type}`;
      handle = network.spawn(what, this.#resolveAlone(question, start));
      this.#inProgress.set(key, handle);
      handle.whenDone(() => this.#inProgress.delete(key));
    }
    return yield* handle.join();
  }

  /** For a query that desires no recursion: what is known, or who is nearer to the answer. */
  answerFromCache(question: Question): Answer {
    const found = foundInCache(this.#context, question);
    if (found !== undefined) return answerOf(found, []);
    const { zone, servers } = nearestDelegation(this.#context, question);
    const nowNs = this.#context.network.clock.nowNs();
    const known = this.cache.records(zone, "NS", nowNs, ["answer", "referral"]);
    const authorities = known ?? servers.map(({ host }) => hint(zone, { type: "NS", host }));
    const additionals = servers.flatMap(({ host, addresses }) => {
      const cached = cachedAddresses(this.#context, host);
      return cached.length > 0 ? cached : addresses.map((address) => hint(host, addressData(address)));
    });
    return { ...bareAnswer("NOERROR"), recursionAvailable: true, authorities, additionals };
  }

  /** Forgets everything. */
  flush(): void {
    this.cache.clear();
    this.#context.servers.clear();
  }

  *#resolveAlone(question: Question, start: Delegation | undefined): Task<Answer> {
    const { network } = this.#context;
    const { name, type } = question;
    if (this.cache.failure(name, type, network.clock.nowNs()) === undefined) {
      try {
        return yield* this.#follow(question, start);
      } catch (error) {
        if (!(error instanceof ResolutionFailure)) throw error;
        this.cache.putFailure(name, type, error.message, network.clock.nowNs());
        network.log.info(`dns: ${displayName(name)} ${type}: ${error.message}`);
      }
    }
    return { ...bareAnswer("SERVFAIL"), recursionAvailable: true };
  }

  /** Looks up the name, and what it is an alias of, until there is an answer. */
  *#follow(question: Question, start: Delegation | undefined): Task<Answer> {
    const work = new Work(this.#context.network.clock);
    const aliases: ResourceRecord[] = [];
    let { name } = question;
    while (aliases.length <= ALIASES_MAX) {
      const found = yield* find(this.#context, { ...question, name }, work, start);
      if (found.kind !== "alias") return answerOf(found, aliases);
      aliases.push(...found.aliases);
      name = found.target;
      if (aliases.some((alias) => sameName(alias.name, name))) break;
    }
    throw new ResolutionFailure("its aliases (CNAME) go in a circle or are too many");
  }
}

function answerOf(found: Found, aliases: readonly ResourceRecord[]): Answer {
  const answers = [...aliases, ...found.aliases];
  const base = { ...bareAnswer("NOERROR"), recursionAvailable: true };
  if (found.kind === "alias") return { ...base, answers };
  if (found.kind === "answer") return { ...base, answers: [...answers, ...found.records] };
  const { kind, soa } = found.negative;
  return {
    ...base,
    responseCode: kind === "no-name" ? "NXDOMAIN" : "NOERROR",
    answers,
    authorities: soa === undefined ? [] : [soa],
  };
}

/** A record of the root hints, which say nothing of how long it holds. */
function hint(name: Name, data: RecordData): ResourceRecord {
  return { name, class: "IN", ttlSeconds: 0, data };
}

function addressData(address: string): RecordData {
  return { type: familyOf(address) === 6 ? "AAAA" : "A", address };
}
