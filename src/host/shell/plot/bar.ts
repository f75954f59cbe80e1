/** A bar of block characters: the small plot of a terminal. */

/** `part` of `cells` characters, to an eighth of one. */
export function bar(part: number, cells: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, part)) * cells * 8);
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

const EIGHTHS = ["", ..."▏▎▍▌▋▊▉"];
