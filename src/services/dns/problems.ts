/** What is wrong with the zones, hints and prefixes of a configuration, each mistake at its place in it. */

import { HamletError } from "../../net/index.ts";
import { parseName, parseRecordList, parseRootHints } from "../../protocols/dns/index.ts";
import { prefixProblems } from "../prefix.ts";
import type { ServiceProblem } from "../service.ts";
import { type DnsConfiguration, zonesOf } from "./configuration.ts";

export function dnsProblems(configuration: DnsConfiguration): ServiceProblem[] {
  const { zones = {}, ttlSeconds, recursive } = configuration;
  return [
    ...Object.entries(zones).flatMap(([name, source]) => zoneProblems(name, source, ttlSeconds)),
    ...(recursive?.rootHints ?? []).flatMap((hint, i) =>
      problemOf(["recursive", "rootHints", i], () => parseRootHints([hint])),
    ),
    ...(recursive?.allow ?? []).flatMap((text, i) => prefixProblems(["recursive", "allow", i], text)),
  ];
}

function zoneProblems(
  name: string,
  source: readonly string[] | string,
  ttlSeconds: number | undefined,
): ServiceProblem[] {
  const path = ["zones", name];
  const whole = problemOf(path, () =>
    zonesOf({ zones: { [name]: source }, ...(ttlSeconds !== undefined && { ttlSeconds }) }),
  );
  if (whole.length === 0 || typeof source === "string") return whole;
  const records = recordProblems(path, name, source);
  return records.length > 0 ? records : whole;
}

function recordProblems(path: readonly string[], name: string, source: readonly string[]): ServiceProblem[] {
  try {
    const { errors } = parseRecordList(source, { origin: parseName(name), ttlSeconds: 0 });
    return errors.map(({ line, problem }) => ({ path: [...path, line - 1], message: problem }));
  } catch {
    // The name of the zone is wrong, which was said of the whole.
    return [];
  }
}

function problemOf(path: ServiceProblem["path"], read: () => unknown): ServiceProblem[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
    return [{ path, message: error.message }];
  }
}
