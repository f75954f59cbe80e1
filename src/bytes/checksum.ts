/** The Internet checksum: RFC 1071. */

/** Adds [start, end) of `bytes` as big-endian 16-bit words to `sum` (an odd last octet is padded with zero). */
export function checksumAdd(sum: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
  let total = sum;
  let at = start;
  // By pieces whose sum fits into 31 bits, which the engine adds without leaving integers.
  for (; end - at > PIECE_MAX; at += PIECE_MAX) total += addPiece(bytes, at, at + PIECE_MAX);
  return total + addPiece(bytes, at, end);
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

function addPiece(bytes: Uint8Array, start: number, end: number): number {
  const aligned = ((bytes.byteOffset + start) & 1) === 0;
  return aligned && end - start >= VIEW_MIN ? addWords(bytes, start, end) : addOctets(bytes, start, end);
}

function addOctets(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (const last = end - 7; at < last; at += 8) {
    const first = ((bytes[at] << 8) | bytes[at + 1]) + ((bytes[at + 2] << 8) | bytes[at + 3]);
    const second = ((bytes[at + 4] << 8) | bytes[at + 5]) + ((bytes[at + 6] << 8) | bytes[at + 7]);
    sum = (sum + first + second) | 0;
  }
  for (const last = end - 1; at < last; at += 2) sum = (sum + ((bytes[at] << 8) | bytes[at + 1])) | 0;
  return at < end ? sum + (bytes[at] << 8) : sum;
}

/** RFC 1071 section 2 (B): words may be added in the machine's byte order when the sum is swapped at the end. */
function addWords(bytes: Uint8Array, start: number, end: number): number {
  const count = (end - start) >> 1;
  const words = new Uint16Array(bytes.buffer, bytes.byteOffset + start, count);
  let sum = 0;
  let at = 0;
  for (const last = count - 3; at < last; at += 4)
    sum = (sum + words[at] + words[at + 1] + words[at + 2] + words[at + 3]) | 0;
  for (; at < count; at++) sum = (sum + words[at]) | 0;
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  const swapped = LITTLE_ENDIAN ? ((sum & 0xff) << 8) | (sum >>> 8) : sum;
  return ((end - start) & 1) === 0 ? swapped : swapped + (bytes[end - 1] << 8);
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
/** 2^15 words of at most 2^16 - 1 sum up to less than 2^31. */
const PIECE_MAX = 65_536;
/** Below this, making the view costs more than it saves (on V8: equal at about 200 octets, two thirds of the time at 1,460). */
const VIEW_MIN = 256;
