/** The files of a lab host: in its memory, gone with it. */

import { joinBytes } from "../bytes/index.ts";
import { LocalError } from "../net/index.ts";
import { type FileStore, MemoryFileStore } from "../protocols/fetch/index.ts";
import type { FileDraft, ShellFiles } from "./shell/command.ts";

export class HostFiles implements ShellFiles {
  readonly #contents = new Map<string, Uint8Array>();

  get names(): readonly string[] {
    return [...this.#contents.keys()];
  }

  read(name: string): Uint8Array | undefined {
    return this.#contents.get(name);
  }

  list(): { readonly name: string; readonly octets: number }[] {
    return [...this.#contents].map(([name, { length }]) => ({ name, octets: length }));
  }

  /** A whole file at once. Throws LocalError. */
  write(name: string, bytes: Uint8Array): void {
    const draft = this.create(name);
    draft.write(bytes);
    draft.save();
  }

  remove(name: string): void {
    if (!this.#contents.delete(name)) throw new LocalError("no-file", `there is no file "${name}"`);
  }

  /** Takes the place of no other file. Throws LocalError. */
  rename(from: string, to: string): void {
    const content = this.#contents.get(from);
    checkName(to);
    if (this.#contents.has(to)) throw new LocalError("file-exists", `there is a file "${to}" already`);
    this.remove(from);
    this.#contents.set(to, content!);
  }

  create(name: string): FileDraft {
    checkName(name);
    let parts: Uint8Array[] = [];
    let length = 0;
    return {
      write: (bytes) => {
        length += bytes.length;
        if (length > this.#leftFor(name))
          throw new LocalError("disk-full", `${name}: a host of the lab keeps ${TOTAL_MAX} octets of files`);
        // What is given may be a view of a buffer that is used again.
        parts.push(bytes.slice());
      },
      restart() {
        [parts, length] = [[], 0];
      },
      save: () => {
        if (length > this.#leftFor(name)) throw new LocalError("disk-full", `${name}: no room is left`);
        this.#contents.set(name, joinBytes(parts));
      },
      discard() {
        parts = [];
      },
    };
  }

  /** All files of the host, whatever the folder is called. */
  openFolder(): FileStore {
    return new MemoryFileStore(this.#contents);
  }

  #leftFor(name: string): number {
    let used = 0;
    for (const [other, bytes] of this.#contents) if (other !== name) used += bytes.length;
    return TOTAL_MAX - used;
  }
}

function checkName(name: string): void {
  if (FILE_NAME.test(name)) return;
  throw new LocalError(
    "bad-file-name",
    `"${name}" is no file name: 1 to 255 characters without / and control characters`,
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const FILE_NAME = /^[^/\u0000-\u001f\u007f]{1,255}$/;
/** A lab has many hosts in one process. */
const TOTAL_MAX = 64 * 1024 * 1024;
