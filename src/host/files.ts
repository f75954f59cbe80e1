/** The files of a lab host: in its memory, gone with it. */

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

  create(name: string): FileDraft {
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
        const whole = new Uint8Array(length);
        let at = 0;
        for (const part of parts) {
          whole.set(part, at);
          at += part.length;
        }
        this.#contents.set(name, whole);
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

/** A lab has many hosts in one process. */
const TOTAL_MAX = 64 * 1024 * 1024;
