/** Address prefixes such as 10.1.0.0/24: for whom a server relays mail or looks up names. */

import { LocalError, messageOf, parseAddress } from "../net/index.ts";
import type { ServiceProblem } from "./service.ts";

export interface Prefix {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** Reads "10.1.0.0/24", "2001:db8::/32" or a single address. Throws LocalError "bad-prefix". */
export function parsePrefix(text: string): Prefix {
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text);
  const bytes = match === null ? undefined : parseAddress(match[1]);
  const length = bytes && Number(match?.[2] ?? bytes.length * 8);
  if (bytes === undefined || length === undefined || length > bytes.length * 8) {
    throw new LocalError("bad-prefix", `"${text}" is no address or prefix such as 10.1.0.0/24`);
  }
  return { bytes, length };
}

/** For a network file: what is wrong with the prefix at `path` of a configuration. */
export function prefixProblems(path: ServiceProblem["path"], text: string): ServiceProblem[] {
  try {
    parsePrefix(text);
    return [];
  } catch (error) {
    return [{ path, message: messageOf(error) }];
  }
}

export function prefixContains(prefix: Prefix, address: string): boolean {
  const bytes = parseAddress(address);
  if (bytes === undefined || bytes.length !== prefix.bytes.length) return false;
  for (let i = 0, left = prefix.length; left > 0; i++, left -= 8) {
    const mask = left >= 8 ? 0xff : 0xff & (0xff << (8 - left));
    if ((bytes[i] & mask) !== (prefix.bytes[i] & mask)) return false;
  }
  return true;
}
