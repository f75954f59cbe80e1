/** The speed's slider: logarithmic from 1/1000 to 1000, and at its end as fast as possible. Pure. */

/** Virtual seconds per second; null: as fast as possible. */
export type Speed = number | null;

export const STOPS: readonly { readonly speed: Speed; readonly label: string }[] = [
  { speed: 0.001, label: "1/1000" },
  { speed: 0.01, label: "1/100" },
  { speed: 0.1, label: "1/10" },
  { speed: 1, label: "1" },
  { speed: 10, label: "10" },
  { speed: 100, label: "100" },
  { speed: 1000, label: "1000" },
  { speed: null, label: "max" },
];

/** Positions are decades; the last half decade means as fast as possible. */
export const SLOWEST = -3;
const FASTEST = 3;
export const AS_FAST_AS_POSSIBLE = 3.5;

export function positionOf(speed: Speed): number {
  if (speed === null) return AS_FAST_AS_POSSIBLE;
  return Math.min(FASTEST, Math.max(SLOWEST, Math.log10(speed)));
}

/** Rounded to what reads well: 1, 2, 3, 5, 7 times a power of ten. */
export function speedAt(position: number): Speed {
  if (position > (FASTEST + AS_FAST_AS_POSSIBLE) / 2) return null;
  const within = Math.min(FASTEST, Math.max(SLOWEST, position));
  const decade = Math.floor(within + 1e-9);
  const digit = 10 ** (within - decade);
  const nearest = DIGITS.reduce((best, it) => (Math.abs(it - digit) < Math.abs(best - digit) ? it : best));
  return Number((nearest * 10 ** decade).toPrecision(3));
}

/** Where the slider was let go. A key moves it by less than from one speed to the next: it means the next. */
export function speedTowards(speed: Speed, position: number): Speed {
  const before = positionOf(speed);
  const sign = Math.sign(position - before);
  if (Math.abs(position - before) > KEY_STEP + 1e-9) return speedAt(position);
  for (let at = position; at >= SLOWEST && at <= AS_FAST_AS_POSSIBLE && sign !== 0; at += sign * KEY_STEP)
    if (speedAt(at) !== speed) return speedAt(at);
  return speed;
}

/** The step of the slider. */
export const KEY_STEP = 0.05;

export function formatSpeed(speed: Speed): string {
  if (speed === null) return "as fast as possible";
  if (speed >= 1) return `×${Number(speed.toPrecision(3))}`;
  const inverse = 1 / speed;
  return `×1/${Number(inverse.toPrecision(inverse < 10 ? 2 : 3))}`;
}

/** The next stop up (1) or down (-1). */
export function nextStop(speed: Speed, direction: 1 | -1): Speed {
  const position = positionOf(speed);
  const stops = direction === 1 ? STOPS : STOPS.toReversed();
  const next = stops.find((stop) => (positionOf(stop.speed) - position) * direction > 1e-6);
  return (next ?? stops.at(-1)!).speed;
}

const DIGITS = [1, 2, 3, 5, 7, 10];
