/**
 * The socket calls of a world with their places in the order of all events, for sequence diagrams: a ring, because
 * there are more calls than packets. What must stay true: memory is bounded, noting a call costs next to nothing.
 */

import type { CallTap, JournalCall, SocketCall } from "../../sim/capture/index.ts";

export class CallLog implements CallTap {
  readonly #calls: SocketCall[] = [];
  readonly #startOrders: number[] = [];
  /** WAITING until it returns. */
  readonly #endOrders: number[] = [];
  /** Where those are that have begun and not returned. */
  readonly #waiting = new Map<number, number>();
  readonly #nextOrder: () => number;
  #count = 0;

  /** `nextOrder` gives the next place in the order that packets share. */
  constructor(nextOrder: () => number) {
    this.#nextOrder = nextOrder;
  }

  handleCall(call: SocketCall): void {
    const order = this.#nextOrder();
    const isReturn = call.endNs !== undefined;
    const begun = this.#waiting.get(call.id);
    if (begun !== undefined) {
      this.#calls[begun] = call;
      if (isReturn) this.#endOrders[begun] = order;
      if (isReturn) this.#waiting.delete(call.id);
      return;
    }
    const slot = this.#count++ % CALLS_MAX;
    if (this.#count > CALLS_MAX) this.#waiting.delete(this.#calls[slot].id);
    this.#calls[slot] = call;
    this.#startOrders[slot] = order;
    this.#endOrders[slot] = isReturn ? order : WAITING;
    if (!isReturn) this.#waiting.set(call.id, slot);
  }

  /** The calls on these hosts, in the order in which they began. */
  on(hostNames: ReadonlySet<string>): JournalCall[] {
    const found: JournalCall[] = [];
    const first = Math.max(0, this.#count - CALLS_MAX);
    for (let index = first; index < this.#count; index++) {
      const slot = index % CALLS_MAX;
      const call = this.#calls[slot];
      if (!hostNames.has(call.hostName)) continue;
      const endOrder = this.#endOrders[slot] === WAITING ? undefined : this.#endOrders[slot];
      found.push({ ...call, startOrder: this.#startOrders[slot], endOrder });
    }
    return found;
  }
}

/** No place in the order. */
const WAITING = -1;
/** Far more than a diagram can show: some tens of megabytes. */
const CALLS_MAX = 200_000;
