/** Files in memory: what lab hosts serve. */

import type { FileStore, OpenFile } from "./store.ts";

/** Serves what the map has now; names with "/" between their parts. */
export class MemoryFileStore implements FileStore {
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.#files = files;
  }

  open(name: readonly string[]): OpenFile | undefined {
    const key = name.join("/");
    const bytes = this.#files.get(key);
    if (bytes === undefined) return undefined;
    return {
      size: bytes.length,
      version: `${bytes.length}-${fingerprint(bytes).toString(16)}`,
      read: (offset, length) => bytes.slice(offset, offset + length),
      isUnchanged: () => this.#files.get(key) === bytes,
      close() {},
    };
  }
}

/** Text of words and lines, always the same for a size: the content of a file that only has to be large. */
export function generatedText(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = 1;
  for (let at = 0, column = 0; at < size; ) {
    // Numerical Recipes' generator: all that matters is that it repeats itself nowhere soon.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const word = WORDS[(state >>> 16) % WORDS.length];
    for (let i = 0; i < word.length && at < size; i++) bytes[at++] = word.charCodeAt(i);
    column += word.length + 1;
    if (at < size) bytes[at++] = column > LINE_WIDTH ? 10 : 32;
    if (column > LINE_WIDTH) column = 0;
  }
  return bytes;
}

/** FNV-1a, 32 bits. */
function fingerprint(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const octet of bytes) hash = Math.imul(hash ^ octet, 0x01000193);
  return hash >>> 0;
}

const WORDS =
  "a an and bread butter crepe ketchup hamburger is mustard network not of onion or packet pickle the to with".split(
    " ",
  );
const LINE_WIDTH = 72;
