/** The display filter: typed with completions and errors of the engine, or made by clicks elsewhere. Enter applies it. */

import { ActionIcon, Combobox, TextInput, Tooltip, useCombobox } from "@mantine/core";
import { IconFilter, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import classes from "./filter-bar.module.css";
import { remember } from "./filter-history.ts";
import { type FilterOption, useFilterCheck } from "./use-filter-check.ts";

interface Props {
  /** The one that applies. */
  readonly filter: string;
  /** Why it does not, in the engine's words. */
  readonly problem: string | undefined;
  readonly onFilter: (filter: string) => void;
}

export function FilterBar({ filter, problem, onFilter }: Props) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(filter);
  const [cursor, setCursor] = useState(0);
  const [applied, setApplied] = useState(filter);
  if (applied !== filter) {
    setApplied(filter);
    setText(filter);
  }
  const { error, options } = useFilterCheck(text, cursor, combobox.dropdownOpened);
  const wrong = error?.message ?? (text === filter ? problem : undefined);

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
  useFocusShortcut(input);
  return (
    <search className={classes.bar}>
      <Combobox
        store={combobox}
        onOptionSubmit={(value) => accept(options[Number(value)])}
        position="bottom-start"
        offset={4}
        withinPortal={false}
        floatingStrategy="fixed"
        middlewares={{ flip: true, shift: true }}
      >
        <Combobox.Target>
          <TextInput
            ref={input}
            aria-label="Display filter"
            placeholder="Filter: smtp, ip.addr == 10.1.0.10, lost…"
            value={text}
            error={wrong !== undefined}
            aria-describedby={wrong === undefined ? undefined : "packets-filter-problem"}
            data-applied={text === filter && filter !== "" ? true : undefined}
            classNames={{ input: classes.input }}
            leftSection={<IconFilter size={14} aria-hidden />}
            rightSection={text !== "" && <Clear onClear={() => apply("")} />}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            onChange={(event) => {
              setText(event.currentTarget.value);
              setCursor(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
              combobox.openDropdown();
              combobox.resetSelectedOption();
            }}
            onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
            onClick={() => combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
            onKeyDown={press}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={options.length === 0} className={classes.dropdown}>
          <Combobox.Options aria-label="Completions">
            {options.map(({ text: option, detail }, at) => (
              <Combobox.Option key={option} value={String(at)} className={classes.option}>
                <code>{option}</code>
                <span>{detail}</span>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {wrong !== undefined && (
        <Tooltip label={wrong} multiline maw={420}>
          <span id="packets-filter-problem" role="status" className={classes.problem}>
            {wrong}
          </span>
        </Tooltip>
      )}
    </search>
  );
}

function Clear({ onClear }: { readonly onClear: () => void }) {
  return (
    <ActionIcon
      size="xs"
      aria-label="Clear the filter"
      onClick={onClear}
      onMouseDown={(event) => event.preventDefault()}
    >
      <IconX size={13} aria-hidden />
    </ActionIcon>
  );
}

/** Ctrl-/ leads to the filter from anywhere on the page, as in Wireshark. */
function useFocusShortcut(input: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== "/" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [input]);
}
