/** Ports by the names that people know them by. */

import { parseInteger } from "../host/shell/option-values.ts";
import { didYouMean } from "../host/suggest.ts";
import { LocalError } from "../net/index.ts";

/** "smtp" for 25; undefined for a port without a name. */
export function portName(port: number): string | undefined {
  for (const [name, known] of PORTS) if (known === port) return name;
  return undefined;
}

/** 25 for "smtp" or "25"; `what` is how the message calls it. */
export function parsePortOrName(text: string, what: string): number {
  const port = PORTS.get(text.toLowerCase());
  if (port !== undefined) return port;
  if (/^-?\d+$/.test(text)) return parseInteger(text, what, 1, 65_535);
  throw new LocalError(
    "usage",
    `${what}: there is no service "${text}"${didYouMean(text, PORTS.keys()) || " (a port number will do)"}`,
  );
}

/** "smtp=2525" as its two sides; throws LocalError "usage". */
export function parseAssignment(text: string, option: string): { name: string; port: number } {
  const equals = text.lastIndexOf("=");
  if (equals <= 0)
    throw new LocalError("usage", `${option} must be NAME=PORT, e.g. smtp=2525, not "${text}"`);
  return {
    name: text.slice(0, equals),
    port: parseInteger(text.slice(equals + 1), `the port in ${option} ${text}`, 0, 65_535),
  };
}

/** The names of the protocols that Hamlet speaks, as in the registry of IANA. */
const PORTS: ReadonlyMap<string, number> = new Map([
  ["echo", 7],
  ["ftp", 21],
  ["ssh", 22],
  ["telnet", 23],
  ["smtp", 25],
  ["dns", 53],
  ["http", 80],
  ["webmail", 80],
  ["pop3", 110],
  ["imap", 143],
  ["submission", 587],
]);
