/** The file that is being edited: kept while other views are looked at, and over a reload of this tab. */

import { Store } from "../engine/store.ts";

export interface Draft {
  readonly fileName: string;
  readonly text: string;
  /** On which content of the engine's own file it is based (save.ts). */
  readonly basis?: string | undefined;
  /** Whether it differs from what runs or was opened; of the engine's own file, from what was saved. */
  readonly changed: boolean;
}

export const draft = new Store<Draft | undefined>(readDraft());
draft.subscribe(() => {
  try {
    const value = draft.get();
    if (value === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(value));
  } catch {
    // Too large or forbidden: it is lost with the tab, as in other editors.
  }
});

function readDraft(): Draft | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return isDraft(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const { fileName, text, basis, changed } = value as Record<string, unknown>;
  const isBasis = basis === undefined || typeof basis === "string";
  return isBasis && typeof fileName === "string" && typeof text === "string" && typeof changed === "boolean";
}

const KEY = "hamlet.draft";
