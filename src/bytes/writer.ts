/** Writes big-endian fields into a growing buffer. */
export class Writer {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Octets written so far: the offset of the next field. */
  get length(): number {
    return this.#length;
  }

  uint8(value: number): this {
    const at = this.#grow(1);
    this.#bytes[at] = value;
    return this;
  }

  uint16(value: number): this {
    const at = this.#grow(2);
    this.#bytes[at] = value >> 8;
    this.#bytes[at + 1] = value;
    return this;
  }

  uint32(value: number): this {
    const at = this.#grow(4);
    this.#bytes[at] = value >>> 24;
    this.#bytes[at + 1] = value >>> 16;
    this.#bytes[at + 2] = value >>> 8;
    this.#bytes[at + 3] = value;
    return this;
  }

  append(bytes: Uint8Array): this {
    // First the room: growing replaces the buffer.
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** Overwrites a 16-bit field written before, e.g. a length that is known only now. */
  setUint16(offset: number, value: number): this {
    if (offset < 0 || offset + 2 > this.#length) throw new RangeError(`octet ${offset} is not written yet`);
    this.#bytes[offset] = value >> 8;
    this.#bytes[offset + 1] = value;
    return this;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(by: number): number {
    const at = this.#length;
    const needed = at + by;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    this.#length = needed;
    return at;
  }
}
