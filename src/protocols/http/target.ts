/** What a request is about: targets (RFC 9112 section 3.2), http URIs (RFC 9110 section 4.2.1), percent-encoding. */

import { decodeUtf8, encodeUtf8, FormatError } from "../../bytes/index.ts";
import { familyOf, fromByteString, LocalError } from "../../net/index.ts";
import { HTTP_PORT } from "./wire.ts";

export interface Target {
  /** "/mail", still percent-encoded; "*" for the server as a whole. */
  readonly path: string;
  /** Behind the question mark; undefined without one. */
  readonly query: string | undefined;
  /** "www.crepes.fr:8080", of a target in absolute form. */
  readonly authority: string | undefined;
}

/** Throws FormatError. CONNECT's form is not known here: a server that is no proxy has nothing to connect to. */
export function parseTarget(method: string, text: string): Target {
  if (text === "*" && method === "OPTIONS") return { path: "*", query: undefined, authority: undefined };
  const match = /^(?:http:\/\/([^/?]*))?(\/[^?]*)?(?:\?(.*))?$/is.exec(text);
  const [, authority, path, query] = match ?? [];
  if (match === null || (authority === undefined && path === undefined))
    throw new FormatError("http.request-target", 0, "is neither a path nor an http URI");
  if (authority !== undefined && parseAuthority(authority) === undefined)
    throw new FormatError("http.request-target", 7, "has no host");
  return { path: path ?? "/", query, authority };
}

export interface Authority {
  /** "www.crepes.fr", "192.0.2.1", "2001:db8::1" */
  readonly host: string;
  readonly port: number;
}

/** Host and port; undefined for what is none. No user information: RFC 9110 section 4.2.4. */
export function parseAuthority(text: string): Authority | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._~-]{1,255}))(?::(\d{0,5}))?$/.exec(text);
  if (match === null) return undefined;
  const [, literal, name, digits = ""] = match;
  if (literal !== undefined && familyOf(literal) !== 6) return undefined;
  const port = digits === "" ? HTTP_PORT : Number(digits);
  return port <= 65_535 ? { host: literal ?? name, port } : undefined;
}

export interface HttpUrl extends Authority {
  /** What the Host field says: the port only where it is not 80. */
  readonly hostField: string;
  /** Path and query, as they go into the request. */
  readonly target: string;
}

/** "http://www.crepes.fr/menu", or without "http://". Throws LocalError "bad-url". */
export function parseHttpUrl(text: string): HttpUrl {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)([^#]*)(?:#.*)?$/is.exec(text.trim());
  const [, scheme = "http", authorityText = "", rest = ""] = match ?? [];
  if (scheme.toLowerCase() !== "http")
    throw new LocalError("bad-url", `"${text}": only http:// is spoken here`);
  const authority = parseAuthority(authorityText);
  if (authority === undefined) throw new LocalError("bad-url", `"${text}" is not http://HOST[:PORT]/PATH`);
  const { host, port } = authority;
  const name = host.includes(":") ? `[${host}]` : host;
  // What a person types may have spaces and letters of any script.
  const target = rest.replace(/[^!-~]/gu, (character) => percentEncode(character));
  return {
    host,
    port,
    hostField: port === HTTP_PORT ? name : `${name}:${port}`,
    target: target.startsWith("/") ? target : `/${target}`,
  };
}

/** Where a Location leads to from a URL: RFC 9110 section 10.2.2. Throws LocalError "bad-url". */
export function resolveLocation(base: HttpUrl, location: string): HttpUrl {
  if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return parseHttpUrl(location);
  if (location.startsWith("//")) return parseHttpUrl(`http:${location}`);
  const origin = `http://${base.hostField}`;
  if (location.startsWith("/")) return parseHttpUrl(origin + location);
  const path = base.target.split("?")[0];
  const folder = location.startsWith("?") ? path : path.slice(0, path.lastIndexOf("/") + 1);
  return parseHttpUrl(origin + withoutDots(folder + location));
}

/** RFC 3986 section 2.1: every octet but letters, digits and "-._~" becomes %XX. */
export function percentEncode(text: string): string {
  let out = "";
  for (const octet of encodeUtf8(text)) {
    const character = String.fromCharCode(octet);
    const isPlain = /[A-Za-z0-9._~-]/.test(character);
    out += isPlain ? character : `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

/** The text, undefined where "%" is followed by no digits or the octets are no UTF-8. */
export function percentDecode(text: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})|[\u0080-\uffff]/.test(text)) return undefined;
  const octets = text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decodeUtf8(fromByteString(octets));
}

/** RFC 3986 section 5.2.4. */
function withoutDots(path: string): string {
  const [before, ...query] = path.split("?");
  const segments = before.split("/");
  const kept: string[] = [];
  for (const [i, segment] of segments.entries()) {
    const isDots = segment === "." || segment === "..";
    if (segment === ".." && kept.length > 1) kept.pop();
    if (!isDots) kept.push(segment);
    else if (i === segments.length - 1) kept.push("");
  }
  return [kept.join("/"), ...query].join("?");
}
