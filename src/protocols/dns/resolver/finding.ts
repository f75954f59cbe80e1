/**
 * What a response means for the question that was asked of a server of `zone`. Pure. Here is decided what is
 * believed: only what lies within the zone of the server asked (its bailiwick), and only what leads from the
 * question to its answer; everything else in the message is left where it is.
 */

import { ALIASES_MAX } from "../authority.ts";
import { isWithin, type Name, nameKey, sameName } from "../name.ts";
import type { Message, Question } from "../wire/message.ts";
import { isType, type ResourceRecord } from "../wire/record.ts";
import type { RecordSet } from "../zone.ts";
import type { Negative } from "./cache.ts";

export type Finding =
  /** `aliases` lead from the question to `records`. */
  | { readonly kind: "answer"; readonly aliases: readonly ResourceRecord[]; readonly records: RecordSet }
  /** `aliases` lead to `target`, about which another zone must be asked. */
  | { readonly kind: "alias"; readonly aliases: readonly ResourceRecord[]; readonly target: Name }
  /** `name`, at the end of `aliases`, does not exist or has no such data. */
  | {
      readonly kind: "negative";
      readonly aliases: readonly ResourceRecord[];
      readonly name: Name;
      readonly negative: Negative;
    }
  | {
      readonly kind: "referral";
      readonly zone: Name;
      readonly servers: RecordSet<"NS">;
      readonly glue: readonly ResourceRecord[];
    }
  /** The server does not do its work for this zone. */
  | { readonly kind: "lame"; readonly reason: string };

export function findingOf(message: Message, question: Question, zone: Name): Finding {
  const { responseCode, isAuthoritative } = message;
  if (responseCode !== "NOERROR" && responseCode !== "NXDOMAIN") {
    return { kind: "lame", reason: `it answers ${responseCode}` };
  }
  const aliases: ResourceRecord[] = [];
  let name = question.name;
  while (aliases.length <= ALIASES_MAX) {
    const owned = isWithin(name, zone) ? message.answers.filter((record) => isAbout(record, name)) : [];
    const records = owned.filter(({ data }) => question.type === "ANY" || data.type === question.type);
    const alias = owned.find((record) => isType(record, "CNAME")) as ResourceRecord<"CNAME"> | undefined;
    if ((records.length > 0 || alias !== undefined) && !isAuthoritative) {
      return { kind: "lame", reason: "it answers without authority (AA is not set)" };
    }
    if (records.length > 0) return { kind: "answer", aliases, records };
    if (alias === undefined) break;
    aliases.push(alias);
    name = alias.data.canonicalName;
  }
  const soa = message.authorities.find((record) => isCoveringSoa(record, name, zone));
  const kind = responseCode === "NXDOMAIN" ? "no-name" : "no-data";
  if (aliases.length > 0) {
    // RFC 6604 section 3: the code is about the last name, which this server may know or not.
    if (soa === undefined) return { kind: "alias", aliases, target: name };
    return { kind: "negative", aliases, name, negative: { kind, soa } };
  }
  const referral = isAuthoritative ? undefined : referralIn(message, question, zone);
  if (referral !== undefined) return referral;
  if (!isAuthoritative)
    return { kind: "lame", reason: "it neither answers with authority nor refers to a zone below" };
  return { kind: "negative", aliases, name, negative: { kind, soa } };
}

/** A referral goes downwards: to a zone below the server's own that contains the question. */
function referralIn(message: Message, question: Question, zone: Name): Finding | undefined {
  const isDownward = (record: ResourceRecord): boolean =>
    isType(record, "NS") &&
    isWithin(question.name, record.name) &&
    isWithin(record.name, zone) &&
    !sameName(record.name, zone);
  const first = message.authorities.find(isDownward);
  if (first === undefined) return undefined;
  const servers = message.authorities
    .filter((record) => isType(record, "NS"))
    .filter((record) => sameName(record.name, first.name))
    .slice(0, SERVERS_MAX);
  const hosts = new Set(servers.map(({ data }) => nameKey(data.host)));
  // RFC 5452 section 6: addresses from outside the server's own zone are hearsay.
  const glue = message.additionals.filter(
    (record) =>
      (isType(record, "A") || isType(record, "AAAA")) &&
      record.class === "IN" &&
      hosts.has(nameKey(record.name)) &&
      isWithin(record.name, zone),
  );
  return { kind: "referral", zone: first.name, servers, glue };
}

function isAbout(record: ResourceRecord, name: Name): boolean {
  return record.class === "IN" && sameName(record.name, name);
}

function isCoveringSoa(record: ResourceRecord, name: Name, zone: Name): boolean {
  return (
    isType(record, "SOA") &&
    record.class === "IN" &&
    isWithin(name, record.name) &&
    isWithin(record.name, zone)
  );
}

/** Of a delegation to more servers than this only the first count; the root itself has 13. */
const SERVERS_MAX = 16;
