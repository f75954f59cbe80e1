/** Messages that a page was sent and has not read yet: a page that cannot keep up is told less, not later. */

export class ReadCount {
  #sent = 0;
  #read = 0;

  sent(): void {
    this.#sent += 1;
  }

  /** What the page says: how many it has read by now. */
  read(total: number): void {
    this.#read = total;
  }

  get isBehind(): boolean {
    return this.#sent - this.#read > MAX_UNREAD;
  }
}

/** A second's worth of events. */
const MAX_UNREAD = 64;
