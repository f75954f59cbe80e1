/** The machine's cryptographic randomness as a Random. */

import { randomBytes, randomFillSync } from "node:crypto";
import type { Random } from "../net/index.ts";

const pool = new Uint32Array(1024);
let used = pool.length;

function uint32(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool[used++];
}

export const systemRandom: Random = {
  uint32,
  below(bound: number): number {
    // Values above the last whole multiple of `bound` would favour the small results.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const value = uint32();
      if (value < limit) return value % bound;
    }
  },
  fraction: () => (uint32() * 2 ** 21 + (uint32() >>> 11)) / 2 ** 53,
  // A copy: code that is written for Uint8Array must not meet Buffer's other `slice`.
  bytes: (length) => new Uint8Array(randomBytes(length)),
};
