/**
 * What the application has given and the peer has not acknowledged: a ring that grows to its capacity on demand
 * and is given back when it is empty, so that an idle connection costs nothing. Octets are copied in once and
 * copied out once for each time they are sent.
 */

export class SendBuffer {
  readonly capacity: number;
  #ring = EMPTY;
  #head = 0;
  #length = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get length(): number {
    return this.#length;
  }

  get free(): number {
    return this.capacity - this.#length;
  }

  /** Takes as many octets as there is room for and says how many. */
  append(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.free);
    if (taken === 0) return 0;
    if (this.#length + taken > this.#ring.length) this.#grow(this.#length + taken);
    const ring = this.#ring;
    const at = (this.#head + this.#length) & (ring.length - 1);
    const first = Math.min(taken, ring.length - at);
    copy(bytes, 0, first, ring, at);
    if (first < taken) copy(bytes, first, taken, ring, 0);
    this.#length += taken;
    return taken;
  }

  /** Copies the `length` octets that begin `offset` after the oldest one to `target` at `at`. */
  copyTo(offset: number, length: number, target: Uint8Array, at: number): void {
    if (offset < 0 || offset + length > this.#length)
      throw new RangeError(`[${offset}, ${offset + length}) of ${this.#length} octets`);
    const ring = this.#ring;
    const from = (this.#head + offset) & (ring.length - 1);
    const first = Math.min(length, ring.length - from);
    copy(ring, from, from + first, target, at);
    if (first < length) copy(ring, 0, length - first, target, at + first);
  }

  /** Forgets the oldest `count` octets. */
  drop(count: number): void {
    if (count > this.#length) throw new RangeError(`${count} of ${this.#length} octets`);
    this.#length -= count;
    if (this.#length > 0) {
      this.#head = (this.#head + count) & (this.#ring.length - 1);
      return;
    }
    this.#head = 0;
    if (this.#ring.length > KEPT_MAX) this.#ring = EMPTY;
  }

  #grow(needed: number): void {
    let size = Math.max(this.#ring.length, KEPT_MAX);
    while (size < needed) size *= 2;
    const ring = new Uint8Array(size);
    this.copyTo(0, this.#length, ring, 0);
    this.#ring = ring;
    this.#head = 0;
  }
}

function copy(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  if (end - start > LOOP_MAX) target.set(source.subarray(start, end), at);
  else for (let i = start, to = at; i < end; i++, to++) target[to] = source[i];
}

const EMPTY = new Uint8Array(0);
/** A ring of this size survives emptiness: a dialogue of short lines need not allocate for each. */
const KEPT_MAX = 512;
/** Up to here a loop is faster than making a view. */
const LOOP_MAX = 32;
