/** What the engine says of a filter that is being typed: its mistake, and how the word under the cursor may go on. */

import { useEffect, useState } from "react";
import type { FilterCheck } from "../../../engine/protocol/index.ts";
import { useEngine } from "../../engine/hooks.ts";
import { EXAMPLES, filterHistory } from "./filter-history.ts";

export interface FilterOption {
  readonly text: string;
  readonly detail: string;
  /** The part of the filter in whose place it comes: [from, to). */
  readonly replaces: { readonly from: number; readonly to: number };
  /** It is a whole filter. */
  readonly applies: boolean;
}

export interface FilterState {
  readonly error: FilterCheck["error"];
  readonly hints: readonly string[];
  readonly options: readonly FilterOption[];
}

export function useFilterCheck(text: string, cursor: number, open: boolean): FilterState {
  const engine = useEngine();
  const [answer, setAnswer] = useState<{
    readonly of: string;
    readonly cursor: number;
    readonly check: FilterCheck;
  }>();
  const isEmpty = text.trim() === "";
  useEffect(() => {
    if (isEmpty) return;
    let current = true;
    const timer = setTimeout(() => {
      engine.request("packets.check", { filter: text, cursor }).then(
        (check) => current && setAnswer({ of: text, cursor, check }),
        // Without an engine there is nothing to say about a filter.
        () => {},
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [engine, text, cursor, isEmpty]);

  if (isEmpty) return { ...UNKNOWN, options: open ? suggestions() : NONE };
  if (answer === undefined || answer.of !== text) return UNKNOWN;
  const { check } = answer;
  const replaces = { from: check.from, to: answer.cursor };
  const typed = text.slice(replaces.from, replaces.to);
  const options = check.completions
    .filter(({ text: other }, at, all) => {
      // Every host has a 127.0.0.1: offered once.
      return other !== typed && all.findIndex((completion) => completion.text === other) === at;
    })
    .slice(0, SHOWN_MAX)
    .map((completion) => ({ ...completion, replaces, applies: false }));
  // A word that is not finished is no mistake yet.
  const atCursor = check.error !== undefined && options.length > 0 && check.error.at >= check.from && open;
  return { error: atCursor ? undefined : check.error, hints: check.hints ?? [], options };
}

/** Before anything is typed: what was applied lately, and examples. */
function suggestions(): readonly FilterOption[] {
  const replaces = { from: 0, to: 0 };
  const history = filterHistory().slice(0, HISTORY_SHOWN);
  const examples = EXAMPLES.filter(({ text }) => !history.includes(text));
  return [
    ...history.map((text) => ({ text, detail: "applied before", replaces, applies: true })),
    ...examples.map((example) => ({ ...example, replaces, applies: true })),
  ];
}

const NONE: readonly FilterOption[] = [];
const UNKNOWN: FilterState = { error: undefined, hints: [], options: NONE };
const PAUSE_MS = 90;
/** All that one sees without scrolling; another letter leaves fewer. */
const SHOWN_MAX = 12;
const HISTORY_SHOWN = 6;
