/** The display filter: typed with completions and errors of the engine, or made by clicks elsewhere. Enter applies it. */

import { ActionIcon, Combobox, TextInput } from "@mantine/core";
import { IconFilter, IconX } from "@tabler/icons-react";
import { useEffect } from "react";
import classes from "./filter-bar.module.css";
import type { FilterOption } from "./use-filter-check.ts";
import { type AppliedFilter, useFilterInput } from "./use-filter-input.ts";

export function FilterBar(applied: AppliedFilter) {
  const { combobox, input, text, applies, wrong, hint, options, ...acts } = useFilterInput(applied);
  const { type, setCursor, apply, accept, press } = acts;
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
            aria-describedby={wrong === undefined ? undefined : NOTE_ID}
            data-applied={applies || undefined}
            classNames={{ input: classes.input }}
            leftSection={<IconFilter size={14} aria-hidden />}
            rightSection={text !== "" && <Clear onClear={() => apply("")} />}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            onChange={(event) => {
              const { value, selectionStart } = event.currentTarget;
              type(value, selectionStart ?? value.length);
            }}
            onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
            onClick={() => combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
            onKeyDown={press}
          />
        </Combobox.Target>
        <Completions options={options} />
      </Combobox>
      {(wrong ?? hint) !== undefined && (
        <span
          id={NOTE_ID}
          role="status"
          className={classes.note}
          data-wrong={wrong !== undefined || undefined}
        >
          {wrong ?? hint}
        </span>
      )}
    </search>
  );
}

/** How the filter may go on. */
function Completions({ options }: { readonly options: readonly FilterOption[] }) {
  return (
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

const NOTE_ID = "packets-filter-note";
