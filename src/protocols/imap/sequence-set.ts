/** Sets of message numbers: `1:3,7,9:*` (RFC 9051 section 9, "sequence-set"); "$" is the last search's result. */

export type SequenceSet = "$" | readonly SequenceRange[];

/** Both ends belong to it; Infinity stands for "*". */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
}

/** Undefined when it is none. */
export function parseSequenceSet(text: string): SequenceSet | undefined {
  if (text === "$") return "$";
  const ranges: SequenceRange[] = [];
  for (const piece of text.split(",")) {
    const ends = piece.split(":").map(parseEnd);
    if (ends.length > 2 || ends.some((end) => end === undefined)) return undefined;
    const [first, last = first] = ends as number[];
    ranges.push({ first, last });
  }
  return ranges;
}

/** `1:3,7` of numbers in ascending order; each once. */
export function emitSequenceSet(numbers: readonly number[]): string {
  const pieces: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let end = i;
    while (end + 1 < numbers.length && numbers[end + 1] === numbers[end] + 1) end++;
    pieces.push(end === i ? `${numbers[i]}` : `${numbers[i]}:${numbers[end]}`);
    i = end + 1;
  }
  return pieces.join(",");
}

/**
 * In ascending order, nothing twice, "*" replaced by `largest`: RFC 9051 section 9, "seq-number": 4:2 is 2:4, and "3:*"
 * has the largest also when that is below 3.
 */
export function normalRanges(ranges: readonly SequenceRange[], largest: number): SequenceRange[] {
  const sorted = ranges
    .map(({ first, last }) => {
      const [a, b] = [first, last].map((end) => (end === Number.POSITIVE_INFINITY ? largest : end));
      return { first: Math.min(a, b), last: Math.max(a, b) };
    })
    .sort((a, b) => a.first - b.first);
  const merged: { first: number; last: number }[] = [];
  for (const range of sorted) {
    const before = merged.at(-1);
    if (before !== undefined && range.first <= before.last + 1)
      before.last = Math.max(before.last, range.last);
    else merged.push({ ...range });
  }
  return merged;
}

function parseEnd(text: string): number | undefined {
  if (text === "*") return Number.POSITIVE_INFINITY;
  const number = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
  return number !== undefined && number < 2 ** 32 ? number : undefined;
}
