/**
 * `results`: what the transfers and calls on this host have measured, side by side; commands that measure add a row
 * with `noteResult`. For a story that compares.
 */

import { optionText } from "./arguments.ts";
import type { Command, Shell } from "./command.ts";
import { show } from "./output.ts";
import { formatTable } from "./table.ts";

/** What one application got and felt. What does not apply is absent. */
export interface ResultRow {
  /** "file over TCP" */
  readonly application: string;
  /** What did not arrive, or not in time, as a share of everything. */
  readonly missing: number;
  readonly durationMs: number;
  /** Useful octets, as they arrived, in bits per second. */
  readonly goodputBps: number;
  readonly delayMs?: number;
  readonly jitterMs?: number;
  /** "late: 3": too late for the playout buffer. */
  readonly late?: number;
  /** What the user makes of it: "whole", "damaged", "clear". */
  readonly felt: string;
}

/** Keeps a row for `results`, where this host keeps anything. */
export function noteResult(shell: Shell, row: ResultRow): void {
  const kept = read(shell);
  const rows = [...kept.rows, { under: kept.under, ...row }].slice(-ROWS_MAX);
  shell.memory?.set(MEMORY_KEY, JSON.stringify({ ...kept, rows }));
}

export const results: Command = {
  name: "results",
  summary: "what transfers and calls on this host have measured, side by side",
  operands: "",
  options: [
    { name: "under", value: "WORDS", help: "the rows from now on stand under these words: what is compared" },
  ],
  examples: ['results --under "1 % loss"', "results"],
  *run(shell, input) {
    const under = optionText(input, "under");
    const kept = read(shell);
    if (under !== undefined) {
      shell.memory?.set(MEMORY_KEY, JSON.stringify({ ...kept, under }));
      return 0;
    }
    const table = formatTable(HEADINGS, kept.rows.map(cells));
    return show(shell, kept.rows, kept.rows.length === 0 ? "nothing was measured on this host\n" : table);
  },
};

interface Kept {
  readonly under: string;
  readonly rows: readonly (ResultRow & { readonly under: string })[];
}

function read(shell: Shell): Kept {
  const text = shell.memory?.get(MEMORY_KEY);
  return text === undefined ? { under: "", rows: [] } : (JSON.parse(text) as Kept);
}

function cells(row: Kept["rows"][number]): string[] {
  const optional = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? "-";
  return [
    row.under,
    row.application,
    `${(row.missing * 100).toFixed(1)} %`.padStart(7),
    `${(row.durationMs / 1000).toFixed(2)} s`.padStart(8),
    `${Math.round(row.goodputBps / 1000)} kbit/s`.padStart(12),
    optional(row.delayMs, 1).padStart(8),
    optional(row.jitterMs, 1).padStart(9),
    optional(row.late, 0).padStart(4),
    row.felt,
  ];
}

const HEADINGS = [
  ...["under", "application", "missing", "    time", "     goodput"],
  ...["delay/ms", "jitter/ms", "late", "felt"],
];
const MEMORY_KEY = "results";
/** More than a story compares. */
const ROWS_MAX = 200;
