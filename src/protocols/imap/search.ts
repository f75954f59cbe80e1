/** SEARCH: RFC 9051 section 6.4.4; what the keys mean. The keys that need no contents are asked first. */

import { decodeUtf8, MONTHS, unixMsOf } from "../../bytes/index.ts";
import { type Clock, fromByteString, sleep, type Task } from "../../net/index.ts";
import { decodeText, decodeWords, type Entity, type Field, fieldValue } from "../message/index.ts";
import type { Letter } from "./letter.ts";
import type { SearchKey } from "./parse-search.ts";
import { decodedBody } from "./section.ts";
import type { Numbered, SelectedFolder } from "./selected.ts";

/** The messages that are as `key` says, in their order. */
export function* search(selected: SelectedFolder, key: SearchKey, clock: Clock): Task<Numbered[]> {
  const matcher = new Matcher(selected, key, clock.unixMs());
  const found: Numbered[] = [];
  let reads = 0;
  for (const numbered of selected.all()) {
    if (matcher.needsLetter && ++reads % TURN === 0) yield* sleep(clock, 0);
    if (yield* matcher.matches(key, numbered)) found.push(numbered);
  }
  return found;
}

class Matcher {
  readonly needsLetter: boolean;
  readonly #selected: SelectedFolder;
  readonly #nowMs: number;
  /** What the sets among the keys mean. */
  readonly #sets = new Map<SearchKey, ReadonlySet<number>>();
  readonly #needles = new Map<SearchKey, string>();

  constructor(selected: SelectedFolder, key: SearchKey, nowMs: number) {
    this.#selected = selected;
    this.#nowMs = nowMs;
    this.needsLetter = costOf(key) > 0;
    this.#prepare(key);
  }

  *matches(key: SearchKey, numbered: Numbered): Task<boolean> {
    const { message } = numbered;
    switch (key.key) {
      case "ALL":
        return true;
      case "RECENT":
        return message.isRecent;
      case "AND":
        for (const each of byCost(key.keys)) if (!(yield* this.matches(each, numbered))) return false;
        return true;
      case "OR":
        for (const each of byCost([key.left, key.right]))
          if (yield* this.matches(each, numbered)) return true;
        return false;
      case "NOT":
        return !(yield* this.matches(key.operand, numbered));
      case "FLAG":
        return message.flags.some((flag) => flag.toLowerCase() === key.flag.toLowerCase());
      case "LARGER":
        return message.octets > key.octets;
      case "SMALLER":
        return message.octets < key.octets;
      case "OLDER":
        return message.arrivedAtMs <= this.#nowMs - key.seconds * 1000;
      case "YOUNGER":
        return message.arrivedAtMs >= this.#nowMs - key.seconds * 1000;
      case "MODSEQ":
        return message.modSeq >= key.modSeq;
      case "SEQUENCE":
      case "UID":
        return this.#sets.get(key)?.has(message.uid) ?? false;
      case "BEFORE":
      case "ON":
      case "SINCE":
        if (!key.sent) return compareDay(key.key, Math.floor(message.arrivedAtMs / DAY_MS), key.day);
    }
    const letter = yield* this.#selected.letter(message);
    return letter !== undefined && this.#matchesLetter(key, letter);
  }

  #matchesLetter(key: SearchKey, letter: Letter): boolean {
    const needle = this.#needles.get(key) ?? "";
    switch (key.key) {
      case "HEADER": {
        const name = key.field.toLowerCase();
        return letter.fields.some(
          (field) => field.name.toLowerCase() === name && holds(readable(field), needle),
        );
      }
      case "TEXT":
        return headerHolds(letter.fields, needle) || bodyHolds(letter, letter.entity, needle);
      case "BODY":
        return bodyHolds(letter, letter.entity, needle);
      case "BEFORE":
      case "ON":
      case "SINCE": {
        const day = sentDayOf(letter.fields);
        return day !== undefined && compareDay(key.key, day, key.day);
      }
      default:
        throw new Error(`${key.key} needs no letter`);
    }
  }

  #prepare(key: SearchKey): void {
    if ("set" in key) {
      // Numbers that do not exist find nothing, and are no mistake here.
      const found = key.key === "UID" || key.set === "$" ? key.set : withinCount(key.set, this.#selected);
      const numbered = found.length === 0 ? [] : this.#selected.find(found, key.key === "UID");
      this.#sets.set(
        key,
        new Set(numbered === "out-of-range" ? [] : numbered.map(({ message }) => message.uid)),
      );
    } else if ("text" in key)
      this.#needles.set(key, folded(decodeUtf8(fromByteString(key.text)) ?? key.text));
    else if (key.key === "AND") for (const each of key.keys) this.#prepare(each);
    else if (key.key === "NOT") this.#prepare(key.operand);
    else if (key.key === "OR") for (const each of [key.left, key.right]) this.#prepare(each);
  }
}

