/**
 * The resolver of an ordinary host (RFC 1034 section 5.3.1): asks the name servers it was told, in turn, and
 * follows aliases in their answers. Implements `Resolver` of net/ and finds mail exchangers.
 */

import { FormatError } from "../../bytes/index.ts";
import {
  type AddressFamily,
  canonicalAddress,
  type Endpoint,
  familyOf,
  HamletError,
  type Network,
  NetworkError,
  type Resolver,
  type Task,
} from "../../net/index.ts";
import { ALIASES_MAX } from "./authority.ts";
import { type CachedRecord, cachedRecord, NO_SUCH_DATA, NO_SUCH_NAME, secondsLeft } from "./cached-record.ts";
import { query } from "./client.ts";
import { DNS_PORT } from "./limits.ts";
import { displayName, isWithin, type Name, nameKey, parseName, sameName } from "./name.ts";
import { TtlCache } from "./ttl-cache.ts";
import type { Message, Question } from "./wire/message.ts";
import { isType, type ResourceRecord } from "./wire/record.ts";
import type { RecordType } from "./wire/record-types.ts";

/** A name server: an address, at port 53, or an endpoint. */
type Server = string | Endpoint;

export interface StubResolverOptions {
  /** Domains that complete a name without a dot, in this order ("search" of resolv.conf). */
  readonly searchDomains?: readonly string[];
  /** One try at one server. Absent: 3,000. */
  readonly timeoutMs?: number;
}

/** A host that takes mail for a domain: an MX record. */
export interface MailExchanger {
  /** The lower, the better (RFC 5321 section 5.1). */
  readonly preference: number;
  /** Without a dot at its end; the root "." says: no mail (RFC 7505). */
  readonly exchange: string;
}

/** What the name servers say: the records at the end of the aliases (none: there is no such data). */
export interface StubAnswer<T extends RecordType = RecordType> {
  readonly canonicalName: Name;
  readonly records: readonly ResourceRecord<T>[];
}

export class StubResolver implements Resolver {
  readonly #network: Network;
  readonly #serversNow: () => readonly Server[];
  /** The servers that the cached answers are of. */
  #given: readonly Server[] | undefined;
  readonly #searchDomains: readonly Name[];
  readonly #timeoutMs: number;
  readonly #cache = new TtlCache<Message>(CACHE_MAX);

  /**
   * `nameServers` are addresses (port 53) or endpoints, the best first; or who knows them at the moment: with another
   * list what the servers of the last one said is forgotten.
   */
  constructor(
    network: Network,
    nameServers: readonly Server[] | (() => readonly Server[]),
    options: StubResolverOptions = {},
  ) {
    this.#network = network;
    this.#serversNow = typeof nameServers === "function" ? nameServers : () => nameServers;
    this.#searchDomains = (options.searchDomains ?? []).map((domain) => parseName(domain));
    this.#timeoutMs = options.timeoutMs ?? TRY_TIMEOUT_MS;
  }

  /** The addresses of a host, IPv6 before IPv4 (RFC 6724), each family as the server ordered it. */
  *addresses(host: string, family?: AddressFamily): Task<string[]> {
    const literal = canonicalAddress(host);
    if (literal !== undefined) {
      if (family === undefined || familyOf(literal) === family) return [literal];
      throw new NetworkError("name-not-found", `${host} is no IPv${family} address`);
    }
    let firstError: unknown;
    for (const name of this.#candidates(host)) {
      try {
        return yield* this.#addressesOf(name, family);
      } catch (error) {
        if (!(error instanceof NetworkError && error.code === "name-not-found")) throw error;
        firstError ??= error;
      }
    }
    throw firstError;
  }

  /**
   * The MX records of a domain, the best first; none when the domain exists without them. A null MX (RFC 7505)
   * has the exchange ".". Throws NetworkError: name-not-found, name-server-failed.
   */
  *mailExchangers(domain: string): Task<MailExchanger[]> {
    const { records } = yield* this.ask(absoluteName(domain), "MX");
    return records
      .map(({ data }) => ({ preference: data.preference, exchange: displayName(data.exchange) }))
      .sort((a, b) => a.preference - b.preference);
  }

  /**
   * Asks for records of one type. A name that exists without such records gives an empty list. Throws
   * NetworkError: name-not-found (NXDOMAIN), name-server-failed.
   */
  *ask<T extends RecordType>(name: Name, type: T): Task<StubAnswer<T>> {
    const message = yield* this.#message({ name, type, class: "IN" });
    let canonicalName = name;
    for (let aliases = 0; aliases <= ALIASES_MAX; aliases++) {
      const owned = message.answers.filter((record) => sameName(record.name, canonicalName));
      const records = owned.filter((record) => isType(record, type));
      if (records.length > 0) return { canonicalName, records };
      const alias = owned.find((record) => isType(record, "CNAME"));
      if (alias === undefined || !isType(alias, "CNAME")) break;
      canonicalName = alias.data.canonicalName;
    }
    if (message.responseCode === "NXDOMAIN") {
      throw new NetworkError("name-not-found", `${displayName(name)}: there is no such name`);
    }
    return { canonicalName, records: [] };
  }

