/** When a client asks again. Pure. */

import type { Random } from "../../net/index.ts";

/** RFC 2131 section 4.1: 4, 8, 16 ... 64 s after the first, second, third ... time, a second more or less by chance. */
export function retransmitMs(attempts: number, random: Random): number {
  const waitMs = Math.min(FIRST_MS * 2 ** (attempts - 1), MOST_MS);
  return waitMs + (2 * random.fraction() - 1) * CHANCE_MS;
}

/** RFC 2131 section 4.4.5: after half of the time that is left until `endNs`, at least a minute; not behind it. */
export function renewAgainAtNs(nowNs: number, endNs: number): number {
  return Math.min(endNs, nowNs + Math.max((endNs - nowNs) / 2, RENEW_AGAIN_NS));
}

/**
 * What to wait after so many NAKs in a row: nothing, then ever more, for two servers that contradict each other must not
 * fill the link.
 */
export function setbackMs(before: number): number {
  return before === 0 ? 0 : Math.min(SETBACK_MS * 2 ** (before - 1), MOST_MS);
}

const FIRST_MS = 4_000;
const MOST_MS = 64_000;
const CHANCE_MS = 1_000;
const RENEW_AGAIN_NS = 60e9;
const SETBACK_MS = 1_000;
