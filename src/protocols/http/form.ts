/** Small formats that travel in HTTP: forms (application/x-www-form-urlencoded) and cookies (RFC 6265). */

import { LocalError } from "../../net/index.ts";
import { percentDecode, percentEncode } from "./target.ts";

/** The pairs of a form or of a query, in order; what cannot be decoded is left out. */
export function parseForm(text: string): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const pair of text.split("&").slice(0, PAIRS_MAX)) {
    const [name, ...value] = pair.split("=").map((part) => percentDecode(part.replaceAll("+", " ")));
    const whole = value.includes(undefined) ? undefined : value.join("=");
    if (name !== undefined && whole !== undefined && pair !== "") pairs.push([name, whole]);
  }
  return pairs;
}

export function emitForm(pairs: Iterable<readonly [string, string]>): string {
  return [...pairs].map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join("&");
}

/** RFC 6265 section 4.2: the value of the first cookie of that name in a Cookie field. */
export function cookieValue(field: string | undefined, name: string): string | undefined {
  for (const pair of (field ?? "").split(";")) {
    const equals = pair.indexOf("=");
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

export interface CookieOptions {
  readonly path?: string;
  /** Absent: until the browser is closed; 0 removes it. */
  readonly maxAgeSeconds?: number;
  /** No script may read it. */
  readonly httpOnly?: boolean;
  /** Whether it goes along when another site leads here (RFC 6265bis). */
  readonly sameSite?: "Strict" | "Lax" | "None";
  readonly secure?: boolean;
}

/** The value of a Set-Cookie field: RFC 6265 section 4.1. */
export function emitSetCookie(name: string, value: string, options: CookieOptions = {}): string {
  const { path, maxAgeSeconds, httpOnly, sameSite, secure } = options;
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) || !/^[!#-+\--:<-[\]-~]*$/.test(value))
    throw new LocalError("bad-cookie", `"${name}=${value}" cannot be a cookie`);
  const parts = [`${name}=${value}`];
  if (path !== undefined) parts.push(`Path=${path}`);
  if (maxAgeSeconds !== undefined) parts.push(`Max-Age=${maxAgeSeconds}`);
  if (httpOnly) parts.push("HttpOnly");
  if (secure) parts.push("Secure");
  if (sameSite !== undefined) parts.push(`SameSite=${sameSite}`);
  return parts.join("; ");
}

/** Fields of one form. */
const PAIRS_MAX = 1000;
