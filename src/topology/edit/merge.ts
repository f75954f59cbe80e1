/**
 * A value in the place of another one, part by part: what both have alike stays as its author wrote it, with the
 * comments beside it. Only what differs is changed, and only what is not there any more goes.
 */

import type { Path } from "../source.ts";

/** A text whose parts can be changed: YamlText. */
export interface Parts {
  set(path: Path, value: unknown): void;
  delete(path: Path): void;
  insert(path: Path, index: number, value: unknown): void;
}

/** Returns whether that could be done: two maps, or two lists, that have something in common. */
export function changeParts(text: Parts, path: Path, old: unknown, value: unknown): boolean {
  if (Array.isArray(old) && Array.isArray(value)) return changeItems(text, path, old, value);
  if (!isMap(old) || !isMap(value)) return false;
  const wanted = Object.entries(value);
  if (!wanted.some(([key]) => key in old)) return false;
  for (const [key, member] of wanted) text.set([...path, key], member);
  for (const key of Object.keys(old)) if (!(key in value)) text.delete([...path, key]);
  return true;
}

export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Items that both have, in this order, stay; between them new ones take the places of old ones, as far as there are. */
function changeItems(text: Parts, path: Path, old: readonly unknown[], value: readonly unknown[]): boolean {
  if (old.length === 0 || value.length === 0) return false;
  const kept = [...commonItems(old, value), [old.length, value.length] as const];
  let [from, to] = [0, 0];
  /** How much further back an item stands in the text by now. */
  let shift = 0;
  for (const [nextFrom, nextTo] of kept) {
    for (; from < nextFrom && to < nextTo; from++, to++) text.set([...path, from + shift], value[to]);
    for (; to < nextTo; to++, shift++) text.insert(path, from + shift, value[to]);
    for (; from < nextFrom; from++, shift--) text.delete([...path, from + shift]);
    [from, to] = [nextFrom + 1, nextTo + 1];
  }
  return true;
}

/** The longest row of items that stand in both, in the same order: pairs of their places. */
function commonItems(old: readonly unknown[], value: readonly unknown[]): (readonly [number, number])[] {
  const a = old.map((item) => JSON.stringify(item));
  const b = value.map((item) => JSON.stringify(item));
  const least = Math.min(a.length, b.length);
  let front = 0;
  while (front < least && a[front] === b[front]) front++;
  let back = 0;
  while (back < least - front && a[a.length - 1 - back] === b[b.length - 1 - back]) back++;
  const pairs = a.slice(0, front).map((_, i): readonly [number, number] => [i, i]);
  const [endA, endB] = [a.length - back, b.length - back];
  if ((endA - front) * (endB - front) <= COMPARED_MAX) {
    const middle = longestCommon(a.slice(front, endA), b.slice(front, endB));
    pairs.push(...middle.map(([i, j]): readonly [number, number] => [front + i, front + j]));
  }
  for (let i = 0; i < back; i++) pairs.push([endA + i, endB + i]);
  return pairs;
}

function longestCommon(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  // lengths[i][j]: how many are common from a[i] and b[j] on.
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i][j] =
        a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i++;
    else j++;
  }
  return pairs;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lists that differ in more than that are written anew between their common ends. */
const COMPARED_MAX = 1_000_000;
