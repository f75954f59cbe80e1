/**
 * Text of a host's file that was typed and not saved: kept while other files, programs and views are looked at, when
 * the window of the host is closed, and over a reload of this tab.
 */

import { useCallback, useMemo } from "react";
import { useNetwork, useStore } from "../../engine/hooks.ts";
import { Store } from "../../engine/store.ts";

interface Draft {
  readonly network: string;
  readonly host: string;
  readonly name: string;
  readonly text: string;
}

export interface Drafts {
  /** By the name of the file. */
  readonly texts: ReadonlyMap<string, string>;
  /** Undefined: it is saved, or not wanted any more. */
  readonly keep: (name: string, text: string | undefined) => void;
}

export function useDrafts(host: string): Drafts {
  const all = useStore(drafts);
  const network = useNetwork()?.fileName ?? "";
  const texts = useMemo(() => {
    const ofHost = all.filter((draft) => draft.network === network && draft.host === host);
    return new Map(ofHost.map(({ name, text }) => [name, text]));
  }, [all, network, host]);
  const keep = useCallback(
    (name: string, text: string | undefined) =>
      drafts.set(withText(drafts.get(), { network, host, name }, text)),
    [network, host],
  );
  return { texts, keep };
}

/** What is there keeps its place. */
function withText(
  all: readonly Draft[],
  place: Omit<Draft, "text">,
  text: string | undefined,
): readonly Draft[] {
  const at = all.findIndex(
    ({ network, host, name }) => network === place.network && host === place.host && name === place.name,
  );
  if (text === undefined) return at < 0 ? all : all.toSpliced(at, 1);
  return at < 0 ? [...all, { ...place, text }] : all.with(at, { ...place, text });
}

function readDrafts(): readonly Draft[] {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return Array.isArray(value) && value.every(isDraft) ? value : [];
  } catch {
    return [];
  }
}

function isDraft(value: unknown): value is Draft {
  const fields = (value ?? {}) as Record<string, unknown>;
  return ["network", "host", "name", "text"].every((field) => typeof fields[field] === "string");
}

const KEY = "hamlet.fileDrafts";
const drafts = new Store(readDrafts());
drafts.subscribe(() => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(drafts.get()));
  } catch {
    // Too large or forbidden: it is lost with the tab, as in other editors.
  }
});
