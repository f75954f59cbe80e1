/** Reads the values of options and operands; each mistake throws LocalError "usage" with what was expected. */

import { canonicalAddress, LocalError } from "../../net/index.ts";
import type { CommandInput } from "./command.ts";

/** Whether a switch was given. */
export function hasOption(input: CommandInput, name: string): boolean {
  return input.options.has(name);
}

/** The value of an option, undefined when it was not given (the last one of a repeated option). */
export function optionText(input: CommandInput, name: string): string | undefined {
  return input.options.get(name)?.at(-1);
}

/** All values of an option that may be repeated. */
export function optionTexts(input: CommandInput, name: string): readonly string[] {
  return input.options.get(name) ?? [];
}

/** The one switch that was given of those that exclude one another; undefined when none was. */
export function exclusiveOption<Name extends string>(
  input: CommandInput,
  names: readonly Name[],
): Name | undefined {
  const given = names.filter((name) => hasOption(input, name));
  if (given.length > 1) throw new LocalError("usage", `--${given[0]} and --${given[1]} exclude each other`);
  return given[0];
}

/** An integer option within [least, most]; `fallback` when it was not given. */
export function optionInteger<T>(
  input: CommandInput,
  name: string,
  range: { readonly least: number; readonly most: number },
  fallback: T,
): number | T {
  const text = optionText(input, name);
  return text === undefined ? fallback : parseInteger(text, `--${name}`, range.least, range.most);
}

/** A duration option in milliseconds within [least, most]; `fallback` when it was not given. */
export function optionDurationMs<T>(
  input: CommandInput,
  name: string,
  range: { readonly leastMs: number; readonly mostMs: number },
  fallback: T,
): number | T {
  const text = optionText(input, name);
  if (text === undefined) return fallback;
  const durationMs = parseDurationMs(text, `--${name}`);
  if (durationMs < range.leastMs || durationMs > range.mostMs) {
    throw wrong(`--${name}`, text, `between ${range.leastMs} ms and ${range.mostMs} ms`);
  }
  return durationMs;
}

/** "25" as a number; `what` is how the message calls it. */
export function parseInteger(text: string, what: string, least: number, most: number): number {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw wrong(what, text, `a whole number from ${least} to ${most}`);
}

/** "1.5s", "200ms", "2m", "1h" in milliseconds; a number alone is seconds. */
export function parseDurationMs(text: string, what: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9}) ?(us|ms|s|m|min|h)?$/.exec(text);
  if (match === null) throw wrong(what, text, 'a time, e.g. "1.5s" or "200ms"');
  return Number(match[1]) * UNIT_MS[match[2] ?? "s"];
}

/** A host (name or canonical address) and a port. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** "host", "host:25", "192.0.2.1:25", "[2001:db8::1]:25", "2001:db8::1". */
export function parseHostAndPort(text: string, what: string, defaultPort: number): HostAndPort {
  if (/:.*%/.test(text))
    throw wrong(what, text, "an address without a zone (nothing here is bound to one link)");
  const { host, port } = splitPort(text);
  if (!/^[^\s:[\]]+$/.test(host) && canonicalAddress(host) === undefined) {
    throw wrong(what, text, '"host", "host:port" or "[IPv6 address]:port"');
  }
  return {
    host: canonicalAddress(host) ?? host,
    port: port === undefined ? defaultPort : parseInteger(port, `the port in ${what}`, 1, 65_535),
  };
}

/**
 * Where to listen: ":7007", "7007" and "localhost:7007" on this machine's own loopback addresses, "*:7007" and
 * "[::]:7007" on all addresses of both families, "0.0.0.0:7007" on all of IPv4, else on the address that is given.
 */
export function parseListenAddresses(text: string, what: string): { addresses: string[]; port: number } {
  const match = /^(?:(localhost|\*)?:)?(\d+)$/.exec(text);
  const { host, port } = match === null ? splitPort(text) : { host: match[1], port: match[2] };
  const address = host === "*" ? "::" : host === undefined ? undefined : canonicalAddress(host);
  const isLoopback = host === undefined || host === "localhost";
  if (port === undefined || (address === undefined && !isLoopback)) {
    throw wrong(what, text, '":PORT", "*:PORT", "IPv4 address:PORT" or "[IPv6 address]:PORT"');
  }
  return {
    addresses: address === undefined ? ["127.0.0.1", "::1"] : [address],
    port: parseInteger(port, `the port in ${what}`, 0, 65_535),
  };
}

function splitPort(text: string): { host: string; port: string | undefined } {
  const bracketed = /^\[([^\]]*:[^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed !== null) return { host: bracketed[1], port: bracketed[2] };
  const colon = text.lastIndexOf(":");
  if (colon === -1 || canonicalAddress(text) !== undefined) return { host: text, port: undefined };
  return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

function wrong(what: string, text: string, expected: string): LocalError {
  return new LocalError("usage", `${what} must be ${expected}, not "${text}"`);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};