/** The day of the Date field as its writer saw it: RFC 9051 section 6.4.4, "disregarding time and timezone". */
function sentDayOf(fields: readonly Field[]): number | undefined {
  const date = /(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{2,4})/.exec(fieldValue(fields, "Date") ?? "");
  const month = MONTHS.findIndex((name) => name.toLowerCase() === date?.[2].toLowerCase());
  if (date === null || month === -1) return undefined;
  const year = Number(date[3]) + (date[3].length === 4 ? 0 : Number(date[3]) < 50 ? 2000 : 1900);
  return unixMsOf({ year, month, day: Number(date[1]), hour: 0, minute: 0, second: 0 }) / DAY_MS;
}

/** A field's value as a person reads it. */
export function readable({ value }: Field): string {
  return decodeWords(decodeUtf8(fromByteString(value)) ?? value);
}

function withinCount(set: readonly { first: number; last: number }[], { messages }: SelectedFolder) {
  const count = messages.length;
  if (count === 0) return [];
  return set.flatMap(({ first, last }) => {
    const [low, high] = [Math.min(first, last), Math.max(first, last)];
    const isStar = high === Number.POSITIVE_INFINITY;
    if (low > count && !isStar) return [];
    return [{ first: Math.min(low, count), last: isStar ? high : Math.min(high, count) }];
  });
}

function compareDay(key: "BEFORE" | "ON" | "SINCE", day: number, than: number): boolean {
  return key === "BEFORE" ? day < than : key === "ON" ? day === than : day >= than;
}

function headerHolds(fields: readonly Field[], needle: string): boolean {
  return fields.some((field) => holds(`${field.name}: ${readable(field)}`, needle));
}

/** In its texts, as they are read, and in those of messages within. */
function bodyHolds(letter: Letter, entity: Entity, needle: string): boolean {
  if (entity.parts !== undefined) return entity.parts.some((part) => bodyHolds(letter, part, needle));
  if (entity.message !== undefined) {
    return headerHolds(entity.message.fields, needle) || bodyHolds(letter, entity.message, needle);
  }
  if (entity.type.toLowerCase() !== "text") return false;
  const body = letter.content.subarray(entity.bodyStart, entity.end);
  const decoded = decodedBody(entity, body);
  const charset = entity.parameters.find(([name]) => name.toLowerCase() === "charset")?.[1] ?? "us-ascii";
  return holds(decodeText(decoded === "unknown" ? body : decoded, charset), needle);
}

function holds(text: string, needle: string): boolean {
  return folded(text).includes(needle);
}

function folded(text: string): string {
  return text.toLowerCase();
}

function byCost(keys: readonly SearchKey[]): SearchKey[] {
  return [...keys].sort((a, b) => costOf(a) - costOf(b));
}

/** 0: the list of messages says it; 1: the header; 2: the whole message. */
function costOf(key: SearchKey): number {
  switch (key.key) {
    case "AND":
      return Math.max(...key.keys.map(costOf));
    case "OR":
      return Math.max(costOf(key.left), costOf(key.right));
    case "NOT":
      return costOf(key.operand);
    case "HEADER":
      return 1;
    case "BODY":
    case "TEXT":
      return 2;
    default:
      return "sent" in key && key.sent ? 1 : 0;
  }
}

const DAY_MS = 86_400_000;
/** Messages that are read before others get their turn. */
const TURN = 50;
