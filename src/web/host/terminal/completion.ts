/** What Tab does with what the engine offers: one option is taken, of several what they have in common. Pure. */

import type { ShellCompletion } from "../../../engine/protocol/index.ts";

/** What replaces the word under the cursor; undefined: nothing more is certain, so the options are listed. */
export function applyCompletion(
  text: string,
  cursor: number,
  { from, options }: ShellCompletion,
): string | undefined {
  const [only] = options;
  if (options.length === 1) return `${only.text} `;
  const common = options.map((option) => option.text).reduce(commonStart, only?.text ?? "");
  return common.length > cursor - from && common.startsWith(text.slice(from, cursor)) ? common : undefined;
}

/** The options below each other with what they mean, or beside each other when they are many. */
export function listOptions(options: ShellCompletion["options"], columns: number): string {
  const width = Math.max(...options.map(({ text }) => text.length)) + 2;
  if (options.length <= DETAILED_MAX) {
    const line = ({ text, detail }: { text: string; detail: string }): string =>
      `${text.padEnd(width)}\x1b[37m${detail.slice(0, Math.max(0, columns - width - 1))}\x1b[0m\n`;
    return options.map(line).join("");
  }
  const perRow = Math.max(1, Math.floor(columns / width));
  let out = "";
  for (let at = 0; at < options.length; at += perRow) {
    const row = options.slice(at, at + perRow).map(({ text }) => text.padEnd(width));
    out += `${row.join("").trimEnd()}\n`;
  }
  return out;
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

/** More would push the prompt out of sight. */
const DETAILED_MAX = 24;
