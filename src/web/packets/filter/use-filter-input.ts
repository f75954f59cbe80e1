/** A display filter while it is typed: its text, where the cursor is, what completes it, and when it applies. */

import { type ComboboxStore, useCombobox } from "@mantine/core";
import { type KeyboardEvent, type RefObject, useRef, useState } from "react";
import { remember } from "./filter-history.ts";
import { type FilterOption, useFilterCheck } from "./use-filter-check.ts";

export interface FilterInput {
  readonly combobox: ComboboxStore;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly text: string;
  /** Whether the packets shown are those that this text lets through, and it is no empty one. */
  readonly applies: boolean;
  /** What is wrong with the text; undefined: nothing that is known. */
  readonly wrong: string | undefined;
  /** What may have been meant by it instead, once it applies. */
  readonly hint: string | undefined;
  readonly options: readonly FilterOption[];
  readonly type: (text: string, cursor: number) => void;
  readonly setCursor: (cursor: number) => void;
  readonly apply: (text: string) => void;
  readonly accept: (option: FilterOption) => void;
  readonly press: (event: KeyboardEvent) => void;
}

export interface AppliedFilter {
  /** The one that was asked for. */
  readonly filter: string;
  /** The one whose packets are shown. */
  readonly shown: string | undefined;
  /** Why it does not, in the engine's words. */
  readonly problem: string | undefined;
  readonly onFilter: (filter: string) => void;
}

export function useFilterInput({ filter, shown, problem, onFilter }: AppliedFilter): FilterInput {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(filter);
  const [cursor, setCursor] = useState(0);
  const [applied, setApplied] = useState(filter);
  if (applied !== filter) {
    setApplied(filter);
    setText(filter);
  }
  const { error, hints, options } = useFilterCheck(text, cursor, combobox.dropdownOpened);
  const wrong = error?.message ?? (text === filter ? problem : undefined);
  const applies = text === filter && shown !== "" && filter.trim() === shown && wrong === undefined;

  const type = (typed: string, at: number): void => {
    setText(typed);
    setCursor(at);
    combobox.openDropdown();
    combobox.resetSelectedOption();
  };
  const apply = (wanted: string): void => {
    combobox.closeDropdown();
    setText(wanted);
    remember(wanted);
    onFilter(wanted);
  };
  const accept = ({ replaces, text: completion, applies }: FilterOption): void => {
    if (applies) {
      apply(completion);
      return;
    }
    const next = text.slice(0, replaces.from) + completion + text.slice(replaces.to);
    const end = replaces.from + completion.length;
    setText(next);
    setCursor(end);
    requestAnimationFrame(() => input.current?.setSelectionRange(end, end));
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && combobox.getSelectedOptionIndex() === -1 && error === undefined) apply(text);
    if (event.key === "Escape" && !combobox.dropdownOpened) setText(filter);
  };
  const hint = applies ? hints[0] : undefined;
  return { combobox, input, text, applies, wrong, hint, options, type, setCursor, apply, accept, press };
}
