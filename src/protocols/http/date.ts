/** Dates of HTTP: RFC 9110 section 5.6.7. One form is written, three are read. */

import { calendarOf, FormatError, MONTHS, unixMsOf, WEEKDAYS } from "../../bytes/index.ts";

/** "Sun, 06 Nov 1994 08:49:37 GMT" */
export function formatHttpDate(unixMs: number): string {
  const { weekday, year, month, day, hour, minute, second } = calendarOf(unixMs);
  const time = [hour, minute, second].map((part) => pad(part, 2)).join(":");
  return `${WEEKDAYS[weekday]}, ${pad(day, 2)} ${MONTHS[month]} ${pad(year, 4)} ${time} GMT`;
}

/**
 * IMF-fixdate, and the obsolete forms of RFC 850 and of asctime. `nowMs` tells the century of two digits: a date that
 * appears to lie over 50 years ahead is one of the past.
 */
export function parseHttpDate(text: string, nowMs: number): number {
  const parts = IMF_FIXDATE.exec(text) ?? RFC850_DATE.exec(text) ?? ASCTIME_DATE.exec(text);
  const groups = parts?.groups ?? {};
  const month = MONTHS.indexOf(groups.month ?? "");
  if (month === -1) throw new FormatError("http.date", 0, `"${text.slice(0, 40)}" is no date`);
  const time = {
    year: fullYear(groups.year, nowMs),
    month,
    day: Number(groups.day),
    hour: Number(groups.hour),
    minute: Number(groups.minute),
    second: Number(groups.second),
  };
  const unixMs = unixMsOf(time);
  const read = calendarOf(unixMs);
  // A day that the month does not have would count on; a leap second may.
  if (read.day !== time.day && time.second < 60)
    throw new FormatError("http.date", 0, `"${text}" is no date`);
  if (time.hour > 23 || time.minute > 59 || time.second > 60)
    throw new FormatError("http.date", 0, `"${text}" is no date`);
  return unixMs;
}

function fullYear(text: string, nowMs: number): number {
  if (text.length === 4) return Number(text);
  const thisYear = calendarOf(nowMs).year;
  const year = thisYear - (thisYear % 100) + Number(text);
  return year > thisYear + 50 ? year - 100 : year;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

const TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";
const IMF_FIXDATE = new RegExp(
  `^[A-Z][a-z]{2}, (?<day>\\d\\d) (?<month>[A-Z][a-z]{2}) (?<year>\\d{4}) ${TIME} GMT$`,
);
const RFC850_DATE = new RegExp(
  `^[A-Z][a-z]{5,8}, (?<day>\\d\\d)-(?<month>[A-Z][a-z]{2})-(?<year>\\d\\d) ${TIME} GMT$`,
);
const ASCTIME_DATE = new RegExp(
  `^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`,
);
