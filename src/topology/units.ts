/**
 * Values with units as a person writes them: "10 ms", "100 Mbit/s", "1 %", "10.1.0.5/24", "mail.crepes.fr:25".
 * Each reader answers undefined for what it does not understand; `shapes` are the same rules for the JSON schema.
 */

import { canonicalAddress, type Endpoint, familyOf, formatAddress, parseAddress } from "../net/index.ts";
import type { Count, TextPattern } from "./network-file.ts";

/** "10 ms" in milliseconds. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, DURATION_UNITS_MS);
}

/** "100 Mbit/s" in bits per second; 0 is none: a link that carries nothing is a link that is cut. */
export function parseBandwidth(text: string): number | undefined {
  return parseQuantity(text, BANDWIDTH_UNITS_BPS) || undefined;
}

/** "1 %" as 0.01; more than 100 % is none. */
export function parsePercentage(text: string): number | undefined {
  const percent = parseQuantity(text, { "%": 1 });
  return percent === undefined || percent > 100 ? undefined : percent / 100;
}

export interface InterfaceAddress {
  /** Canonical. */
  readonly address: string;
  readonly prefixLength: number;
  /** The network it is in, e.g. "10.1.0.0/24": equal text is the same network. */
  readonly network: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** "10.1.0.5/24" */
export function parseInterfaceAddress(text: string): InterfaceAddress | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const bytes = match === null ? undefined : parseAddress(match[1]);
  if (match === null || bytes === undefined) return undefined;
  const prefixLength = Number(match[2]);
  if (prefixLength < 1 || prefixLength > bytes.length * 8) return undefined;
  const first = bytes.slice();
  const last = bytes.slice();
  for (let bit = prefixLength; bit < bytes.length * 8; bit++) {
    first[bit >> 3] &= ~(0x80 >> (bit & 7));
    last[bit >> 3] |= 0x80 >> (bit & 7);
  }
  const address = formatAddress(bytes);
  return {
    address,
    prefixLength,
    network: `${formatAddress(first)}/${prefixLength}`,
    isFirst: address === formatAddress(first),
    isLast: address === formatAddress(last),
  };
}

/** 2525, "2525", "127.0.0.1:2525", "[::1]:2525"; without an address it is 127.0.0.1. */
export function parseListen(value: string | number): Endpoint | undefined {
  const match = /^(?:(?:\[([^\]]+)\]|([\d.]+)):)?(\d{1,5})$/.exec(String(value));
  if (match === null) return undefined;
  const address = canonicalAddress(match[1] ?? match[2] ?? "127.0.0.1");
  const port = Number(match[3]);
  if (address === undefined || port > PORT_MAX) return undefined;
  return familyOf(address) === (match[1] === undefined ? 4 : 6) ? { address, port } : undefined;
}

/** "mail.hamburger.edu:25" */
export function parseHostPort(text: string): { host: string; port: number } | undefined {
  const match = /^([^\s:]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  return match === null || port < 1 || port > PORT_MAX ? undefined : { host: match[1], port };
}

/** "/regular expression/" or a part of the text; undefined when the regular expression is none. */
export function parsePattern(text: string): TextPattern | undefined {
  const match = /^\/(.*)\/$/s.exec(text);
  if (match === null) return { contains: text };
  try {
    new RegExp(match[1], "mu");
    return { matches: match[1] };
  } catch {
    return undefined;
  }
}

export function matchesPattern(pattern: TextPattern | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return "contains" in pattern
    ? text.includes(pattern.contains)
    : new RegExp(pattern.matches, "mu").test(text);
}

/** As the file has it: `"text"` or `/expression/`. */
export function describePattern(pattern: TextPattern): string {
  return "contains" in pattern ? JSON.stringify(pattern.contains) : `/${pattern.matches}/`;
}

export function describeCount(count: Count): string {
  if (count.least === count.most) return String(count.least);
  if (count.most === Number.POSITIVE_INFINITY) return `at least ${count.least}`;
  return count.least === 0 ? `at most ${count.most}` : `${count.least} to ${count.most}`;
}

/** Nanoseconds for a person: "12.034 ms", "1.5 s". */
export function formatTime(ns: number): string {
  if (ns < 1e3) return `${ns} ns`;
  if (ns < 1e6) return `${Number((ns / 1e3).toFixed(3))} us`;
  return ns < 1e9 ? `${Number((ns / 1e6).toFixed(3))} ms` : `${Number((ns / 1e9).toFixed(6))} s`;
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,9})?) ?([^\s\d.]+)$/.exec(text);
  return match === null || !Object.hasOwn(units, match[2]) ? undefined : Number(match[1]) * units[match[2]];
}

function quantity(units: Readonly<Record<string, number>>, expected: string, condition = ""): object {
  const pattern = `^${condition}\\d{1,12}(\\.\\d{1,9})? ?(${Object.keys(units).join("|")})$`;
  return { type: "string", pattern, patternErrorMessage: expected };
}

const DURATION_UNITS_MS = { ns: 1e-6, us: 1e-3, ms: 1, s: 1e3, min: 60e3, h: 3600e3 };
const BANDWIDTH_UNITS_BPS = { "bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9 };
export const PORT_MAX = 65_535;

/** The shapes of such values for the schema. */
export const shapes = {
  duration: quantity(DURATION_UNITS_MS, 'a duration such as "10 ms", "1.5 s", "2 min"'),
  bandwidth: quantity(BANDWIDTH_UNITS_BPS, 'a bandwidth such as "100 Mbit/s", "64 kbit/s"', "(?=[0.]*[1-9])"),
  percentage: quantity({ "%": 1 }, 'a percentage such as "0.5 %"'),
};
