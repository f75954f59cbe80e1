/**
 * Strings that occur again and again, as small numbers: the columns of a million packets hold these. 0 is "none".
 * Bounded: when it is full, new strings all become one that says so.
 */

export class Vocabulary<T = string> {
  readonly #max: number;
  readonly #overflow: T;
  readonly #ids = new Map<string, number>();
  readonly #values: T[] = [];

  /** At most `max` different ones, the last of which stands for all that did not fit. */
  constructor(max: number, overflow: T) {
    this.#max = max;
    this.#overflow = overflow;
  }

  get size(): number {
    return this.#values.length;
  }

  idOf(key: string, value: T): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#values.length === this.#max) return this.#max;
    this.#values.push(this.#values.length === this.#max - 1 ? this.#overflow : value);
    const id = this.#values.length;
    if (id < this.#max) this.#ids.set(key, id);
    return id;
  }

  /** Undefined for 0. */
  at(id: number): T | undefined {
    return this.#values[id - 1];
  }
}
