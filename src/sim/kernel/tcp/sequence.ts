/**
 * Sequence numbers: 32 bits that wrap round (RFC 9293 section 3.4), held as signed integers, which the engine
 * keeps unboxed. Sums end in `| 0`; order is that of the shorter way round.
 */

export function isBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

export function isAfter(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

/** How far `to` lies after `from`; negative when it lies before. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}

export function later(a: number, b: number): number {
  return ((a - b) | 0) > 0 ? a : b;
}

export function earlier(a: number, b: number): number {
  return ((a - b) | 0) < 0 ? a : b;
}
