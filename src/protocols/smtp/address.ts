/**
 * Mailboxes and paths of SMTP: RFC 5321 section 4.1.2. Read first: `Mailbox`, `parsePathAt`.
 * A local part is kept as what it means ("a b"), not as it is written ("\"a b\""); emitting quotes it again.
 */

import { FormatError } from "../../bytes/index.ts";
import { formatAddress, parseIpv4, parseIpv6 } from "../../net/index.ts";

export interface Mailbox {
  readonly localPart: string;
  /** A domain name as written, or an address literal: "[192.0.2.1]", "[IPv6:2001:db8::1]". Empty only in `<Postmaster>`. */
  readonly domain: string;
}

/** The null reverse-path `<>` of a notification is null. */
export type ReversePath = Mailbox | null;

/** Reads `alice@crepes.fr`, the whole of `text`. */
export function parseMailbox(text: string): Mailbox {
  const { mailbox, end } = parseMailboxAt(text, 0);
  if (end !== text.length) throw new FormatError("smtp.mailbox", end, `unexpected "${text.slice(end)}"`);
  return mailbox;
}

/** Reads a path that begins at `at`: `<alice@crepes.fr>`, `<>`, `<Postmaster>`. Says where it ends. */
export function parsePathAt(text: string, at: number): { path: Mailbox | null; end: number } {
  if (text[at] !== "<") throw new FormatError("smtp.path", at, 'a path begins with "<"');
  if (text[at + 1] === ">") return { path: null, end: at + 2 };
  // RFC 5321 section 4.1.1.3: the domain-less Postmaster, in any case.
  const postmaster = matchAt(/<(postmaster)>/iy, text, at);
  if (postmaster !== undefined) {
    return { path: { localPart: postmaster.slice(1, -1), domain: "" }, end: at + postmaster.length };
  }
  const { mailbox, end } = parseMailboxAt(text, skipSourceRoute(text, at + 1));
  if (text[end] !== ">") throw new FormatError("smtp.path", end, 'a path ends with ">"');
  if (end + 1 - at > PATH_MAX) throw new FormatError("smtp.path", at, `longer than ${PATH_MAX} octets`);
  return { path: mailbox, end: end + 1 };
}

/** `alice@crepes.fr`, quoted where it must be. */
export function formatMailbox(mailbox: Mailbox): string {
  const { localPart, domain } = mailbox;
  const written = DOT_STRING_ONLY.test(localPart) ? localPart : `"${localPart.replace(/["\\]/g, "\\$&")}"`;
  return domain === "" ? written : `${written}@${domain}`;
}

/** `<alice@crepes.fr>`, or `<>`. */
export function formatPath(path: ReversePath): string {
  return path === null ? "<>" : `<${formatMailbox(path)}>`;
}

/** Whether `text` is a domain name or an address literal: what HELO and EHLO carry. */
export function isDomainOrLiteral(text: string): boolean {
  if (text.length === 0 || text.length > DOMAIN_MAX) return false;
  return text.startsWith("[") ? canonicalLiteral(text) !== undefined : HELLO_NAME.test(text);
}

/** `[192.0.2.1]` or `[IPv6:2001:db8::1]`: RFC 5321 section 4.1.3. */
export function addressLiteral(address: string): string {
  return address.includes(":") ? `[IPv6:${address}]` : `[${address}]`;
}

function parseMailboxAt(text: string, at: number): { mailbox: Mailbox; end: number } {
  const written = matchAt(LOCAL_PART, text, at);
  if (written === undefined)
    throw new FormatError("smtp.local-part", at, "not a dot-string or quoted string");
  const localPart = written.startsWith('"') ? written.slice(1, -1).replace(/\\(.)/g, "$1") : written;
  if (localPart.length > LOCAL_PART_MAX) {
    throw new FormatError("smtp.local-part", at, `longer than ${LOCAL_PART_MAX} octets`);
  }
  const afterLocal = at + written.length;
  if (text[afterLocal] !== "@")
    throw new FormatError("smtp.mailbox", afterLocal, 'no "@" after the local part');
  const { domain, end } = parseDomainAt(text, afterLocal + 1);
  return { mailbox: { localPart, domain }, end };
}

function parseDomainAt(text: string, at: number): { domain: string; end: number } {
  const written = matchAt(DOMAIN, text, at) ?? matchAt(/\[[^\][\\ ]*\]/y, text, at);
  if (written === undefined || written.length > DOMAIN_MAX) {
    throw new FormatError("smtp.domain", at, "not a domain name or address literal");
  }
  const domain = written.startsWith("[") ? canonicalLiteral(written) : written;
  if (domain === undefined) throw new FormatError("smtp.domain", at, `${written} holds no IP address`);
  return { domain, end: at + written.length };
}

/** RFC 5321 section 4.1.2 and appendix C: a source route must be accepted and should be ignored. */
function skipSourceRoute(text: string, at: number): number {
  if (text[at] !== "@") return at;
  for (let from = at; ; ) {
    if (text[from] !== "@") throw new FormatError("smtp.source-route", from, 'a hop begins with "@"');
    const { end } = parseDomainAt(text, from + 1);
    if (text[end] === ":") return end + 1;
    if (text[end] !== ",") throw new FormatError("smtp.source-route", end, 'expected "," or ":"');
    from = end + 1;
  }
}

function canonicalLiteral(text: string): string | undefined {
  const inner = text.slice(1, -1);
  if (!text.endsWith("]")) return undefined;
  const ipv6 = /^IPv6:(.*)$/i.exec(inner);
  const bytes = ipv6 === null ? parseIpv4(inner) : parseIpv6(ipv6[1]);
  return bytes === undefined ? undefined : addressLiteral(formatAddress(bytes));
}

function matchAt(sticky: RegExp, text: string, at: number): string | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}

const ATOM = "[A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~]+";
const DOT_STRING = `${ATOM}(?:\\.${ATOM})*`;
const DOT_STRING_ONLY = new RegExp(`^${DOT_STRING}$`);
const LOCAL_PART = new RegExp(`${DOT_STRING}|"(?:[ !#-\\[\\]-~]|\\\\[ -~])*"`, "y");
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const DOMAIN = new RegExp(`${LABEL}(?:\\.${LABEL})*`, "y");
/** With the underscore that some hosts' names have: a name in HELO proves nothing anyway. */
const HELLO_NAME =
  /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/;

/** RFC 5321 section 4.5.3.1.1. */
const LOCAL_PART_MAX = 64;
/** RFC 5321 section 4.5.3.1.2. */
const DOMAIN_MAX = 255;
/** RFC 5321 section 4.5.3.1.3, with its punctuation. */
const PATH_MAX = 256;
