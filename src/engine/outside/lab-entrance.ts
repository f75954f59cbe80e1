/** The entrance to one run: what arrives is recorded there, and nowhere any more when another run has taken its place. */

import type { Run } from "../run/run.ts";
import type { TimeControl } from "../time/time-control.ts";
import type { Arrival } from "./arrival.ts";
import type { Entrance, Outside } from "./outside.ts";

/** The part of an engine that an entrance needs. */
export interface EnteredEngine {
  readonly run: Run;
  readonly time: TimeControl;
  readonly isClosed: boolean;
}

export class LabEntrance implements Entrance {
  readonly #engine: EnteredEngine;
  readonly #run: Run;
  readonly #onArrived: () => void;

  constructor(engine: EnteredEngine, onArrived: () => void) {
    this.#engine = engine;
    this.#run = engine.run;
    this.#onArrived = onArrived;
  }

  /** On the way to a moment that is known already, who came in would make it another one. */
  get isOpen(): boolean {
    const isOnKnownWay = this.#engine.time.isTravelling && this.#run.world.journal.next !== undefined;
    return this.#isThere && !isOnKnownWay;
  }

  newVisit(): number {
    return this.#run.visits.newNumber();
  }

  arrive(arrival: Arrival, outside?: Outside): void {
    if (!this.#isThere) return;
    this.#engine.time.enter(() => this.#run.arrive(arrival, outside));
    this.#onArrived();
  }

  get #isThere(): boolean {
    return this.#engine.run === this.#run && !this.#engine.isClosed;
  }
}
