/** Time, as a host sees it. Virtual in the simulation, the machine's on the operating system. */

import { suspend, type Task } from "./task.ts";

/** A started timer. */
export interface Timer {
  /** Stops it; does nothing when it has fired. */
  cancel(): void;
}

export interface Clock {
  /** Monotonic time in whole nanoseconds from an arbitrary start (float64 is exact for 104 days). */
  nowNs(): number;
  /** Wall-clock time: milliseconds since 1970-01-01T00:00:00Z. */
  unixMs(): number;
  /** Calls back once, `delayMs` from now. */
  startTimer(delayMs: number, callback: () => void): Timer;
}

/** Lets `delayMs` pass. */
export function sleep(clock: Clock, delayMs: number): Task {
  return suspend<void>((resolve) => {
    const timer = clock.startTimer(delayMs, () => resolve());
    return () => timer.cancel();
  });
}

/** Something that others wait for; `notify` wakes all who wait now and is not remembered. */
export class Signal {
  #waiting: (() => void)[] = [];

  notify(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** True when notified; false when `timeoutMs` passed first (Infinity waits without limit). */
  *wait(clock: Clock, timeoutMs: number): Task<boolean> {
    return yield* suspend<boolean>((resolve) => {
      const wake = (): void => {
        timer?.cancel();
        resolve(true);
      };
      const forget = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== wake);
      };
      const timer =
        timeoutMs === Number.POSITIVE_INFINITY
          ? undefined
          : clock.startTimer(timeoutMs, () => {
              forget();
              resolve(false);
            });
      this.#waiting.push(wake);
      return () => {
        timer?.cancel();
        forget();
      };
    });
  }
}
