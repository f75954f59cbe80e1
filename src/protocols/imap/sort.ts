/** SORT's orders, and what THREAD shares with them: RFC 5256 section 2 and 3, RFC 5957. */

import type { Task } from "../../net/index.ts";
import { decodeWords, type Field, fieldValue, parseDate } from "../message/index.ts";
import { addressesOf } from "./envelope.ts";
import type { SortKey } from "./parse-search.ts";
import { readable } from "./search.ts";
import type { Numbered, SelectedFolder } from "./selected.ts";

/** By the first key, where that is equal by the next, at last by their numbers. Who is gone meanwhile is left out. */
export function* sorted(
  selected: SelectedFolder,
  found: readonly Numbered[],
  order: readonly SortKey[],
): Task<Numbered[]> {
  const rows: { readonly numbered: Numbered; readonly values: readonly (string | number)[] }[] = [];
  const needsLetter = order.some(({ by }) => by !== "ARRIVAL" && by !== "SIZE");
  for (const numbered of found) {
    const letter = needsLetter ? yield* selected.letter(numbered.message) : undefined;
    if (needsLetter && letter === undefined) continue;
    rows.push({ numbered, values: order.map((key) => sortValue(key, numbered, letter?.fields ?? [])) });
  }
  rows.sort((a, b) => {
    for (const [i, { reverse }] of order.entries()) {
      const [one, other] = [a.values[i], b.values[i]];
      if (one !== other) return one < other !== reverse ? -1 : 1;
    }
    return a.numbered.number - b.numbered.number;
  });
  return rows.map(({ numbered }) => numbered);
}

/** RFC 5256 section 2.2: when it was sent, in UTC; when it came, where it does not say that. */
export function sentAtMs(fields: readonly Field[], arrivedAtMs: number): number {
  try {
    return parseDate(fieldValue(fields, "Date") ?? "");
  } catch {
    return arrivedAtMs;
  }
}

export interface BaseSubject {
  /** In capitals, for comparing. */
  readonly text: string;
  /** Whether it said "Re:" or "Fwd:". */
  readonly isReply: boolean;
}

/** RFC 5256 section 2.1: the subject without what answering and forwarding have put around it. */
export function baseSubject(fields: readonly Field[]): BaseSubject {
  const subject = fields.find(({ name }) => name.toLowerCase() === "subject");
  let text = (subject === undefined ? "" : readable(subject)).slice(0, SUBJECT_MAX).replace(/\s+/g, " ");
  let isReply = false;
  for (let before: string | undefined; before !== text; ) {
    before = text;
    const withoutTrailer = text.replace(/(?:\(fwd\)| )+$/i, "");
    isReply ||= /\(fwd\)$/i.test(text.trimEnd());
    text = withoutTrailer.replace(/^ +/, "");
    const leader = /^(?:\[[^[\]]*\] *)*(?:re|fwd?) *(?:\[[^[\]]*\] *)?:/i.exec(text);
    if (leader !== null) {
      isReply = true;
      text = text.slice(leader[0].length);
    }
    const blob = /^\[[^[\]]*\] */.exec(text);
    if (blob !== null && blob[0].length < text.length) text = text.slice(blob[0].length);
    const forwarded = /^\[fwd:(.*)\]$/i.exec(text);
    if (forwarded !== null) {
      isReply = true;
      text = forwarded[1];
    }
  }
  return { text: text.toUpperCase(), isReply };
}

function sortValue({ by }: SortKey, { message }: Numbered, fields: readonly Field[]): string | number {
  switch (by) {
    case "ARRIVAL":
      return message.arrivedAtMs;
    case "SIZE":
      return message.octets;
    case "DATE":
      return sentAtMs(fields, message.arrivedAtMs);
    case "SUBJECT":
      return baseSubject(fields).text;
    case "DISPLAYFROM":
    case "DISPLAYTO":
      return displayName(fieldValue(fields, by.slice("DISPLAY".length)) ?? "").toUpperCase();
    default:
      return (addressesOf(fieldValue(fields, by) ?? "")[0]?.mailbox ?? "").toUpperCase();
  }
}

/** RFC 5957 section 3: the name, else the address. */
function displayName(value: string): string {
  const [first] = addressesOf(value).filter(({ host }) => host !== undefined);
  if (first === undefined) return "";
  return first.name === undefined ? `${first.mailbox}@${first.host}` : decodeWords(first.name);
}

/** As long as a person could tell apart. */
const SUBJECT_MAX = 1000;
