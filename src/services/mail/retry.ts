/** When a mail is tried again and when it is given up: pure functions of the times. RFC 5321 section 4.5.4.1. */

export interface RetryPolicy {
  /** The wait after the first attempt, the second ...; the last one repeats. At least one. */
  readonly retrySeconds: readonly number[];
  /** How long after its arrival a mail is given up. */
  readonly giveUpAfterSeconds: number;
}

/**
 * Five minutes for what passes quickly (greylisting, a restart), then as RFC 5321 says: half an hour and more,
 * for five days.
 */
export const RETRY_POLICY_DEFAULT: RetryPolicy = {
  retrySeconds: [300, 900, 1800, 3600, 7200, 14_400],
  giveUpAfterSeconds: 5 * 24 * 3600,
};

/** After attempt number `attempts` (1 is the first) has failed at `nowMs`: when the next comes; undefined: give up. */
export function nextAttemptAtMs(
  policy: RetryPolicy,
  attempts: number,
  arrivedAtMs: number,
  nowMs: number,
): number | undefined {
  const giveUpAtMs = arrivedAtMs + policy.giveUpAfterSeconds * 1000;
  if (nowMs >= giveUpAtMs) return undefined;
  const waits = policy.retrySeconds;
  const waitMs = waits[Math.min(attempts, waits.length) - 1] * 1000;
  // The last attempt is made at the very end, not up to a whole wait before it.
  return Math.min(Math.ceil(nowMs + waitMs), Math.ceil(giveUpAtMs));
}
