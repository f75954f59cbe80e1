/**
 * The one schedule of a simulated world: what happens when, in integer nanoseconds of virtual time, ties in the
 * order in which they were scheduled. A 4-ary heap; cancelling marks an event, which is skipped when its time comes.
 */

export type Action = () => void;

/** A scheduled action; keep it to cancel it. */
export class ScheduledEvent {
  readonly timeNs: number;
  /** The order of scheduling: breaks ties, so that every run is the same. */
  readonly sequence: number;
  /** Undefined once it was cancelled or has run. */
  action: Action | undefined;

  constructor(timeNs: number, sequence: number, action: Action) {
    this.timeNs = timeNs;
    this.sequence = sequence;
    this.action = action;
  }
}

export class Schedule {
  #nowNs = 0;
  #sequence = 0;
  #executed = 0;
  #cancelled = 0;
  readonly #heap: ScheduledEvent[] = [];

  /** Virtual time. */
  get nowNs(): number {
    return this.#nowNs;
  }

  /** Events run so far: the number to go back to by re-execution. */
  get executed(): number {
    return this.#executed;
  }

  /** Events that are still to come. */
  get pending(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** When the next event comes, undefined when none does. */
  get nextAtNs(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.timeNs;
  }

  /** Runs `action` at `timeNs` (now at the earliest). */
  at(timeNs: number, action: Action): ScheduledEvent {
    const event = new ScheduledEvent(Math.max(timeNs, this.#nowNs), this.#sequence++, action);
    this.#siftUp(event);
    return event;
  }

  /** Runs `action` `delayNs` from now. */
  after(delayNs: number, action: Action): ScheduledEvent {
    return this.at(this.#nowNs + delayNs, action);
  }

  cancel(event: ScheduledEvent): void {
    if (event.action === undefined) return;
    event.action = undefined;
    this.#cancelled++;
    // Timers that are re-armed for ever must not fill the heap with the dead.
    if (this.#cancelled > CANCELLED_MAX && this.#cancelled > this.#heap.length / 2) this.#compact();
  }

  /** Runs the next event; false when there is none. */
  step(): boolean {
    this.#dropCancelled();
    const event = this.#heap[0];
    if (event === undefined) return false;
    this.#removeFirst();
    this.#nowNs = event.timeNs;
    this.#executed++;
    const action = event.action as Action;
    event.action = undefined;
    action();
    return true;
  }

  /** Moves the clock forward to `timeNs`, over a time in which nothing is scheduled. */
  advanceTo(timeNs: number): void {
    const next = this.nextAtNs;
    if (next !== undefined && next < timeNs)
      throw new RangeError(`an event at ${next} ns comes before ${timeNs} ns`);
    this.#nowNs = Math.max(this.#nowNs, timeNs);
  }

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0].action === undefined) {
      this.#removeFirst();
      this.#cancelled--;
    }
  }

  #compact(): void {
    const live = this.#heap.filter((event) => event.action !== undefined);
    this.#heap.length = 0;
    this.#cancelled = 0;
    for (const event of live) this.#siftUp(event);
  }

  #siftUp(event: ScheduledEvent): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (!isBefore(event, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = event;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const event = heap.pop() as ScheduledEvent;
    const length = heap.length;
    if (length === 0) return;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= length) break;
      let least = first;
      for (let child = first + 1; child < Math.min(first + 4, length); child++) {
        if (isBefore(heap[child], heap[least])) least = child;
      }
      if (!isBefore(heap[least], event)) break;
      heap[at] = heap[least];
      at = least;
    }
    heap[at] = event;
  }
}

function isBefore(a: ScheduledEvent, b: ScheduledEvent): boolean {
  return a.timeNs < b.timeNs || (a.timeNs === b.timeNs && a.sequence < b.sequence);
}

/** Cancelled events that may always stay in the heap. */
const CANCELLED_MAX = 1024;
