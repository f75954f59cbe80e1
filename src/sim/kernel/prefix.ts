/** Network prefixes: "10.1.0.0/24", "2001:db8::/64" (RFC 4632 section 3.1, RFC 4291 section 2.3). */

import { parseAddress } from "../../net/index.ts";
import type { IpAddress } from "./ip-address.ts";

export interface Prefix {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** "10.1.0.10/24": an address and the length of its network's prefix. A text that is none is the caller's mistake. */
export function parsePrefix(text: string): Prefix {
  const [address, length, ...more] = text.split("/");
  const bytes = parseAddress(address);
  const bits = Number(length);
  if (bytes === undefined || more.length > 0 || !/^\d{1,3}$/.test(length ?? "") || bits > bytes.length * 8) {
    throw new TypeError(`"${text}" is not an address with a prefix length, such as 10.1.0.10/24`);
  }
  return { bytes, length: bits };
}

/** Whether the first `length` bits of `address` are those of `prefix`. */
export function matchesPrefix(address: IpAddress, prefix: Uint8Array, length: number): boolean {
  const { bytes } = address;
  if (bytes.length !== prefix.length) return false;
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) if (bytes[i] !== prefix[i]) return false;
  const rest = length & 7;
  return rest === 0 || (bytes[whole] ^ prefix[whole]) >> (8 - rest) === 0;
}

/** The octets with everything behind the first `length` bits zero. */
export function maskedBytes(bytes: Uint8Array, length: number): Uint8Array {
  return bytes.map((octet, i) => {
    const bits = Math.min(8, Math.max(0, length - 8 * i));
    return octet & (0xff00 >> bits) & 0xff;
  });
}

/** RFC 919: the network's prefix and all ones behind it; none for /31 (RFC 3021), /32 and IPv6. */
export function broadcastAddress(address: IpAddress, prefixLength: number): Uint8Array | undefined {
  if (address.family === 6 || prefixLength > 30) return undefined;
  const network = maskedBytes(address.bytes, prefixLength);
  const hosts = maskedBytes(new Uint8Array(4).fill(0xff), prefixLength);
  return network.map((octet, i) => octet | (~hosts[i] & 0xff));
}

/** How many leading bits two addresses of one family share. */
export function commonBits(a: IpAddress, b: IpAddress): number {
  for (let i = 0; i < a.bytes.length; i++) {
    const different = a.bytes[i] ^ b.bytes[i];
    if (different !== 0) return 8 * i + Math.clz32(different) - 24;
  }
  return 8 * a.bytes.length;
}
