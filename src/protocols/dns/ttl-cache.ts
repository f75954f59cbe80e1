/** A bounded table whose entries end by themselves; the least recently used one makes room. */

export class TtlCache<V> {
  readonly #entries = new Map<string, { value: V; untilNs: number }>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string, nowNs: number): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.untilNs <= nowNs) return undefined;
    // The order of a Map is that of insertion: the first is the one not used for longest.
    this.#entries.set(key, entry);
    return entry.value;
  }

  put(key: string, value: V, nowNs: number, ttlSeconds: number): void {
    this.#entries.delete(key);
    if (ttlSeconds <= 0) return;
    this.#entries.set(key, { value, untilNs: nowNs + ttlSeconds * 1e9 });
    if (this.#entries.size <= this.#max) return;
    const [oldest] = this.#entries.keys();
    this.#entries.delete(oldest);
  }

  /** What is valid at that time, the one not used for longest first; looking changes nothing. */
  list(nowNs: number): { key: string; value: V; untilNs: number }[] {
    return [...this.#entries]
      .filter(([, { untilNs }]) => untilNs > nowNs)
      .map(([key, { value, untilNs }]) => ({ key, value, untilNs }));
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
