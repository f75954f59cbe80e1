/** Values in a right form beyond any measure: a simulation counts in whole nanoseconds, which end after 104 days. */

import type { Path } from "../source.ts";
import { parseBandwidth, parseDuration } from "../units.ts";
import type { QualityDocument } from "./document.ts";
import type { Reading } from "./reading.ts";

/** The times and the bandwidth of a link whose quality stands at `path`. */
export function checkQuality(reading: Reading, path: Path, quality: QualityDocument): void {
  for (const key of ["delay", "jitter", "reorderBy"] as const) {
    checkDuration(reading, [...path, key], quality[key], LINK_TIME_MAX);
  }
  const { bandwidth } = quality;
  const bps = bandwidth === undefined ? undefined : parseBandwidth(bandwidth);
  if (bps !== undefined && (bps < BANDWIDTH_MIN_BPS || bps > BANDWIDTH_MAX_BPS)) {
    reading.report(
      [...path, "bandwidth"],
      `expected a bandwidth of 1 bit/s to 10000 Gbit/s, found "${bandwidth}"`,
    );
  }
}

/** A time of the story or of what is expected of it. */
export function checkTime(reading: Reading, path: Path, text: string | undefined): void {
  checkDuration(reading, path, text, TIME_MAX);
}

function checkDuration(reading: Reading, path: Path, text: string | undefined, most: Limit): void {
  if (text === undefined || (parseDuration(text) ?? 0) <= most.ms) return;
  reading.report(path, `expected a duration of at most ${most.text}, found "${text}"`);
}

interface Limit {
  readonly ms: number;
  readonly text: string;
}

/** Light needs four hours to Neptune, but no protocol here waits so long for an answer. */
const LINK_TIME_MAX: Limit = { ms: 3_600_000, text: "1 h" };
/** 100 days; 2^53 ns, up to which every nanosecond has a number of its own, are 104. */
const TIME_MAX: Limit = { ms: 2400 * 3_600_000, text: "2400 h" };
/** A packet of 1500 octets takes 3 hours and 20 minutes. */
const BANDWIDTH_MIN_BPS = 1;
/** An octet takes a thousandth of a nanosecond: faster is the same. */
const BANDWIDTH_MAX_BPS = 10e12;
