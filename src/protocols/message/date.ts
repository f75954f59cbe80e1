/** Dates of messages: RFC 5322 section 3.3, from and to milliseconds since 1970 without the platform's Date. */

import { calendarOf, FormatError, MONTHS, unixMsOf, WEEKDAYS } from "../../bytes/index.ts";

/** "Sat, 21 Nov 2026 03:32:06 +0000" */
export function formatDate(unixMs: number): string {
  const { weekday, year, month, day, hour, minute, second } = calendarOf(unixMs);
  return `${WEEKDAYS[weekday]}, ${day} ${MONTHS[month]} ${String(year).padStart(4, "0")} ${pad(hour)}:${pad(minute)}:${pad(second)} +0000`;
}

/** The instant of a date in the form of RFC 5322 section 3.3, with the zones' names of section 4.3. */
export function parseDate(text: string): number {
  const match = DATE.exec(text.trim());
  const month =
    match === null ? -1 : MONTHS.findIndex((name) => name.toLowerCase() === match[2].toLowerCase());
  if (match === null || month === -1)
    throw new FormatError("message.date", 0, `"${text.slice(0, 60)}" is no date`);
  const [day, hour, minute, second] = [match[1], match[4], match[5], match[6] ?? "0"].map(Number);
  const year = fullYear(match[3]);
  if (day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) {
    throw new FormatError("message.date", 0, `"${text.slice(0, 60)}" is no date`);
  }
  return unixMsOf({ year, month, day, hour, minute, second }) - zoneMinutes(match[7]) * 60_000;
}

/** RFC 5322 section 4.3: years of two and three digits. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}

/** RFC 5322 section 4.3: an unknown name means "-0000". */
function zoneMinutes(zone: string): number {
  const match = /^([+-])(\d\d)(\d\d)$/.exec(zone);
  if (match === null) return (ZONES[zone.toUpperCase()] ?? 0) * 60;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

const DATE =
  /^(?:[A-Za-z]{3}, *)?(\d{1,2}) +([A-Za-z]{3}) +(\d{2,4}) +(\d{1,2}):(\d{2})(?::(\d{2}))? +([+-]\d{4}|[A-Za-z]{1,5})(?: *\(.*\))?$/;
const ZONES: Record<string, number> = {
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
};
