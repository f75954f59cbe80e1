/** The two check sums of a PNG file. */

/** RFC 2083 section 15: the CRC of a chunk. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const octet of bytes) crc = CRC_TABLE[(crc ^ octet) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** RFC 1950 section 2.2: the sum at the end of a zlib stream. */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const octet of bytes) {
    a = (a + octet) % ADLER_BASE;
    b = (b + a) % ADLER_BASE;
  }
  return b * 65_536 + a;
}

const ADLER_BASE = 65_521;
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, octet) => {
  let crc = octet;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});
