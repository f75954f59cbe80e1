/** A set of sequence numbers as disjoint ranges [start, end) in ascending order, all within half the number space. */

import { earlier, isAfter, isBefore, later } from "./sequence.ts";

export class SequenceRanges {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  get count(): number {
    return this.#starts.length;
  }

  start(index: number): number {
    return this.#starts[index];
  }

  end(index: number): number {
    return this.#ends[index];
  }

  /** Adds [start, end), which must not be empty. Touching ranges become one. */
  add(start: number, end: number): void {
    const starts = this.#starts;
    const ends = this.#ends;
    // Most ranges are added at the end, so the search begins there.
    let first = starts.length;
    while (first > 0 && !isBefore(ends[first - 1], start)) first--;
    let after = first;
    while (after < starts.length && !isAfter(starts[after], end)) after++;
    if (first === after) {
      starts.splice(first, 0, start);
      ends.splice(first, 0, end);
      return;
    }
    starts[first] = earlier(starts[first], start);
    ends[first] = later(ends[after - 1], end);
    if (after - first > 1) {
      starts.splice(first + 1, after - first - 1);
      ends.splice(first + 1, after - first - 1);
    }
  }

  /** Removes every number before `sequence`. */
  removeBefore(sequence: number): void {
    let gone = 0;
    while (gone < this.#ends.length && !isAfter(this.#ends[gone], sequence)) gone++;
    if (gone > 0) {
      this.#starts.splice(0, gone);
      this.#ends.splice(0, gone);
    }
    if (this.#starts.length > 0) this.#starts[0] = later(this.#starts[0], sequence);
  }

  /** The index of the range that contains `sequence`, or -1. */
  indexOf(sequence: number): number {
    for (let i = this.#starts.length - 1; i >= 0; i--) {
      if (!isAfter(this.#starts[i], sequence)) return isBefore(sequence, this.#ends[i]) ? i : -1;
    }
    return -1;
  }

  clear(): void {
    this.#starts.length = 0;
    this.#ends.length = 0;
  }
}
