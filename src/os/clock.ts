/** The machine's time as a Clock. */

import type { Clock, Timer } from "../net/index.ts";

export const systemClock: Clock = {
  nowNs,
  unixMs: () => Date.now(),
  startTimer(delayMs: number, callback: () => void): Timer {
    const endNs = nowNs() + delayMs * 1e6;
    let handle: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      handle = setTimeout(check, Math.min(Math.ceil(leftMs), DELAY_MAX_MS));
    };
    // A timer of the event loop may come up to a millisecond early; ours never does.
    const check = (): void => {
      const leftMs = (endNs - nowNs()) / 1e6;
      if (leftMs > 0) arm(leftMs);
      else callback();
    };
    arm(delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

function nowNs(): number {
  return Math.round(performance.now() * 1e6);
}

/** setTimeout's largest delay; with a larger one it fires at once. */
const DELAY_MAX_MS = 2 ** 31 - 1;
