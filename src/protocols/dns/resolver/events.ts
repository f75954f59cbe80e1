/** What a resolver tells of its work, message by message: for traces, logs and lessons. */

import { type Endpoint, formatEndpoint } from "../../../net/index.ts";
import type { Exchange } from "../exchange.ts";
import { displayName, type Name } from "../name.ts";
import type { Question } from "../wire/message.ts";
import type { Finding } from "./finding.ts";

export type ResolverEvent =
  /** The answer was known already. */
  | { readonly kind: "cached"; readonly question: Question }
  /** A server of `zone` is asked. */
  | ({ readonly kind: "asked" } & Asked)
  | ({ readonly kind: "answered"; readonly exchange: Exchange; readonly finding: Finding } & Asked)
  /** It did not answer. */
  | ({ readonly kind: "failed"; readonly reason: string } & Asked)
  /** An answer was not believed; the wait goes on. */
  | ({ readonly kind: "rejected"; readonly reason: string; readonly from: Endpoint } & Asked);

export interface Asked {
  readonly question: Question;
  readonly zone: Name;
  readonly server: Endpoint;
}

export function describeEvent(event: ResolverEvent): string {
  const what = `${displayName(event.question.name)} ${event.question.type}`;
  if (event.kind === "cached") return `${what}: known from the cache`;
  const whom = `${formatEndpoint(event.server)} (for ${displayName(event.zone)})`;
  switch (event.kind) {
    case "asked":
      return `ask ${whom} about ${what}`;
    case "answered":
      return `${whom} about ${what}: ${describeFinding(event.finding)}`;
    case "failed":
      return `${whom} about ${what}: ${event.reason}`;
    case "rejected":
      return `${whom} about ${what}: not believed, from ${formatEndpoint(event.from)}: ${event.reason}`;
  }
}

export function describeFinding(finding: Finding): string {
  switch (finding.kind) {
    case "answer":
      return `${finding.records.length} ${finding.records.length === 1 ? "record" : "records"}`;
    case "alias":
      return `another name for ${displayName(finding.target)}`;
    case "negative":
      return finding.negative.kind === "no-name" ? "there is no such name" : "there is no such data";
    case "referral":
      return `referral to the servers of ${displayName(finding.zone)}`;
    case "lame":
      return `lame: ${finding.reason}`;
  }
}
