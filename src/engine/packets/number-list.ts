/** The numbers of packets in ascending order: what a filter has let through. Grows at the end, shrinks at the front. */

export class NumberList {
  #numbers = new Uint32Array(1024);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  at(index: number): number | undefined {
    return index >= 0 && index < this.length ? this.#numbers[this.#start + index] : undefined;
  }

  /** It must be larger than all others. */
  append(number: number): void {
    if (this.#end === this.#numbers.length) this.#makeRoom();
    this.#numbers[this.#end++] = number;
  }

  clear(): void {
    this.#start = this.#end = 0;
  }

  /** Forgets all that are smaller; returns how many. */
  forgetBelow(number: number): number {
    const count = this.indexFrom(number);
    this.#start += count;
    return count;
  }

  /** The index of `number`, or of the next larger one; the length when there is none. */
  indexFrom(number: number): number {
    let low = this.#start;
    for (let high = this.#end; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.#numbers[middle] < number) low = middle + 1;
      else high = middle;
    }
    return low - this.#start;
  }

  has(number: number): boolean {
    return this.at(this.indexFrom(number)) === number;
  }

  insert(number: number): void {
    if (this.has(number)) return;
    const index = this.indexFrom(number);
    if (this.#end === this.#numbers.length) this.#makeRoom();
    const place = this.#start + index;
    this.#numbers.copyWithin(place + 1, place, this.#end++);
    this.#numbers[place] = number;
  }

  remove(number: number): void {
    if (!this.has(number)) return;
    const place = this.#start + this.indexFrom(number);
    this.#numbers.copyWithin(place, place + 1, this.#end--);
  }

  #makeRoom(): void {
    const used = this.#numbers.subarray(this.#start, this.#end);
    const isHalfFree = this.#start > this.#numbers.length / 2;
    const larger = isHalfFree ? this.#numbers : new Uint32Array(this.#numbers.length * 2);
    larger.set(used);
    this.#numbers = larger;
    this.#end -= this.#start;
    this.#start = 0;
  }
}
