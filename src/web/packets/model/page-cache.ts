/**
 * Rows of a long list, fetched in pages: what is wanted now first, a little ahead, and no more kept than the bound.
 * A page that may have changed is asked again while the old one is still shown, so nothing flickers.
 */

export type FetchRows<Row> = (from: number, count: number) => Promise<readonly Row[]>;

interface Page<Row> {
  rows: readonly Row[];
  /** The revision of the list when it was asked for. */
  revision: number;
  fetchedAt: number;
  usedAt: number;
}

export interface PageCacheOptions<Row> {
  readonly fetch: FetchRows<Row>;
  /** Rows came, or other ones. */
  readonly onChange: () => void;
  readonly nowMs: () => number;
  readonly pageSize?: number;
  readonly pagesMax?: number;
}

export class PageCache<Row> {
  readonly pageSize: number;
  /** The first of the rows that were looked at last. */
  wantedFrom = 0;
  readonly #options: PageCacheOptions<Row>;
  readonly #pagesMax: number;
  readonly #pages = new Map<number, Page<Row>>();
  readonly #asked = new Set<number>();
  #fetch: FetchRows<Row>;
  #queue: number[] = [];
  #total = 0;
  #revision = 0;
  #epoch = 0;
  #uses = 0;

  constructor(options: PageCacheOptions<Row>) {
    this.#options = options;
    this.#fetch = options.fetch;
    this.pageSize = options.pageSize ?? PAGE_SIZE;
    this.#pagesMax = options.pagesMax ?? PAGES_MAX;
  }

  get pageCount(): number {
    return this.#pages.size;
  }

  /** Undefined while it is not here. */
  row(index: number): Row | undefined {
    const page = this.#pages.get(Math.floor(index / this.pageSize));
    if (page === undefined) return undefined;
    page.usedAt = ++this.#uses;
    return page.rows[index % this.pageSize];
  }

  /** Another list: all that is known is void, answers under way included. `first`: rows that came along with it. */
  reset(fetch: FetchRows<Row>, total: number, first?: { from: number; rows: readonly Row[] }): void {
    this.#fetch = fetch;
    this.#total = total;
    this.#epoch++;
    this.#pages.clear();
    this.#asked.clear();
    this.#queue = [];
    if (first !== undefined && first.from % this.pageSize === 0) {
      this.#keep(first.from / this.pageSize, first.rows, this.#revision);
    }
  }

  /** The list has changed: it is so long now, and rows that are here may be others. */
  changed(total: number): void {
    this.#total = total;
    this.#revision++;
  }

  /** These rows are looked at: [from, to), moving forwards or backwards. What nobody looks at any more is not asked. */
  want(from: number, to: number, forwards = true): void {
    this.wantedFrom = from;
    const last = Math.ceil(this.#total / this.pageSize) - 1;
    const [first, end] = [
      Math.floor(from / this.pageSize),
      Math.floor(Math.max(from, to - 1) / this.pageSize),
    ];
    const pages: number[] = [];
    for (let page = first; page <= end; page++) pages.push(page);
    pages.push(...(forwards ? [end + 1, first - 1] : [first - 1, end + 1]));
    this.#queue = pages.filter((page) => page >= 0 && page <= last && this.#needs(page));
    this.#pump();
  }

  /** Resolves when the rows [from, to) are here, or cannot be had. */
  async load(from: number, to: number): Promise<void> {
    const pages: Promise<void>[] = [];
    for (let page = Math.floor(from / this.pageSize); page * this.pageSize < to; page++) {
      if (this.#needs(page)) pages.push(this.#ask(page));
    }
    await Promise.all(pages);
  }

  #needs(number: number): boolean {
    if (this.#asked.has(number)) return false;
    const page = this.#pages.get(number);
    if (page === undefined) return true;
    if (page.rows.length < Math.min(this.pageSize, this.#total - number * this.pageSize)) return true;
    if (page.revision === this.#revision) return false;
    return this.#options.nowMs() - page.fetchedAt >= STALE_MS;
  }

  #pump(): void {
    while (this.#asked.size < REQUESTS_MAX && this.#queue.length > 0)
      this.#ask(this.#queue.shift() as number);
  }

  async #ask(number: number): Promise<void> {
    const [epoch, revision] = [this.#epoch, this.#revision];
    this.#asked.add(number);
    try {
      const rows = await this.#fetch(number * this.pageSize, this.pageSize);
      if (epoch !== this.#epoch) return;
      this.#asked.delete(number);
      this.#keep(number, rows, revision);
      this.#options.onChange();
    } catch {
      // The connection went, or the view was closed: whoever still looks asks again.
      if (epoch === this.#epoch) this.#asked.delete(number);
      return;
    }
    this.#pump();
  }

  #keep(number: number, rows: readonly Row[], revision: number): void {
    const fetchedAt = this.#options.nowMs();
    this.#pages.set(number, { rows, revision, fetchedAt, usedAt: ++this.#uses });
    while (this.#pages.size > this.#pagesMax) {
      let oldest: [number, Page<Row>] | undefined;
      for (const entry of this.#pages)
        if (oldest === undefined || entry[1].usedAt < oldest[1].usedAt) oldest = entry;
      this.#pages.delete((oldest as [number, Page<Row>])[0]);
    }
  }
}

/** Several screens; some 60 kB of JSON. */
const PAGE_SIZE = 200;
/** 12,800 rows: far more than anybody scrolls to and fro, some 10 MB. */
const PAGES_MAX = 64;
/** So that an answer nobody needs any more does not keep the wanted one waiting for long. */
const REQUESTS_MAX = 3;
/** A visible page is not asked again more often. */
const STALE_MS = 700;
