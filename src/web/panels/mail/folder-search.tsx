/** Search in a folder: as one types where the messages are here, with Enter where the server looks. */

import { NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { SearchField, SearchResult } from "../../../engine/panels/mail/view.ts";
import classes from "./mail.module.css";
import { folderOf, type MailPanel } from "./screen.ts";

/** What a list is to show; no words: all messages. */
export interface Search {
  readonly words: string;
  readonly field: SearchField;
}

export interface FolderSearch {
  readonly text: string;
  readonly field: SearchField;
  /** What was looked for: the list has it. */
  readonly asked: Search;
  setText(text: string): void;
  setField(field: SearchField): void;
  /** Has the server look. */
  ask(): void;
}

export function useFolderSearch({ view, port }: MailPanel, folder: string): FolderSearch {
  const [text, setText] = useState("");
  const [field, setField] = useState<SearchField>("text");
  const [answered, setAnswered] = useState<Search>(EVERYTHING);
  const [typed] = useDebouncedValue(text, 200);
  const ask = async (): Promise<void> => {
    const search = { words: text.trim(), field };
    if (!view.isRemote || search.words === "") return;
    const result = await port.tryTo<SearchResult>("search", { folder, ...search });
    if (result?.problems.length === 0) setAnswered(search);
  };
  const remote = text.trim() === "" ? EVERYTHING : answered;
  return {
    text,
    field,
    asked: view.isRemote ? remote : { words: typed, field: "text" },
    setText,
    setField,
    ask,
  };
}

export function SearchBox({
  view,
  folder,
  search,
}: MailPanel & { readonly folder: string; readonly search: FolderSearch }) {
  const { name } = folderOf(view, folder);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    search.ask();
  };
  return (
    <form className={classes.search} onSubmit={submit}>
      <TextInput
        flex={1}
        miw={0}
        aria-label={`Search in ${name}`}
        placeholder={view.isRemote ? "Search, Enter" : "Search"}
        leftSection={<IconSearch size={14} />}
        value={search.text}
        onChange={(event) => search.setText(event.currentTarget.value)}
      />
      {view.isRemote && (
        <NativeSelect
          size="xs"
          w={112}
          aria-label="Where the server searches"
          data={FIELDS}
          value={search.field}
          onChange={(event) => search.setField(event.currentTarget.value as SearchField)}
        />
      )}
    </form>
  );
}

const EVERYTHING: Search = { words: "", field: "text" };
const FIELDS = [
  { value: "text", label: "Anywhere" },
  { value: "from", label: "Sender" },
  { value: "subject", label: "Subject" },
];
