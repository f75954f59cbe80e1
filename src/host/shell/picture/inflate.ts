/** Decompression of a zlib stream (RFC 1950, RFC 1951) whose length is known beforehand, so that none can be a bomb. */

import { FormatError } from "../../../bytes/index.ts";

/** The `size` octets that were compressed. Throws FormatError when they are fewer or more, or make no sense. */
export function inflateZlib(bytes: Uint8Array, size: number): Uint8Array {
  // RFC 1950 section 2.2: method 8, a window of 32 KiB at most, no dictionary, and a check of the two octets.
  const [method, flags] = bytes;
  if ((method & 15) !== 8 || method >> 4 > 7 || (flags & 32) !== 0 || (method * 256 + flags) % 31 !== 0)
    throw new FormatError("zlib.header", 0, "is none of a compressed stream");
  return new Inflater(bytes, size).run();
}

class Inflater {
  readonly #bytes: Uint8Array;
  readonly #out: Uint8Array;
  #at = 2;
  #bits = 0;
  #bitCount = 0;
  #length = 0;

  constructor(bytes: Uint8Array, size: number) {
    this.#bytes = bytes;
    this.#out = new Uint8Array(size);
  }

  run(): Uint8Array {
    for (let isLast = false; !isLast; ) {
      isLast = this.#take(1) === 1;
      const kind = this.#take(2);
      if (kind === 0) this.#copyStored();
      else if (kind === 1) this.#expand(FIXED_LITERALS, FIXED_DISTANCES);
      else if (kind === 2) this.#expand(...this.#readCodes());
      else throw this.#error("a block is of no known kind");
    }
    if (this.#length !== this.#out.length) throw this.#error("there are fewer octets than announced");
    return this.#out;
  }

  /** RFC 1951 section 3.2.4. */
  #copyStored(): void {
    this.#bits = this.#bitCount = 0;
    const length = this.#take(16);
    if ((this.#take(16) ^ length) !== 0xffff) throw this.#error("a stored block contradicts itself");
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    if (part.length < length) throw this.#error("it ends early");
    if (this.#length + length > this.#out.length) throw this.#error("there are more octets than announced");
    this.#out.set(part, this.#length);
    this.#at += length;
    this.#length += length;
  }

  /** RFC 1951 section 3.2.7: the codes of a block, themselves compressed. */
  #readCodes(): [literals: Code, distances: Code] {
    const literalCount = this.#take(5) + 257;
    const distanceCount = this.#take(5) + 1;
    const orderCount = this.#take(4) + 4;
    const orderLengths = new Uint8Array(19);
    for (let i = 0; i < orderCount; i++) orderLengths[LENGTHS_ORDER[i]] = this.#take(3);
    const code = makeCode(orderLengths);
    const lengths = new Uint8Array(literalCount + distanceCount);
    for (let i = 0; i < lengths.length; ) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw this.#error("the first length repeats none");
      const value = symbol === 16 ? lengths[i - 1] : 0;
      const times =
        symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (i + times > lengths.length) throw this.#error("there are more lengths than announced");
      lengths.fill(value, i, i + times);
      i += times;
    }
    return [makeCode(lengths.subarray(0, literalCount)), makeCode(lengths.subarray(literalCount))];
  }

  /** RFC 1951 section 3.2.5: literals, and copies of what was before. */
  #expand(literals: Code, distances: Code): void {
    const out = this.#out;
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol === END_OF_BLOCK) return;
      if (symbol < END_OF_BLOCK) {
        if (this.#length === out.length) throw this.#error("there are more octets than announced");
        out[this.#length++] = symbol;
        continue;
      }
      const [lengthBase, lengthBits] = LENGTHS[symbol - 257] ?? [];
      if (lengthBase === undefined) throw this.#error("a length has no known code");
      const length = lengthBase + this.#take(lengthBits);
      const [distanceBase, distanceBits] = DISTANCES[this.#symbol(distances)] ?? [];
      if (distanceBase === undefined) throw this.#error("a distance has no known code");
      const from = this.#length - distanceBase - this.#take(distanceBits);
      if (from < 0) throw this.#error("a copy is of what stands before the beginning");
      if (this.#length + length > out.length) throw this.#error("there are more octets than announced");
      for (let i = 0; i < length; i++) out[this.#length + i] = out[from + i];
      this.#length += length;
    }
  }

  #symbol({ table, bits }: Code): number {
    while (this.#bitCount < bits && this.#at < this.#bytes.length) this.#fill();
    const entry = table[this.#bits & ((1 << bits) - 1)];
    const length = entry & 15;
    if (length === 0 || length > this.#bitCount) throw this.#error("a code is unknown, or cut off");
    this.#bits >>>= length;
    this.#bitCount -= length;
    return entry >> 4;
  }

  #take(count: number): number {
    while (this.#bitCount < count) {
      if (this.#at >= this.#bytes.length) throw this.#error("it ends early");
      this.#fill();
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#bitCount -= count;
    return value;
  }

  /** Eight bits more; never over 24 and 8. */
  #fill(): void {
    this.#bits |= this.#bytes[this.#at++] << this.#bitCount;
    this.#bitCount += 8;
  }

  #error(problem: string): FormatError {
    return new FormatError("zlib.data", this.#at, problem);
  }
}

/** A symbol and its length (the low four bits) for each `bits` bits that may come. */
interface Code {
  readonly table: Uint16Array;
  readonly bits: number;
}

/** RFC 1951 section 3.2.2: the canonical code with these lengths; what no code begins with stays 0. */
function makeCode(lengths: Uint8Array): Code {
  const bits = Math.max(1, ...lengths);
  const counts = new Uint16Array(bits + 1);
  for (const length of lengths) if (length > 0) counts[length]++;
  const next = new Uint16Array(bits + 2);
  for (let length = 1; length <= bits; length++) next[length + 1] = (next[length] + counts[length]) << 1;
  const table = new Uint16Array(1 << bits);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const code = next[length]++;
    if (code >= 1 << length) throw new FormatError("zlib.code", 0, "has more symbols than fit");
    for (let at = reversed(code, length); at < table.length; at += 1 << length)
      table[at] = (symbol << 4) | length;
  }
  return { table, bits };
}

/** Codes stand in the stream with their first bit lowest. */
function reversed(code: number, length: number): number {
  let result = 0;
  for (let i = 0; i < length; i++) result |= ((code >> i) & 1) << (length - 1 - i);
  return result;
}

/** Bases with the number of bits that follow: `step` of each number from `first` on. */
function ranges(first: number, step: number, count: number): [base: number, bits: number][] {
  let base = first;
  return Array.from({ length: count }, (_, i) => {
    const bits = Math.max(0, Math.floor(i / step) - 1);
    const range: [number, number] = [base, bits];
    base += 1 << bits;
    return range;
  });
}

const END_OF_BLOCK = 256;
const LENGTHS_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** The longest has a code of its own. */
const LENGTHS: readonly [number, number][] = [...ranges(3, 4, 28), [258, 0]];
const DISTANCES: readonly [number, number][] = ranges(1, 2, 30);
/** RFC 1951 section 3.2.6. */
const FIXED_LITERALS = makeCode(
  Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = makeCode(new Uint8Array(30).fill(5));
