/**
 * What has arrived in order and was not read, copied once and handed out as views of the copy. Large pieces go
 * into the host's `Arena`, as allocating memory for each would cost more than copying it; small ones are gathered
 * in blocks of the queue's own. What was handed out is never written again, and an empty queue holds nothing.
 */

/** Memory that the connections of a host fill one after the other; a block lives as long as a view of it. */
export class Arena {
  block = new Uint8Array(0);
  /** The first octet that is not taken. */
  at = 0;

  /** Makes room for `length` octets at `at` of `block`. */
  reserve(length: number): void {
    if (this.at + length <= this.block.length) return;
    this.block = new Uint8Array(Math.max(length, ARENA_BLOCK));
    this.at = 0;
  }
}

interface Piece {
  readonly block: Uint8Array;
  start: number;
  end: number;
  /** How far the block is the queue's own to fill. */
  readonly limit: number;
}

export class ReceiveQueue {
  readonly #arena: Arena;
  readonly #pieces: Piece[] = [];
  #length = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Unread octets. */
  get length(): number {
    return this.#length;
  }

  /** Copies [start, end) of `bytes` to the end. */
  append(bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.end < last.limit) {
      const fitting = Math.min(last.limit - last.end, end - from);
      last.block.set(bytes.subarray(from, from + fitting), last.end);
      last.end += fitting;
      from += fitting;
    }
    this.#length += end - start;
    if (end - from >= LARGE) this.#appendToArena(bytes, from, end);
    else if (end > from) this.#appendToBlock(bytes, from, end);
  }

  /** Appends octets that nobody else holds; long ones are not copied. */
  appendOwned(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length < LARGE) {
      this.append(bytes, 0, length);
      return;
    }
    this.#pieces.push({ block: bytes, start: 0, end: length, limit: length });
    this.#length += length;
  }

  /** The oldest octets, at most `max`; undefined when there are none. Call again for what lies in the next piece. */
  read(max: number): Uint8Array | undefined {
    if (this.#length === 0 || max <= 0) return undefined;
    const piece = this.#pieces[0];
    const { block, start, end } = piece;
    const taken = Math.min(max, end - start);
    this.#length -= taken;
    if (start + taken === end) this.#pieces.shift();
    else piece.start = start + taken;
    return taken === block.length ? block : block.subarray(start, start + taken);
  }

  clear(): void {
    this.#pieces.length = 0;
    this.#length = 0;
  }

  #appendToArena(bytes: Uint8Array, from: number, end: number): void {
    const arena = this.#arena;
    const length = end - from;
    arena.reserve(length);
    const { block, at } = arena;
    block.set(bytes.subarray(from, end), at);
    arena.at = at + length;
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.block === block && last.end === at) last.end = arena.at;
    else this.#pieces.push({ block, start: at, end: arena.at, limit: 0 });
  }

  /** When nobody reads, blocks double: many small segments must not become many small objects. */
  #appendToBlock(bytes: Uint8Array, from: number, end: number): void {
    const size = Math.max(end - from, Math.min(this.#length, BLOCK_MAX));
    const block = new Uint8Array(size);
    block.set(bytes.subarray(from, end));
    this.#pieces.push({ block, start: 0, end: end - from, limit: size });
  }
}

/** A view of one line keeps its block: large enough to spare allocations, small enough for that. */
const ARENA_BLOCK = 16 * 1024;
const BLOCK_MAX = 16 * 1024;
/** From here on a piece is worth an object of its own. */
const LARGE = 512;
