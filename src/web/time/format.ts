/** Virtual time as text. Pure. */

/** "0.012345 s", from a quarter of an hour on "1:02:03.456". */
export function formatTime(timeNs: number): string {
  if (timeNs < CLOCK_FROM_NS) return `${(Math.floor(timeNs / 1e3) / 1e6).toFixed(6)} s`;
  const ms = Math.floor(timeNs / 1e6);
  const pad = (value: number, digits = 2): string => String(value).padStart(digits, "0");
  const [hours, minutes, seconds] = [
    Math.floor(ms / 3.6e6),
    Math.floor(ms / 6e4) % 60,
    Math.floor(ms / 1e3) % 60,
  ];
  return `${hours}:${pad(minutes)}:${pad(seconds)}.${pad(ms % 1e3, 3)}`;
}

/** A length of time with two or three digits that matter: "250 ms", "1.5 s", "2 min". */
export function formatDuration(ns: number): string {
  for (const [unit, length] of UNITS) {
    if (Math.abs(ns) >= length) return `${Number((ns / length).toPrecision(3))} ${unit}`;
  }
  return `${Math.round(ns)} ns`;
}

/** The label of a tick: with as many digits as tell it from the next one, "1:20", "12.346 s", "500 ms". */
export function formatTick(timeNs: number, stepNs: number): string {
  if (timeNs === 0) return "0";
  const [unit, length] = UNITS.find(([name, size]) => size <= 1e9 && (timeNs >= size || name === "µs"))!;
  const digits = Math.max(0, Math.ceil(Math.log10(length / stepNs) - 1e-9));
  if (timeNs < 60e9) return `${Number((timeNs / length).toFixed(digits))} ${unit}`;
  const seconds = Math.floor(timeNs / 1e9);
  const pad = (value: number): string => String(value % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const whole = minutes < 60 ? `${minutes}` : `${Math.floor(minutes / 60)}:${pad(minutes)}`;
  const fraction = digits === 0 ? "" : ((timeNs % 1e9) / 1e9).toFixed(digits).slice(1);
  return `${whole}:${pad(seconds)}${fraction}`;
}

const CLOCK_FROM_NS = 900e9;
const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400e9],
  ["h", 3_600e9],
  ["min", 60e9],
  ["s", 1e9],
  ["ms", 1e6],
  ["µs", 1e3],
];
