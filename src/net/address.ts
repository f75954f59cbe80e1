/**
 * Internet addresses as text in their one canonical form: "192.0.2.1", "2001:db8::1" (RFC 5952).
 * Two equal addresses are equal strings. Bytes are 4 or 16 octets in network order.
 */

/** Where a socket is: a canonical address and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export type AddressFamily = 4 | 6;

/** The family of an address in text, or undefined when it is none. */
export function familyOf(text: string): AddressFamily | undefined {
  if (parseIpv4(text) !== undefined) return 4;
  return parseIpv6(text) === undefined ? undefined : 6;
}

/** The canonical form of an address, or undefined when `text` is none. */
export function canonicalAddress(text: string): string | undefined {
  const bytes = parseAddress(text);
  return bytes === undefined ? undefined : formatAddress(bytes);
}

/** Whether both are the same place, however their addresses are spelt. */
export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  if (a.port !== b.port) return false;
  return a.address === b.address || canonicalAddress(a.address) === canonicalAddress(b.address);
}

/** The 4 or 16 octets of an address, or undefined when `text` is none. */
export function parseAddress(text: string): Uint8Array | undefined {
  return parseIpv4(text) ?? parseIpv6(text);
}

/** Canonical text of 4 or 16 octets; an IPv4-mapped address stays IPv6 ("::ffff:192.0.2.1"). */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`;
  if (bytes.length === 16) return formatIpv6(bytes);
  throw new RangeError(`an address has 4 or 16 octets, not ${bytes.length}`);
}

/** "192.0.2.1:25" or "[2001:db8::1]:25". */
export function formatEndpoint(endpoint: Endpoint): string {
  const { address, port } = endpoint;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Dotted decimal of four octets without leading zeros (RFC 6943 section 3.1.1: no other notation). */
export function parseIpv4(text: string): Uint8Array | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const bytes = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    const part = match[i + 1];
    const value = Number(part);
    if (value > 255 || (part.length > 1 && part.startsWith("0"))) return undefined;
    bytes[i] = value;
  }
  return bytes;
}

/** Any text form of RFC 4291 section 2.2; no zone. */
export function parseIpv6(text: string): Uint8Array | undefined {
  if (text.length > IPV6_TEXT_MAX || !text.includes(":")) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0], halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1], true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // RFC 4291 section 2.2: "::" stands for one or more groups of zeros.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const bytes = new Uint8Array(16);
  groups.forEach((group, i) => {
    bytes[2 * i] = group >> 8;
    bytes[2 * i + 1] = group & 0xff;
  });
  return bytes;
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (mayEndInIpv4 && i === parts.length - 1 && part.includes(".")) {
      const v4 = parseIpv4(part);
      if (v4 === undefined) return undefined;
      groups.push((v4[0] << 8) | v4[1], (v4[2] << 8) | v4[3]);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** RFC 5952 section 4: lower case, no leading zeros, "::" for the longest run of zeros (the first of equals). */
function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] << 8) | bytes[2 * i + 1]);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${formatAddress(bytes.subarray(12))}`;
  }
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(":");
  if (best.length < 2) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}

const IPV6_TEXT_MAX = 45;
