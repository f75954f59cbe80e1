/** To which hosts a domain's mail is carried, in which order: RFC 5321 section 5.1, RFC 7505. */

import type { Random, Task } from "../../net/index.ts";

/** An MX record. */
export interface MailExchanger {
  /** The lower, the better. */
  readonly preference: number;
  /** A host name; "" or "." is the null MX: this domain takes no mail (RFC 7505). */
  readonly exchange: string;
}

/** What the queue asks of DNS. */
export interface MailRouting {
  /**
   * The MX records of a domain, in any order; none when the domain exists without them.
   * Throws NetworkError: name-not-found (there is no such domain), name-server-failed, timed-out.
   */
  mailExchangers(domain: string): Task<readonly MailExchanger[]>;
}

export type Route =
  | { readonly kind: "hosts"; readonly hosts: readonly string[] }
  /** The domain says that it takes no mail. */
  | { readonly kind: "null-mx" }
  /** The best exchanger is ourselves, yet the domain is not ours: carrying on would be a loop. */
  | { readonly kind: "loop" };

/** Orders the exchangers: by preference, equal ones shuffled to spread the load; ourselves and all behind us left out. */
export function routeOf(
  domain: string,
  exchangers: readonly MailExchanger[],
  ownNames: readonly string[],
  random: Random,
): Route {
  if (domain.startsWith("[")) return { kind: "hosts", hosts: [domain.replace(/^\[(IPv6:)?|\]$/gi, "")] };
  // RFC 5321 section 5.1: without MX the domain itself is the exchanger (implicit MX).
  if (exchangers.length === 0) return hostsOrLoop([{ preference: 0, exchange: domain }], ownNames, random);
  if (exchangers.every(({ exchange }) => trimDot(exchange) === "")) return { kind: "null-mx" };
  return hostsOrLoop(exchangers, ownNames, random);
}

function hostsOrLoop(
  exchangers: readonly MailExchanger[],
  ownNames: readonly string[],
  random: Random,
): Route {
  const own = new Set(ownNames.map(trimDot));
  const ours = exchangers.filter(({ exchange }) => own.has(trimDot(exchange)));
  // RFC 5321 section 5.1: whoever is not better than we are would send it back to us.
  const limit = Math.min(...ours.map(({ preference }) => preference));
  const better = exchangers.filter(
    ({ preference, exchange }) => preference < limit && trimDot(exchange) !== "",
  );
  if (better.length === 0) return { kind: "loop" };
  const hosts = shuffle(better, random)
    .sort((a, b) => a.preference - b.preference)
    .map(({ exchange }) => exchange.replace(/\.$/, ""));
  return { kind: "hosts", hosts: hosts.slice(0, HOSTS_MAX) };
}

/** Fisher and Yates; sorting by preference afterwards is stable and keeps the order of equals. */
function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}

function trimDot(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}

/** RFC 5321 section 5.1: at least two should be tried; more than these are never all needed. */
const HOSTS_MAX = 5;
