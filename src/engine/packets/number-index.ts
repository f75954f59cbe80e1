/** Which record has a packet of the world: a table in pages, because the world counts its packets from 0 on. */

export class NumberIndex {
  readonly #pages = new Map<number, { readonly numbers: Uint32Array; used: number }>();

  /** 0: unknown. */
  get(packetId: number): number {
    return this.#pages.get(Math.floor(packetId / PAGE))?.numbers[packetId % PAGE] ?? 0;
  }

  set(packetId: number, number: number): void {
    const key = Math.floor(packetId / PAGE);
    let page = this.#pages.get(key);
    if (page === undefined) {
      page = { numbers: new Uint32Array(PAGE), used: 0 };
      this.#pages.set(key, page);
    }
    if (page.numbers[packetId % PAGE] === 0) page.used++;
    page.numbers[packetId % PAGE] = number;
  }

  /** Forgets the packet if this is still its record. */
  delete(packetId: number, number: number): void {
    const key = Math.floor(packetId / PAGE);
    const page = this.#pages.get(key);
    if (page === undefined || page.numbers[packetId % PAGE] !== number) return;
    page.numbers[packetId % PAGE] = 0;
    page.used--;
    if (page.used === 0) this.#pages.delete(key);
  }
}

/** Small, so that a world with odd numbers costs little; large, so that a million packets are a few hundred pages. */
const PAGE = 4096;
