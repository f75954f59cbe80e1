/**
 * Runs a simulated world in real time: virtual time goes `speed` times as fast as the machine's, 0 is a pause,
 * Infinity as fast as it can.
 *
 *     const driver = new RealTimeDriver(world, { speed: 1, machine: systemTimers });
 *     driver.start();
 *     socket.on("data", (bytes) => driver.enter(() => connection.send(bytes)));
 *
 * What must stay true: whoever touches the world from outside does it through `enter`, the world never runs for
 * more than TURN_MAX_MS without giving the event loop a turn, and virtual time never jumps: when the machine is too
 * slow it falls behind (`lagNs`).
 */

/** What is driven: a `World` of the simulation, or a stand-in for tests. */
export interface TimedWorld {
  readonly nowNs: number;
  /** When its next event comes; undefined when none is scheduled. */
  readonly nextAtNs: number | undefined;
  /** Runs the next event; false when there is none. */
  step(): boolean;
  /** Runs everything up to `timeNs` and moves the clock there. */
  runUntil(timeNs: number): void;
}

export interface RealTimeOptions {
  /** Absent: 1. */
  readonly speed?: number;
  /** Called after each turn in which virtual time or the world moved, e.g. to send what is new to a console. */
  readonly onTurn?: () => void;
  /** The machine's time and timers: os/timers.ts, those of a browser's worker, or those of a test. */
  readonly machine: MachineTimers;
}

/** The part of the machine that the driver needs. */
export interface MachineTimers {
  nowNs(): number;
  /** Calls back once after `delayMs`; 0: as soon as the event loop has had its turn. Returns how to cancel. */
  callAfter(delayMs: number, callback: () => void): () => void;
}

export class RealTimeDriver {
  readonly #world: TimedWorld;
  readonly #machine: MachineTimers;
  readonly #onTurn: () => void;
  #speed: number;
  #running = false;
  #entered = false;
  /** Virtual time was `#virtualAnchorNs` when the machine's was `#machineAnchorNs`. */
  #virtualAnchorNs = 0;
  #machineAnchorNs = 0;
  #lostNs = 0;
  /** Events that are due already are left, because the turn was over. */
  #behind = false;
  #cancelWake: (() => void) | undefined;

  constructor(world: TimedWorld, options: RealTimeOptions) {
    this.#world = world;
    this.#speed = checkedSpeed(options.speed ?? 1);
    this.#onTurn = options.onTurn ?? (() => {});
    this.#machine = options.machine;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Virtual time goes on from where it is, at the new speed. */
  set speed(speed: number) {
    checkedSpeed(speed);
    if (!this.isPaused && !this.#behind) this.#advance();
    this.#speed = speed;
    this.#anchor();
    this.#arm();
  }

  get isPaused(): boolean {
    return !this.#running || this.#speed === 0;
  }

  /** How far virtual time has fallen behind what the speed asks for, in machine time, since the start. */
  get lagNs(): number {
    return Math.round(this.#lostNs + this.#overdueNs());
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#anchor();
    this.#arm();
  }

  /** Stops for good or for a while: no timer of this driver is left. `start` goes on. */
  stop(): void {
    if (!this.isPaused && !this.#behind) this.#advance();
    this.#running = false;
    this.#cancelWake?.();
    this.#cancelWake = undefined;
  }

  /** While paused: runs one event; false when there is none. */
  step(): boolean {
    if (!this.isPaused) throw new Error("only a paused world is stepped");
    const stepped = this.#world.step();
    this.#onTurn();
    return stepped;
  }

  /**
   * Touches the world from outside: brings virtual time up to now, then calls `action`, then sees to what it caused.
   * Inside another `enter` it just calls it.
   */
  enter<T>(action: () => T): T {
    if (this.#entered) return action();
    this.#entered = true;
    try {
      // A world that is behind is on its way already: running it here as well would starve the event loop.
      if (!this.isPaused && !this.#behind) this.#advance();
      return action();
    } finally {
      this.#entered = false;
      this.#arm();
    }
  }

  /** The virtual time that now should be. */
  #targetNs(): number {
    if (!this.#running || this.#speed === 0) return this.#world.nowNs;
    if (this.#speed === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const elapsedNs = this.#machine.nowNs() - this.#machineAnchorNs;
    return this.#virtualAnchorNs + Math.floor(elapsedNs * this.#speed);
  }

  #anchor(): void {
    this.#virtualAnchorNs = this.#world.nowNs;
    this.#machineAnchorNs = this.#machine.nowNs();
  }

  /** Runs what is due, for TURN_MAX_MS at most. */
  #advance(): void {
    this.#giveUpLongOverdue();
    const world = this.#world;
    const targetNs = this.#targetNs();
    const turnEndNs = this.#machine.nowNs() + TURN_MAX_MS * 1e6;
    this.#behind = true;
    do {
      for (let i = 0; i < EVENTS_BETWEEN_LOOKS && this.#behind; i++) {
        const nextAtNs = world.nextAtNs;
        this.#behind = nextAtNs !== undefined && nextAtNs <= targetNs;
        if (this.#behind) world.step();
      }
    } while (this.#behind && this.#machine.nowNs() < turnEndNs);
    if (!this.#behind && Number.isFinite(targetNs)) world.runUntil(Math.max(targetNs, world.nowNs));
  }

  /** Since when the next event is due, in machine time; 0 when it is not due yet. */
  #overdueNs(): number {
    const nextAtNs = this.#world.nextAtNs;
    const targetNs = this.#targetNs();
    if (this.isPaused || nextAtNs === undefined || !Number.isFinite(targetNs)) return 0;
    return Math.max(0, (targetNs - nextAtNs) / this.#speed);
  }

  /** More than a moment is not made good: an hour at full speed, after the machine has slept, would be no real time. */
  #giveUpLongOverdue(): void {
    const lostNs = this.#overdueNs() - CATCH_UP_MAX_MS * 1e6;
    if (lostNs <= 0) return;
    this.#lostNs += lostNs;
    this.#machineAnchorNs += lostNs;
  }

  #arm(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    const nextAtNs = this.#world.nextAtNs;
    if (this.isPaused || nextAtNs === undefined) return;
    const delayNs = (nextAtNs - this.#targetNs()) / this.#speed;
    const delayMs = delayNs >= SLEEP_MIN_MS * 1e6 ? Math.min(delayNs / 1e6, SLEEP_MAX_MS) : 0;
    this.#cancelWake = this.#machine.callAfter(delayMs, () => this.#handleWake());
  }

  #handleWake(): void {
    this.#cancelWake = undefined;
    this.#advance();
    this.#arm();
    this.#onTurn();
  }
}

function checkedSpeed(speed: number): number {
  if (!(speed >= 0)) throw new RangeError(`a speed is 0 or more, not ${speed}`);
  return speed;
}

/** A server that forwards connections still answers at once when its loop is held up this long. */
const TURN_MAX_MS = 20;
/** How often the turn's time is looked at: an event takes some microseconds, a look at the clock 0.05. */
const EVENTS_BETWEEN_LOOKS = 16;
/** A pause of the process (garbage collection, another's turn) that is made good by running faster afterwards. */
const CATCH_UP_MAX_MS = 100;
/**
 * A timer of the event loop is late by up to a millisecond, an eternity between hosts of one LAN (bulk data came out
 * of the lab at 97 MB/s instead of 144): what comes sooner is waited for in turns of the loop.
 */
const SLEEP_MIN_MS = 1;
/** A timer's longest delay; events may be hours ahead. */
const SLEEP_MAX_MS = 3_600_000;
