/** Who has which folder open, and must hear of its changes. Both stores use it; neither shares a folder with others. */

import { DELIMITER, type Folder, type FolderChange, INBOX } from "../protocols/imap/index.ts";

export class FolderWatch {
  readonly #watchers = new Map<number, Set<(change: FolderChange) => void>>();

  /** Calls back at each change of the folder until the returned function is called. */
  watch(folder: number, onChange: (change: FolderChange) => void): () => void {
    const watchers = this.#watchers.get(folder) ?? new Set();
    this.#watchers.set(folder, watchers);
    watchers.add(onChange);
    return () => {
      watchers.delete(onChange);
      if (watchers.size === 0) this.#watchers.delete(folder);
    };
  }

  /** To be called when the change is durable. */
  tell(folder: number, change: FolderChange): void {
    if (("uids" in change ? change.uids : change.messages).length === 0) return;
    for (const watcher of this.#watchers.get(folder) ?? []) watcher(change);
  }
}

/** INBOX first, the others by their names: RFC 9051 leaves the order free, people like one. */
export function inOrder(folders: readonly Folder[]): Folder[] {
  const rank = ({ name }: Folder): string => (name === INBOX ? "" : `x${name}`);
  return [...folders].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** What a folder's name becomes when `from` and all below it become `to`; undefined when it is not of them. */
export function renamed(name: string, from: string, to: string): string | undefined {
  if (name === from) return to;
  return name.startsWith(`${from}${DELIMITER}`) ? `${to}${name.slice(from.length)}` : undefined;
}

/** RFC 9051 section 2.3.1.1: seconds, as everybody does, and never one that this user has had. */
export function newUidValidity(nowMs: number, last: number): number {
  return Math.max(Math.floor(nowMs / 1000), last + 1, 1) % 2 ** 32;
}
