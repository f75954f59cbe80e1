/** Which rows of a table are new or other than before. Pure. */

export interface Stamped {
  readonly key: string;
  readonly stamp: string;
}

/** "a" and "b" take turns, so that a row which changes twice lights up twice. */
export type Mark = "a" | "b";

export interface Marks {
  readonly stamps: ReadonlyMap<string, string>;
  readonly marks: ReadonlyMap<string, Mark>;
}

/** Nothing has changed in a table that is seen for the first time. */
export function markChanges(before: Marks | undefined, rows: readonly Stamped[]): Marks {
  const stamps = new Map(rows.map(({ key, stamp }) => [key, stamp]));
  if (before === undefined) return { stamps, marks: new Map() };
  const marks = new Map<string, Mark>();
  for (const { key, stamp } of rows) {
    const last = before.marks.get(key);
    if (before.stamps.get(key) !== stamp) marks.set(key, last === "a" ? "b" : "a");
    else if (last !== undefined) marks.set(key, last);
  }
  return { stamps, marks };
}
