/**
 * The seeded randomness of a world: xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", 2018), seeded by splitmix32. Each host and each link has a stream of its own, named by a label,
 * so that adding one does not change what the others draw.
 */

import type { Random } from "../net/index.ts";

export class SeededRandom implements Random {
  readonly #state = new Uint32Array(4);

  /** The stream `label` of the world with `seed` (an integer). */
  constructor(seed: number, label: string) {
    let hash = (seed ^ 0x9e3779b9) >>> 0;
    hash = mix(hash ^ Math.floor(seed / 2 ** 32));
    for (let i = 0; i < label.length; i++) hash = mix(hash ^ label.charCodeAt(i));
    for (let i = 0; i < 4; i++) {
      hash = (hash + 0x9e3779b9) >>> 0;
      this.#state[i] = mix(hash);
    }
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  uint32(): number {
    const s = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  below(bound: number): number {
    // Rejection: a bias of even 2^-20 would show in long swarm runs.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const value = this.uint32();
      if (value < limit) return value % bound;
    }
  }

  fraction(): number {
    return (this.uint32() * 2 ** 21 + (this.uint32() >>> 11)) / 2 ** 53;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.uint32() & 0xff);
  }
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
