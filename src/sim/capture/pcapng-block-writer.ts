/** How blocks and options of a pcapng file are written, big-endian; pcapng-block.ts reads them. */

import { encodeUtf8, Writer } from "../../bytes/index.ts";
import { OPTION_END } from "./pcapng-format.ts";

/**
 * Section 3.1: type, total length, body, total length again. Every body here is a multiple of four octets.
 */
export function block(out: Writer, type: number, writeBody: () => void): void {
  const start = out.length;
  out.uint32(type).uint32(0);
  writeBody();
  const length = out.length + 4 - start;
  out.setUint16(start + 4, length >>> 16).setUint16(start + 6, length);
  out.uint32(length);
}

/** Section 3.5: code, length without padding, value, padding to four octets. */
export function option(out: Writer, code: number, value: Uint8Array): void {
  if (value.length > OPTION_OCTETS_MAX) throw new RangeError(`option ${code} is too long`);
  out.uint16(code).uint16(value.length);
  padded(out, value);
}

export function textOption(out: Writer, code: number, text: string): void {
  option(out, code, encodeUtf8(text).subarray(0, OPTION_OCTETS_MAX));
}

export function endOptions(out: Writer): void {
  out.uint16(OPTION_END).uint16(0);
}

/** Appends `bytes` and zeros until `before` + its length is a multiple of four. */
export function padded(out: Writer, bytes: Uint8Array, before = 0): void {
  out.append(bytes);
  for (let length = before + bytes.length; length % 4 !== 0; length++) out.uint8(0);
}

/** Section 4.3: the upper and the lower 32 bits of the nanoseconds since 1970. */
export function timestamp(out: Writer, startUnixMs: number, timeNs: number): void {
  out.append(uint64(BigInt(startUnixMs) * NS_PER_MS + BigInt(timeNs)));
}

export function uint64(value: number | bigint): Uint8Array {
  const bits = BigInt.asUintN(64, BigInt(value));
  return new Writer(8)
    .uint32(Number(bits >> 32n))
    .uint32(Number(bits & 0xffffffffn))
    .finish();
}

const NS_PER_MS = 1_000_000n;
/** An option's length has 16 bits. */
const OPTION_OCTETS_MAX = 0xffff;
