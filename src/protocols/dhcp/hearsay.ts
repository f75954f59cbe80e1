/** What a server hears beside its work: who asked in vain, and which other servers clients choose. Bounded. */

import type { OtherServer, Refusal } from "./server-types.ts";

interface Who {
  readonly hardwareAddress: string;
  readonly hostName: string;
}

export class HearsayTable {
  readonly #refusals = new Map<string, Refusal>();
  readonly #others = new Map<string, OtherServer>();

  /** Newest last. */
  get refusals(): readonly Refusal[] {
    return [...this.#refusals.values()];
  }

  get others(): readonly OtherServer[] {
    return [...this.#others.values()];
  }

  /** Returns whether that is news: not what was said of it the last time. */
  refused(nowNs: number, { hardwareAddress, hostName }: Who, reason: string): boolean {
    const before = this.#refusals.get(hardwareAddress);
    const isSame = before?.reason === reason;
    const count = isSame ? before.count + 1 : 1;
    put(this.#refusals, hardwareAddress, { hardwareAddress, hostName, reason, count, atNs: nowNs });
    return !isSame;
  }

  /** It got an address after all. */
  forgetRefusal(hardwareAddress: string): void {
    this.#refusals.delete(hardwareAddress);
  }

  /** A client chose another server. Returns whether that server was not known before. */
  chose(nowNs: number, serverIdentifier: string, { hardwareAddress, hostName }: Who): boolean {
    const before = this.#others.get(serverIdentifier);
    const count = (before?.count ?? 0) + 1;
    put(this.#others, serverIdentifier, { serverIdentifier, count, hardwareAddress, hostName, atNs: nowNs });
    return before === undefined;
  }
}

function put<T>(table: Map<string, T>, key: string, value: T): void {
  table.delete(key);
  for (const oldest of table.keys()) {
    if (table.size < ROWS_MAX) break;
    table.delete(oldest);
  }
  table.set(key, value);
}

/** As many as a person looks through; whoever forges addresses pushes only others like himself out. */
const ROWS_MAX = 64;
