/**
 * Virtual time between two `time` events: runs on at the pace that was seen of late, never back by itself, and never
 * far ahead of what the engine last said. "As fast as possible" jumps from event to event, with nothing to tell the next
 * jump by: there time stands at what the engine said. Times of the wall are the caller's, so that tests need no clock.
 */

import type { TimeView } from "../../engine/protocol/index.ts";

export class VirtualClock {
  #last: { readonly view: TimeView; readonly wallMs: number } | undefined;
  /** Virtual nanoseconds per millisecond of the wall. */
  #pace = 0;

  observe(view: TimeView, wallMs: number): void {
    const last = this.#last;
    this.#pace = paceOf(view, last, wallMs, this.#pace);
    this.#last = { view, wallMs };
  }

  nowNs(wallMs: number): number {
    const last = this.#last;
    if (last === undefined) return 0;
    if (isStill(last.view) || last.view.speed === null) return last.view.nowNs;
    const elapsedMs = Math.min(Math.max(0, wallMs - last.wallMs), MAX_GUESS_MS);
    return last.view.nowNs + elapsedMs * this.#pace;
  }

  get running(): boolean {
    return this.#last !== undefined && !isStill(this.#last.view);
  }

  /** Virtual nanoseconds per millisecond of the wall, of late. */
  get pace(): number {
    return this.running ? this.#pace : 0;
  }
}

function isStill(view: TimeView): boolean {
  return view.paused || view.travelling !== undefined;
}

/** With a speed, that speed unless the machine lags; without one, what was seen since the last time. */
function paceOf(
  view: TimeView,
  last: { readonly view: TimeView; readonly wallMs: number } | undefined,
  wallMs: number,
  previous: number,
): number {
  const chosen = view.speed === null ? undefined : view.speed * 1e6;
  const comparable =
    last !== undefined && last.view.labId === view.labId && !isStill(last.view) && wallMs > last.wallMs;
  if (!comparable) return chosen ?? previous;
  const seen = Math.max(0, (view.nowNs - last.view.nowNs) / (wallMs - last.wallMs));
  if (chosen !== undefined && view.lagNs < chosen * TOLERATED_LAG_MS) return chosen;
  return seen;
}

/** Events come several times a second; silence for longer than this means that the engine is busy. */
const MAX_GUESS_MS = 500;
const TOLERATED_LAG_MS = 100;
