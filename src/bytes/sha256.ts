/** SHA-256 (FIPS 180-4), to recognise contents. For secrets use the platform's cryptography. */

/** The 32 octets of the digest of several pieces, as if they were one. */
export function sha256(...pieces: readonly Uint8Array[]): Uint8Array {
  const hash = new Sha256();
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

/** The digest of what comes piece by piece. */
export class Sha256 {
  readonly #state = Int32Array.from(INITIAL);
  /** What is left of the pieces before, less than a block. */
  readonly #block = new Uint8Array(BLOCK);
  #filled = 0;
  #length = 0;

  update(piece: Uint8Array): this {
    this.#length += piece.length;
    let at = 0;
    if (this.#filled > 0) {
      const part = piece.subarray(0, BLOCK - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at = part.length;
      if (this.#filled < BLOCK) return this;
      compress(this.#state, this.#block, 0);
    }
    // Whole blocks stay where they are.
    for (; at + BLOCK <= piece.length; at += BLOCK) compress(this.#state, piece, at);
    this.#block.set(piece.subarray(at));
    this.#filled = piece.length - at;
    return this;
  }

  /** The 32 octets; nothing can be added afterwards. */
  digest(): Uint8Array {
    const block = this.#block;
    block[this.#filled++] = 0x80;
    if (this.#filled > LENGTH_AT) {
      block.fill(0, this.#filled);
      compress(this.#state, block, 0);
      this.#filled = 0;
    }
    block.fill(0, this.#filled);
    const view = new DataView(block.buffer);
    view.setUint32(LENGTH_AT, Math.floor(this.#length / 2 ** 29));
    view.setUint32(LENGTH_AT + 4, (this.#length * 8) % 2 ** 32);
    compress(this.#state, block, 0);
    const digest = new DataView(new ArrayBuffer(32));
    for (const [i, word] of this.#state.entries()) digest.setInt32(4 * i, word);
    return new Uint8Array(digest.buffer);
  }
}

/** Every sum is cut to 32 bits at once: engines then stay with whole numbers. */
function compress(state: Int32Array, bytes: Uint8Array, start: number): void {
  for (let i = 0, at = start; i < 16; i++, at += 4) {
    schedule[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const w15 = schedule[i - 15];
    const w2 = schedule[i - 2];
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    schedule[i] = (((schedule[i - 16] + s0) | 0) + ((schedule[i - 7] + s1) | 0)) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const chosen = ((e & f) ^ (~e & g)) + ((ROUND[i] + schedule[i]) | 0);
    const t1 = (((h + s1) | 0) + chosen) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits of the fractional parts of a root of each of the first primes: where the constants come from. */
function fractions(count: number, root: (prime: number) => number): number[] {
  const words: number[] = [];
  for (let n = 2; words.length < count; n++) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) prime = false;
    if (prime) words.push(Math.floor((root(n) % 1) * 2 ** 32) >>> 0);
  }
  return words;
}

const INITIAL = fractions(8, Math.sqrt).map((word) => word | 0);
const ROUND = Int32Array.from(fractions(64, Math.cbrt), (word) => word | 0);
const schedule = new Int32Array(64);
/** Octets. */
const BLOCK = 64;
/** Where the last block says how many bits there were. */
const LENGTH_AT = 56;
