/** Rows as aligned columns, for commands that list things. */

import { hanging } from "./hanging.ts";

/**
 * One line for each row, columns two blanks apart, the headings first; nothing at its end but the line's end. The last
 * cell of a row that is wider than `terminalColumns` goes on below.
 */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  terminalColumns = Number.POSITIVE_INFINITY,
): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .flatMap((row) => {
      const before = row.slice(0, -1).map((cell, column) => `${cell.padEnd(widths[column])}  `);
      return hanging(before.join(""), row[row.length - 1] ?? "", terminalColumns);
    })
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}
