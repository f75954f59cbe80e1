/** Places of a text, and another text in them. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Splice extends Span {
  readonly replacement: string;
}

/** The text with all of them done; none may touch another. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, replacement } of splices.toSorted((a, b) => a.start - b.start)) {
    if (start < at) throw new Error("changes that should be apart touch one another");
    pieces.push(text.slice(at, start), replacement);
    at = end;
  }
  return pieces.join("") + text.slice(at);
}
