/**
 * A lesson that goes on beside a lab: says which steps are done. A step is ticked when all that it expects is the case at
 * one time and every step before it is ticked; a tick stays. Looking changes nothing in the world: no task is spawned.
 */

import type { Task } from "../../net/index.ts";
import { checkExpectation } from "../expect.ts";
import { stateFacts } from "../expect-state.ts";
import type { ExpectationResult, Lab } from "../lab.ts";
import type { PacketExpectation } from "../network-file.ts";
import { PacketWatch } from "../packet-watch.ts";
import type { Lesson, LessonStep } from "./lesson.ts";

export interface LessonStepResult {
  readonly step: LessonStep;
  readonly done: boolean;
  /** As they were at the last look; of a step that is done, when it was ticked. */
  readonly expectations: readonly ExpectationResult[];
}

/** How far a lesson is. */
export interface LessonProgress {
  /** The first so many steps are ticked. */
  readonly done: number;
  /** So many packets had been sent when the last of them was. */
  readonly packets: number;
}

export class LessonRun {
  readonly lesson: Lesson;
  readonly #lab: Lab;
  readonly #watch: PacketWatch;
  readonly #removeTap: () => void;
  readonly #results: (readonly ExpectationResult[])[];
  #progress: LessonProgress;

  /**
   * Counts packets from now on: attach it before the world goes on. `progress`: how far it was in the lab before this one,
   * whose past this is.
   */
  constructor(lesson: Lesson, lab: Lab, progress: LessonProgress = { done: 0, packets: 0 }) {
    this.lesson = lesson;
    this.#lab = lab;
    this.#progress = progress;
    const packets = lesson.steps.flatMap(({ expectations }) =>
      expectations.filter((each): each is PacketExpectation & { line: number } => each.kind === "packets"),
    );
    this.#watch = new PacketWatch(packets, () => lab.world.interfaces);
    this.#watch.countFresh(progress.packets);
    this.#removeTap = lab.world.addTap(this.#watch);
    this.#results = lesson.steps.map((step, i) =>
      this.#check(step).map((result) => ({ ...result, passed: i < progress.done })),
    );
  }

  get steps(): readonly LessonStepResult[] {
    return this.lesson.steps.map((step, i) => ({
      step,
      done: i < this.done,
      expectations: this.#results[i],
    }));
  }

  /** How many steps are done: the first so many. */
  get done(): number {
    return this.#progress.done;
  }

  get progress(): LessonProgress {
    return this.#progress;
  }

  get finished(): boolean {
    return this.done === this.lesson.steps.length;
  }

  /** Looks at what the next step expects; returns whether a step was ticked. Cheap: for some times a second. */
  update(): boolean {
    const before = this.done;
    // The student has gone back to before the last tick: what he does here is new.
    if (this.#watch.packetCount < this.#watch.freshAfter) this.#watch.countFresh();
    for (let step = this.#next; step !== undefined; step = this.#next) {
      const results = this.#check(step);
      this.#results[this.done] = results;
      if (!results.every(({ passed }) => passed)) break;
      this.#progress = { done: this.done + 1, packets: this.#watch.packetCount };
      this.#watch.countFresh();
    }
    return this.done !== before;
  }

  /** It counts no more. */
  stop(): void {
    this.#removeTap();
  }

  get #next(): LessonStep | undefined {
    return this.lesson.steps[this.done];
  }

  #check({ expectations }: LessonStep): ExpectationResult[] {
    const facts = { ...stateFacts(this.#lab), steps: this.#lab.steps, packets: this.#watch };
    return expectations.map((expectation) => {
      const result = atOnce(checkExpectation(expectation, facts));
      return (
        result ?? {
          expectation,
          passed: false,
          description: expectation.kind,
          found: "cannot be looked at now",
        }
      );
    });
  }
}

/** The result of a task that does not wait, as looking into a store does not; undefined when it would. */
function atOnce<T>(task: Task<T>): T | undefined {
  const turn = task.next();
  if (turn.done) return turn.value;
  task.return(undefined as never);
  return undefined;
}
