/**
 * What has arrived in order and was not read: blocks that are filled one after the other and handed out as views,
 * so that each octet is copied once. What was handed out is never written again. Empty, it costs nothing.
 */

export class ReceiveQueue {
  /** All blocks but the last are full; [#start, ...) of the first is unread, [0, #end) of the last is filled. */
  readonly #blocks: Uint8Array[] = [];
  #start = 0;
  #end = 0;
  #length = 0;

  /** Unread octets. */
  get length(): number {
    return this.#length;
  }

  /** Copies [start, end) of `bytes` to the end. */
  append(bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    if (this.#blocks.length > 0) {
      const last = this.#blocks[this.#blocks.length - 1];
      const fitting = Math.min(last.length - this.#end, end - from);
      if (fitting > 0) {
        last.set(bytes.subarray(from, from + fitting), this.#end);
        this.#end += fitting;
        from += fitting;
      }
    }
    const rest = end - from;
    if (rest > 0) {
      // When nobody reads, blocks double: many small segments must not become many small objects.
      const size = Math.max(rest, Math.min(this.#length, BLOCK_MAX));
      let block: Uint8Array;
      if (size === rest) block = bytes.slice(from, end);
      else {
        block = new Uint8Array(size);
        block.set(bytes.subarray(from, end));
      }
      this.#blocks.push(block);
      this.#end = rest;
    }
    this.#length += end - start;
  }

  /** Appends octets that nobody else holds; long ones are not copied. */
  appendOwned(bytes: Uint8Array): void {
    if (bytes.length < OWNED_MIN) {
      this.append(bytes, 0, bytes.length);
      return;
    }
    const count = this.#blocks.length;
    if (count > 0 && this.#end < this.#blocks[count - 1].length)
      this.#blocks[count - 1] = this.#blocks[count - 1].subarray(0, this.#end);
    this.#blocks.push(bytes);
    this.#end = bytes.length;
    this.#length += bytes.length;
  }

  /** The oldest octets, at most `max`; undefined when there are none. Call again for what lies in the next block. */
  read(max: number): Uint8Array | undefined {
    if (this.#length === 0 || max <= 0) return undefined;
    const block = this.#blocks[0];
    const end = this.#blocks.length === 1 ? this.#end : block.length;
    const start = this.#start;
    const taken = Math.min(max, end - start);
    this.#length -= taken;
    if (start + taken === end) {
      this.#blocks.shift();
      this.#start = 0;
    } else this.#start = start + taken;
    return taken === block.length ? block : block.subarray(start, start + taken);
  }

  clear(): void {
    this.#blocks.length = 0;
    this.#start = 0;
    this.#end = 0;
    this.#length = 0;
  }
}

/** Blocks grow up to this: a view that is kept for long keeps its block. */
const BLOCK_MAX = 64 * 1024;
/** Shorter pieces are copied together. */
const OWNED_MIN = 512;
