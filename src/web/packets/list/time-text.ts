/** The column Time: seconds since the start, since the row before, or the time of day; to the microsecond. */

export type TimeFormat = "start" | "previous" | "clock";

export const TIME_FORMATS: readonly { readonly value: TimeFormat; readonly label: string }[] = [
  { value: "start", label: "Seconds since the start" },
  { value: "previous", label: "Seconds since the packet shown before" },
  { value: "clock", label: "Time of day (UTC)" },
];

export interface TimeContext {
  readonly format: TimeFormat;
  /** Wall clock at virtual time 0. */
  readonly startUnixMs: number;
}

/** `beforeNs`: of the row before; null: there is none; undefined: it is not known yet. */
export function timeText(
  { format, startUnixMs }: TimeContext,
  timeNs: number,
  beforeNs: number | null | undefined,
): string {
  if (format === "clock") return clockText(startUnixMs, timeNs);
  if (format === "start") return secondsText(timeNs);
  if (beforeNs === undefined) return "";
  return secondsText(beforeNs === null ? 0 : timeNs - beforeNs);
}

/** "12.345678" */
export function secondsText(timeNs: number): string {
  return (Math.round(timeNs / 1e3) / 1e6).toFixed(6);
}

/** "09:30:12.345678" */
export function clockText(startUnixMs: number, timeNs: number): string {
  const us = Math.round(timeNs / 1e3);
  const second = startUnixMs / 1e3 + Math.floor(us / 1e6);
  const whole = Math.floor(second);
  const fraction = Math.round((second - whole) * 1e6) + (us % 1e6);
  const carried = whole + Math.floor(fraction / 1e6);
  const time = new Date(carried * 1e3).toISOString().slice(11, 19);
  return `${time}.${String(fraction % 1e6).padStart(6, "0")}`;
}

/** A span as one reads it: "1.2 ms". */
export function spanText(ns: number): string {
  const size = Math.abs(ns);
  if (size < 1e3) return `${Math.round(ns)} ns`;
  if (size < 1e6) return `${short(ns / 1e3)} µs`;
  if (size < 1e9) return `${short(ns / 1e6)} ms`;
  return `${short(ns / 1e9)} s`;
}

/** Octets as one reads them: "1.4 kB". */
export function octetsText(octets: number): string {
  if (octets < 1e3) return `${octets} B`;
  if (octets < 1e6) return `${short(octets / 1e3)} kB`;
  if (octets < 1e9) return `${short(octets / 1e6)} MB`;
  return `${short(octets / 1e9)} GB`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(value >= 100 ? 4 : 3)));
}
