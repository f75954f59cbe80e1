/** The Internet checksum: RFC 1071. */

/** Adds [start, end) of `bytes` as big-endian 16-bit words to `sum` (an odd last octet is padded with zero). */
export function checksumAdd(sum: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
  let at = start;
  // Sums below 2^53 are exact, so carries are folded only at the end.
  for (const last = end - 1; at < last; at += 2) sum += (bytes[at] << 8) | bytes[at + 1];
  return at < end ? sum + (bytes[at] << 8) : sum;
}

/** Folds the carries of a sum and complements it: the value of a checksum field. */
export function checksumFinish(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** The checksum of one piece of bytes; 0 when the piece contains its own correct checksum. */
export function checksum(bytes: Uint8Array, start = 0, end = bytes.length): number {
  return checksumFinish(checksumAdd(0, bytes, start, end));
}
