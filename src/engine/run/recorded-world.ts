/**
 * A world whose inputs are recorded: whatever a console changes, and whatever comes from a program of the machine, is an
 * entry of the journal with the step and the instant at which it was done. A second world that is given the journal does
 * the same at the same places, so the past can be executed again, changed, and run on. Read first: journal.ts.
 *
 * What must stay true: nobody steps the world beside this class, and nothing touches it from outside but `record` and
 * `recordFarewell`, which are never called from inside a step.
 */

import type { TimedWorld, World } from "../../sim/index.ts";
import type { Arrival } from "../outside/arrival.ts";
import type { Deed, Input, Journal, Place } from "./journal.ts";

export class RecordedWorld implements TimedWorld {
  readonly world: World;
  readonly journal: Journal;
  /** Steps of the world so far: events and turns of tasks. */
  steps = 0;
  readonly #perform: (input: Input) => void;

  constructor(world: World, journal: Journal, perform: (input: Input) => void) {
    this.world = world;
    this.journal = journal;
    this.#perform = perform;
  }

  get nowNs(): number {
    return this.world.nowNs;
  }

  get nextAtNs(): number | undefined {
    const next = this.world.nextAtNs;
    const input = this.journal.next;
    if (input === undefined) return next;
    return Math.max(this.nowNs, next === undefined ? input.timeNs : Math.min(next, input.timeNs));
  }

  /** The next thing that happens: an input that the journal knows, else an event. */
  step(): boolean {
    const input = this.journal.next;
    if (input !== undefined && this.#isDue(input)) {
      this.#moveTo(input.timeNs);
      this.journal.advance();
      this.#perform(input);
      this.world.runReady();
      return true;
    }
    if (!this.world.step()) return false;
    this.steps++;
    return true;
  }

  runUntil(timeNs: number): void {
    for (let next = this.nextAtNs; next !== undefined && next <= timeNs; next = this.nextAtNs) this.step();
    if (timeNs > this.nowNs) this.world.schedule.advanceTo(timeNs);
  }

  /** Where something is that is done now. */
  get place(): Place {
    return { steps: this.steps, timeNs: this.nowNs };
  }

  /**
   * Something is done to the world now; what a task can do at once it does, also where time stands still. A future that
   * was known is not the future any more. When `perform` throws nothing has been done, and nothing is recorded.
   */
  record<Result>(deed: Deed, perform: () => Result): Result {
    const result = perform();
    this.journal.append({ ...this.place, ...deed });
    this.world.runReady();
    return result;
  }

  /** A visit from outside ends here. It is always kept: what is full must not leave a ghost behind. */
  recordFarewell(arrival: Arrival, perform: () => void): void {
    perform();
    this.journal.appendFarewell({ ...this.place, arrival });
    this.world.runReady();
  }

  /** At its instant the count of steps says whether it came before or after the events of that instant. */
  #isDue(input: Input): boolean {
    const next = this.world.nextAtNs;
    if (next === undefined || next > input.timeNs) return true;
    return next === input.timeNs && this.steps >= input.steps;
  }

  #moveTo(timeNs: number): void {
    if (timeNs > this.nowNs) this.world.schedule.advanceTo(timeNs);
  }
}
