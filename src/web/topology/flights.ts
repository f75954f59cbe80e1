/**
 * Packets under way, as the drawing shows them. A packet flies in virtual time; where that would be too quick for the
 * eye it takes a moment of the wall's instead. Pure: the caller gives both times. What must stay true: bounded.
 */

import type { HopView } from "../../engine/protocol/index.ts";

export interface Flight {
  readonly hop: HopView;
  /** Set for flights in the wall's time: when they began. */
  readonly startMs: number | undefined;
}

/** What is drawn: one packet, or several that would cover each other. */
export interface Dot {
  readonly link: string;
  readonly direction: 0 | 1;
  /** From the end it left, 0, to the other, 1. */
  readonly progress: number;
  readonly protocol: string;
  readonly count: number;
  /** From 0, still whole, to 1, gone; undefined: it is not lost, or not yet. */
  readonly falling: number | undefined;
}

export class Flights {
  #flights: Flight[] = [];

  get size(): number {
    return this.#flights.length;
  }

  clear(): void {
    this.#flights = [];
  }

  /** `pace`: virtual nanoseconds per millisecond of the wall; 0 while time stands. `nowNs`: of the hops' event. */
  add(hops: readonly HopView[], nowNs: number, wallMs: number, pace: number): void {
    for (const hop of hops) {
      const tooQuick = pace > 0 && (hop.arrivesNs - hop.leftNs) / pace < SHORTEST_MS;
      // Those of one event left at different moments: they do not start in one lump.
      const ageMs = Math.min(SPREAD_MS, Math.max(0, (nowNs - hop.leftNs) / Math.max(pace, 1)));
      this.#flights.push({ hop, startMs: tooQuick ? wallMs + SPREAD_MS - ageMs : undefined });
    }
    if (this.#flights.length > MAX_FLIGHTS) this.#flights = this.#flights.slice(-MAX_FLIGHTS);
  }

  /** What is to be drawn now; forgets what has arrived. */
  dots(nowNs: number, wallMs: number): Dot[] {
    const dots: Dot[] = [];
    this.#flights = this.#flights.filter((flight) => {
      const passed = passedOf(flight, nowNs, wallMs);
      if (passed < -FUTURE_SHARE) return flight.startMs !== undefined;
      if (passed >= (flight.hop.lost ? 1 + FALL_SHARE : 1)) return false;
      if (passed >= 0) dots.push(dotOf(flight.hop, passed));
      return true;
    });
    return dots.length > MAX_DOTS ? gather(dots) : dots;
  }
}

function passedOf({ hop, startMs }: Flight, nowNs: number, wallMs: number): number {
  if (startMs !== undefined) return (wallMs - startMs) / SHORTEST_MS;
  return (nowNs - hop.leftNs) / Math.max(1, hop.arrivesNs - hop.leftNs);
}

/** A packet that gets lost comes half of the way. */
function dotOf({ link, direction, protocol, lost }: HopView, passed: number): Dot {
  const falling = lost && passed > 1 ? (passed - 1) / FALL_SHARE : undefined;
  const progress = lost ? Math.min(passed, 1) / 2 : passed;
  return { link, direction, progress, protocol, count: 1, falling };
}

/** Those that would cover each other become one, in the colour of the last. */
export function gather(dots: readonly Dot[]): Dot[] {
  const places = new Map<string, Dot>();
  for (const dot of dots) {
    const step = Math.floor(dot.progress * PLACES_PER_LINK);
    const key = `${dot.link} ${dot.direction} ${dot.falling === undefined ? step : "lost"}`;
    const other = places.get(key);
    places.set(key, {
      ...dot,
      progress: other?.progress ?? dot.progress,
      count: (other?.count ?? 0) + 1,
    });
  }
  return [...places.values()];
}

/** Shown time follows what the engine says; a step while time stands is drawn as a quick glide, not as a jump. */
export function glide(shownNs: number, targetNs: number, elapsedMs: number, paused: boolean): number {
  if (!paused || targetNs <= shownNs || targetNs - shownNs > GLIDE_LIMIT_NS) return targetNs;
  const next = shownNs + (targetNs - shownNs) * (1 - Math.exp(-elapsedMs / GLIDE_MS));
  return targetNs - next < 1_000 ? targetNs : next;
}

/** The eye follows a dot across a link for no less than this. */
const SHORTEST_MS = 450;
/** Events come some 50 ms apart: their packets are spread over as long. */
const SPREAD_MS = 60;
/** Packets that left "later" than now: the page's clock lags a little; beyond this, time went back. */
const FUTURE_SHARE = 5;
/** A loss is shown for as long again as half of the flight. */
const FALL_SHARE = 1;
const MAX_FLIGHTS = 3_000;
/** More single dots than an eye can tell apart. */
const MAX_DOTS = 400;
const PLACES_PER_LINK = 10;
const GLIDE_MS = 90;
/** A step over a long silence is not drawn out. */
const GLIDE_LIMIT_NS = 60e9;
