/**
 * Time of the run that is looked at: plays it in real time at a speed, or carries it to a target in slices, so that
 * the engine hears its consoles meanwhile. At most one of the two goes on.
 */

import { type MachineTimers, RealTimeDriver } from "../../sim/index.ts";
import type { TimeView } from "../protocol/index.ts";
import type { Run } from "../run/run.ts";

/** Where a journey ends. */
export interface Target {
  /** Asked before each step; true: stop here. */
  isReached(run: Run): boolean;
  /** With an instant, the clock stands at it in the end, where no event is before it. */
  readonly timeNs?: number;
  /** Between 0 and 1, for who waits. */
  progress?(run: Run): number;
}

export type JourneyEnd = "reached" | "quiet" | "stopped";

interface Journey {
  readonly target: Target;
  readonly end: (how: JourneyEnd) => void;
  cancel: () => void;
}

export interface TimeControlOptions {
  readonly machine: MachineTimers;
  /** Infinity: as fast as possible. */
  readonly speed: number;
  readonly playing: boolean;
  /** Time has gone on, or was steered. */
  readonly onMoved: () => void;
}

export class TimeControl {
  readonly #machine: MachineTimers;
  readonly #onMoved: () => void;
  #run: Run;
  #driver: RealTimeDriver;
  #speed: number;
  #playing: boolean;
  #journey: Journey | undefined;

  constructor(run: Run, options: TimeControlOptions) {
    this.#machine = options.machine;
    this.#onMoved = options.onMoved;
    this.#speed = options.speed;
    this.#playing = options.playing;
    this.#run = run;
    this.#driver = this.#newDriver();
    if (this.#playing) this.#driver.start();
  }

  get isPlaying(): boolean {
    return this.#playing;
  }

  get isTravelling(): boolean {
    return this.#journey !== undefined;
  }

  /** Another run takes the place of the one before; it stands still until `play` or `travel`. */
  attach(run: Run): void {
    this.pause();
    this.#run = run;
    this.#driver = this.#newDriver();
  }

  play(): void {
    this.#endJourney("stopped");
    this.#playing = true;
    this.#driver.start();
    this.#onMoved();
  }

  pause(): void {
    this.#endJourney("stopped");
    this.#playing = false;
    this.#driver.stop();
    this.#onMoved();
  }

  set speed(speed: number) {
    this.#speed = speed;
    this.#driver.speed = speed;
    this.#onMoved();
  }

  /** One event, or one input that the journal knows; false when nothing is to come. Ends paused. */
  step(): boolean {
    this.pause();
    const stepped = this.#run.world.step();
    this.#onMoved();
    return stepped;
  }

  /** Touches the world from outside: first it is brought up to now. */
  enter<T>(action: () => T): T {
    const result = this.#driver.enter(action);
    this.#onMoved();
    return result;
  }

  /** Runs on, as fast as possible, to a target; paused in the end, unless the next is to play. */
  travel(target: Target, end: (how: JourneyEnd) => void): void {
    this.pause();
    const journey: Journey = { target, end, cancel: () => {} };
    this.#journey = journey;
    this.#goOn(journey);
  }

  view(): Omit<TimeView, "seed" | "labId" | "unrepeatable" | "horizonNs"> {
    const { world } = this.#run;
    const { target } = this.#journey ?? {};
    const progress = target?.progress?.(this.#run) ?? 0;
    return {
      nowNs: world.nowNs,
      steps: world.steps,
      paused: !this.#playing,
      speed: Number.isFinite(this.#speed) ? this.#speed : null,
      lagNs: this.#driver.lagNs,
      nextAtNs: world.nextAtNs,
      travelling: target && { toNs: target.timeNs ?? world.nowNs, progress },
    };
  }

  #goOn(journey: Journey): void {
    const endNs = this.#machine.nowNs() + SLICE_MS * 1e6;
    let how: JourneyEnd | undefined;
    do how = this.#goSomeSteps(journey.target);
    while (how === undefined && this.#machine.nowNs() < endNs);
    if (how === undefined) {
      this.#onMoved();
      journey.cancel = this.#machine.callAfter(0, () => this.#goOn(journey));
      return;
    }
    // Where no event is before it, time goes to the instant all the same.
    const { world } = this.#run;
    if (journey.target.timeNs !== undefined) world.runUntil(Math.max(world.nowNs, journey.target.timeNs));
    this.#endJourney(how);
  }

  #goSomeSteps(target: Target): JourneyEnd | undefined {
    for (let i = 0; i < STEPS_BETWEEN_LOOKS; i++) {
      if (target.isReached(this.#run)) return "reached";
      if (!this.#run.world.step()) return "quiet";
    }
    return undefined;
  }

  #endJourney(how: JourneyEnd): void {
    const journey = this.#journey;
    if (journey === undefined) return;
    this.#journey = undefined;
    journey.cancel();
    this.#onMoved();
    journey.end(how);
  }

  #newDriver(): RealTimeDriver {
    return new RealTimeDriver(this.#run.world, {
      speed: this.#speed,
      machine: this.#machine,
      onTurn: this.#onMoved,
    });
  }
}

/** What happens up to an instant, all of it. */
export function upTo(timeNs: number): Target {
  const isReached = ({ world }: Run): boolean => {
    const next = world.nextAtNs;
    return next === undefined || next > timeNs;
  };
  return { timeNs, isReached, progress: ({ world }) => (timeNs === 0 ? 1 : world.nowNs / timeNs) };
}

/** So many steps of the world, with what was done there. */
export function upToSteps(steps: number): Target {
  return {
    isReached: ({ world }) => world.steps >= steps && (world.journal.next?.steps ?? Infinity) > steps,
    progress: ({ world }) => (steps === 0 ? 1 : world.steps / steps),
  };
}

/** Until a packet has left. */
export function upToPacket(number: number): Target {
  return {
    isReached: ({ packets }) => packets.lastNumber >= number,
    progress: ({ packets }) => packets.lastNumber / number,
  };
}

/** A console hears an answer within this time, whatever is executed. */
const SLICE_MS = 12;
/** An event takes some microseconds, a look at the clock a tenth of one. */
const STEPS_BETWEEN_LOOKS = 32;
