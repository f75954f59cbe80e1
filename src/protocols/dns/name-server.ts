/** A name server's answers: from its own zones (authoritative), by asking others (recursive), or refused. */

import type { Task } from "../../net/index.ts";
import { type Answer, bareAnswer, Rotation } from "./answer.ts";
import { answerFromZones, type ZoneAnswer, type ZoneTable } from "./authority.ts";
import { sameName } from "./name.ts";
import { delegationOf } from "./resolver/delegation.ts";
import type { RecursiveResolver } from "./resolver/resolver.ts";
import type { Answerer, Query } from "./server.ts";
import { isType } from "./wire/record.ts";

export interface NameServerOptions {
  readonly zones: ZoneTable;
  /** Absent: no recursion. */
  readonly resolver?: RecursiveResolver;
  /** Whose names are looked up for them. Absent: everybody's. */
  readonly mayRecurse?: (address: string) => boolean;
}

export function nameServer(options: NameServerOptions): Answerer {
  const { zones, mayRecurse = () => true } = options;
  const rotation = new Rotation();
  return function* answer(query: Query): Task<Answer> {
    const resolver = mayRecurse(query.from.address) ? options.resolver : undefined;
    const local = answerFromZones(zones, query.question, rotation);
    // RFC 1035 section 7.3, RFC 8906: a server says REFUSED about zones that it does not serve.
    if (resolver === undefined) return local ?? bareAnswer("REFUSED");
    const { recursionDesired } = query.message;
    if (local !== undefined) {
      const whole = recursionDesired ? yield* completed(resolver, query, local) : local;
      return { ...whole, recursionAvailable: true };
    }
    return recursionDesired
      ? yield* resolver.resolve(query.question)
      : resolver.answerFromCache(query.question);
  };
}

/** What our own zones leave open, looked up elsewhere. */
function* completed(resolver: RecursiveResolver, query: Query, local: ZoneAnswer): Task<Answer> {
  if (local.open === undefined) return local;
  const { name, kind } = local.open;
  const servers = local.authorities.filter((record) => isType(record, "NS"));
  const start =
    kind === "delegated"
      ? delegationOf(servers, (host) => local.additionals.filter((record) => sameName(record.name, host)))
      : undefined;
  const rest = yield* resolver.resolve({ ...query.question, name }, start);
  return { ...rest, isAuthoritative: local.isAuthoritative, answers: [...local.answers, ...rest.answers] };
}
