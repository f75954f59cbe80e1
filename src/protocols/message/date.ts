/** Dates of messages: RFC 5322 section 3.3, from and to milliseconds since 1970 without the platform's Date. */

import { FormatError } from "../../bytes/index.ts";

/** "Sat, 21 Nov 2026 03:32:06 +0000" */
export function formatDate(unixMs: number): string {
  const { days, year, month, day, hour, minute, second } = calendarOf(unixMs);
  const weekday = WEEKDAYS[(((days + 4) % 7) + 7) % 7];
  return `${weekday}, ${day} ${MONTHS[month]} ${String(year).padStart(4, "0")} ${pad(hour)}:${pad(minute)}:${pad(second)} +0000`;
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
  const localMs = ((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000;
  return localMs - zoneMinutes(match[7]) * 60_000;
}

/** Day and time of an instant in the Gregorian calendar, UTC. `month` counts from 0. */
function calendarOf(unixMs: number) {
  const seconds = Math.floor(unixMs / 1000);
  const days = Math.floor(seconds / 86_400);
  const ofDay = seconds - days * 86_400;
  // Counted from 1 March of year 0, leap days come last in a year, and in 400 years there are 146,097 days.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (marchMonth + 2) % 12;
  return {
    days,
    year: yearOfEra + era * 400 + (month < 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor(ofDay / 60) % 60,
    second: ofDay % 60,
  };
}

function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month < 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 10) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
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

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
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
