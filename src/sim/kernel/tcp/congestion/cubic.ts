/**
 * CUBIC: RFC 9438. The window is a cubic function of the time since the last loss, with its plateau where that
 * loss happened; where Reno would be faster (short round trips), CUBIC keeps up with it. Windows in segments here,
 * as in the RFC, except `window` and `threshold`.
 */

import { SlowStart } from "./slow-start.ts";

export class Cubic extends SlowStart {
  readonly name = "cubic";
  /** W_max: where the last loss happened (after fast convergence). */
  #maximum = 0;
  /** cwnd_prior: the window before the last reduction. */
  #prior = 0;
  /** When the present stage of congestion avoidance began; NaN: it has yet to. */
  #epochNs = Number.NaN;
  /** K, in seconds. */
  #plateauAfter = 0;
  /** W_est: the window that Reno would have. */
  #estimate = 0;
  #afterTimeout = false;

  override handleIdle(): void {
    super.handleIdle();
    // RFC 9438 section 5.8: the time in which nothing was sent must not count.
    this.#epochNs = Number.NaN;
  }

  override handleTimeout(inFlight: number, again: boolean): void {
    super.handleTimeout(inFlight, again);
    this.#afterTimeout = true;
  }

  /** Section 4.2. */
  protected avoidCongestion(acknowledged: number, nowNs: number, roundTripNs: number): void {
    const window = this.window / this.segmentSize;
    const segments = acknowledged / this.segmentSize;
    if (Number.isNaN(this.#epochNs)) this.#beginEpoch(nowNs, window);
    const elapsed = (nowNs - this.#epochNs) / 1e9;
    // Section 4.3: W_est, from equation 4.
    const alpha = this.#estimate >= this.#prior ? 1 : ALPHA;
    this.#estimate += (alpha * segments) / window;
    if (this.#cubic(elapsed) < this.#estimate) {
      this.window = Math.max(this.window, this.#estimate * this.segmentSize);
      return;
    }
    // Sections 4.4 and 4.5: towards where the curve will be in one round trip, but no faster than by half.
    const target = Math.min(Math.max(this.#cubic(elapsed + roundTripNs / 1e9), window), 1.5 * window);
    this.window += ((target - window) / window) * segments * this.segmentSize;
  }

  /** Section 4.6, with fast convergence (section 4.7). */
  protected reduced(inFlight: number): number {
    const window = this.window / this.segmentSize;
    this.#prior = window;
    this.#maximum = window < this.#maximum ? (window * (1 + BETA)) / 2 : window;
    this.#epochNs = Number.NaN;
    this.#afterTimeout = false;
    return Math.max(inFlight * BETA, 2 * this.segmentSize);
  }

  #beginEpoch(nowNs: number, window: number): void {
    this.#epochNs = nowNs;
    this.#estimate = window;
    // Section 4.8: after a timeout the curve begins at its plateau.
    if (this.#afterTimeout || window >= this.#maximum) this.#maximum = window;
    this.#afterTimeout = false;
    this.#plateauAfter = Math.cbrt((this.#maximum - window) / C);
  }

  /** Equation 1: W_cubic (t). */
  #cubic(seconds: number): number {
    return C * (seconds - this.#plateauAfter) ** 3 + this.#maximum;
  }
}

/** Section 5: C, in segments per cubed second, and the factor of the reduction. */
const C = 0.4;
const BETA = 0.7;
/** Section 4.3: what makes the average window equal to Reno's. */
const ALPHA = (3 * (1 - BETA)) / (1 + BETA);