  /** Forgets what it knows. */
  flush(): void {
    this.#cache.clear();
  }

  /** What it remembers, with the time that is left to it. */
  cached(): CachedRecord[] {
    const nowNs = this.#network.clock.nowNs();
    return this.#cache.list(nowNs).flatMap(({ key, value, untilNs }) => {
      const remainingSeconds = secondsLeft(untilNs, nowNs);
      const [type, name] = key.split(" ");
      if (value.answers.length === 0) {
        const what = value.responseCode === "NXDOMAIN" ? NO_SUCH_NAME : NO_SUCH_DATA;
        return [{ name: displayName(name as Name), type, value: what, remainingSeconds }];
      }
      return value.answers.map((record) => cachedRecord(record, remainingSeconds));
    });
  }

  *#addressesOf(name: Name, family: AddressFamily | undefined): Task<string[]> {
    // RFC 6761 section 6.3: localhost is always this host, and no server is asked.
    if (isWithin(name, "localhost.")) {
      return ["::1", "127.0.0.1"].filter((address) => family === undefined || familyOf(address) === family);
    }
    const types =
      family === 4 ? (["A"] as const) : family === 6 ? (["AAAA"] as const) : (["AAAA", "A"] as const);
    const asking = types.map((type) =>
      this.#network.spawn(`dns ${displayName(name)} ${type}`, this.#addressRecords(name, type)),
    );
    try {
      const found: string[] = [];
      let failure: NetworkError | undefined;
      for (const handle of asking) {
        const addresses = yield* handle.join();
        if (addresses instanceof NetworkError) failure ??= addresses;
        else found.push(...addresses);
      }
      if (found.length > 0) return found;
      const kind = family === undefined ? "address" : `IPv${family} address`;
      throw failure ?? new NetworkError("name-not-found", `${displayName(name)} has no ${kind}`);
    } finally {
      for (const handle of asking) handle.cancel();
    }
  }

  /** The addresses of one family, or why there are none: the other family may have some. */
  *#addressRecords(name: Name, type: "A" | "AAAA"): Task<string[] | NetworkError> {
    try {
      const { records } = yield* this.ask<"A" | "AAAA">(name, type);
      return records.map(({ data }) => data.address);
    } catch (error) {
      if (error instanceof NetworkError) return error;
      throw error;
    }
  }

  #servers(): readonly Endpoint[] {
    const given = this.#serversNow();
    if (given !== this.#given) {
      this.#given = given;
      this.flush();
    }
    return given.map((server) => (typeof server === "string" ? { address: server, port: DNS_PORT } : server));
  }

  /** The names to try for what a person wrote. */
  #candidates(host: string): Name[] {
    const name = absoluteName(host);
    if (host.includes(".") || this.#searchDomains.length === 0 || name === "localhost.") return [name];
    return [...this.#searchDomains.map((domain) => parseName(host, domain)), name];
  }

  /** The answer of the first server that has one. */
  *#message(question: Question): Task<Message> {
    const servers = this.#servers();
    const key = `${question.type} ${nameKey(question.name)}`;
    const known = this.#cache.get(key, this.#network.clock.nowNs());
    if (known !== undefined) return known;
    const failures: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const server of servers) {
        try {
          const options = { tries: 1, timeoutMs: this.#timeoutMs * 2 ** round };
          const { message } = yield* query(this.#network, server, question, options);
          if (message.responseCode === "NOERROR" || message.responseCode === "NXDOMAIN") {
            this.#cache.put(key, message, this.#network.clock.nowNs(), ttlOf(message));
            return message;
          }
          failures.push(`${server.address} answered ${message.responseCode}`);
        } catch (error) {
          if (!(error instanceof HamletError)) throw error;
          failures.push(error.message);
        }
      }
    }
    const reason = servers.length === 0 ? "no name server is configured" : failures.join("; ");
    const what = `${displayName(question.name)} ${question.type}`;
    throw new NetworkError("name-server-failed", `could not look up ${what}: ${reason}`);
  }
}

function absoluteName(text: string): Name {
  try {
    return parseName(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new NetworkError("name-not-found", `"${text}" is not a domain name: ${error.message}`);
  }
}

/** How long an answer holds: the smallest TTL; for "there is none" that of the SOA (RFC 2308 section 5). */
function ttlOf(message: Message): number {
  const holding = message.answers.length > 0 ? message.answers : message.authorities;
  const seconds = Math.min(TTL_MAX, ...holding.map((record) => record.ttlSeconds));
  return holding.length === 0 ? 0 : seconds;
}

/** One try at one server; the second round waits twice as long. */
const TRY_TIMEOUT_MS = 3000;
const ROUNDS = 2;
/** Enough for a host's programs; the large cache is the local name server's. */
const CACHE_MAX = 256;
/** An hour: a host that runs for months must see changes. */
const TTL_MAX = 3600;
