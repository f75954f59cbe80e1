/** The socket calls of a world with their places in the order of all events: for sequence diagrams. Bounded. */

import type { CallTap, JournalCall, SocketCall } from "../../sim/capture/index.ts";

export class CallLog implements CallTap {
  readonly #calls = new Map<number, JournalCall>();
  readonly #nextOrder: () => number;
  /** Goes on where it is: to begin anew each time would pass by all that was deleted before. */
  readonly #oldest = this.#calls.keys();

  /** `nextOrder` gives the next place in the order that packets share. */
  constructor(nextOrder: () => number) {
    this.#nextOrder = nextOrder;
  }

  handleCall(call: SocketCall): void {
    const order = this.#nextOrder();
    const begun = this.#calls.get(call.id);
    const isReturn = call.endNs !== undefined;
    const startOrder = isReturn && begun !== undefined ? begun.startOrder : order;
    // A known call keeps its place in the map, so that the map stays in the order of beginnings.
    this.#calls.set(call.id, { ...call, startOrder, endOrder: isReturn ? order : undefined });
    if (this.#calls.size > CALLS_MAX) this.#calls.delete(this.#oldest.next().value as number);
  }

  /** The calls on these hosts, in the order in which they began. */
  on(hostNames: ReadonlySet<string>): JournalCall[] {
    const calls: JournalCall[] = [];
    for (const call of this.#calls.values()) if (hostNames.has(call.hostName)) calls.push(call);
    return calls;
  }
}

/** Far more than a diagram can show: some tens of megabytes. */
const CALLS_MAX = 200_000;
