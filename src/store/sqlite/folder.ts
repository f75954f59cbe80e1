/** Folders that are there after a power loss, too. */

import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it, each for its owner alone; nothing when it is there. It goes level by level, for
 * the recursive mkdir of Node never ends below a file system that refuses new folders with ENOENT (/proc).
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  // Each step is shorter, so it ends, at the latest at the root.
  let at = resolve(path);
  for (; !isThere(at) && at !== dirname(at); at = dirname(at)) missing.push(at);
  for (const folder of missing.reverse()) {
    makeOne(folder);
    syncFolder(dirname(folder));
  }
  if (missing.length === 0 && !statSync(at).isDirectory())
    throw Object.assign(new Error(`${at} is no folder`), { code: "EEXIST" });
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Somebody else was faster.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    // The folder above is there.
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new Error(`${dirname(folder)} takes no folders`, { cause: error });
    throw error;
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** What was made, renamed or removed in it stays so. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
