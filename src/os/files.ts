/** Files on the disk: saved whole or not at all, and served from a folder that no name leads out of. */

import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import type { FileDraft, ShellFiles } from "../host/shell/command.ts";
import { LocalError } from "../net/index.ts";
import type { FileStore, OpenFile } from "../protocols/fetch/index.ts";
import { fileProblem } from "./file-problem.ts";
import { systemRandom } from "./random.ts";

export const diskFiles: ShellFiles = {
  create: (name) => new DiskDraft(name),
  openFolder: (name) => new FolderStore(name),
};

class DiskDraft implements FileDraft {
  /** As the user said it, for messages. */
  readonly #name: string;
  readonly #target: string;
  readonly #temporary: string;
  /** Of the file that it replaces: who may read that stays. */
  readonly #mode: number | undefined;
  #descriptor: number | undefined;
  #length = 0;

  constructor(name: string) {
    const tag = systemRandom.uint32().toString(16).padStart(8, "0");
    this.#name = name;
    this.#target = this.#try(() => withoutLinks(name));
    // In the same folder, so that renaming cannot become copying.
    this.#temporary = join(dirname(this.#target), `.${basename(this.#target)}.${tag}.part`);
    this.#mode = this.#try(() => modeOfReplaceable(this.#target));
    this.#descriptor = this.#try(() => openSync(this.#temporary, "wx", 0o666));
  }

  write(bytes: Uint8Array): void {
    this.#try((descriptor) => {
      for (let at = 0; at < bytes.length; )
        at += writeSync(descriptor, bytes, at, bytes.length - at, this.#length + at);
      this.#length += bytes.length;
    });
  }

  restart(): void {
    this.#try((descriptor) => {
      ftruncateSync(descriptor, 0);
      this.#length = 0;
    });
  }

  save(): void {
    this.#try((descriptor) => {
      if (this.#mode !== undefined) fchmodSync(descriptor, this.#mode);
      fsyncSync(descriptor);
      renameSync(this.#temporary, this.#target);
      syncFolder(dirname(this.#target));
      closeSync(descriptor);
      this.#descriptor = undefined;
    });
  }

  discard(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#temporary, { force: true });
  }

  /** Before it is open, `descriptor` is -1. */
  #try<T>(action: (descriptor: number) => T): T {
    try {
      return action(this.#descriptor ?? -1);
    } catch (error) {
      throw new LocalError("not-saved", `${this.#name} cannot be saved: ${fileProblem(error)}`, {
        cause: error,
      });
    }
  }
}

/** What a link leads to is replaced, not the link. */
function withoutLinks(name: string): string {
  if (!lstatSync(name, { throwIfNoEntry: false })?.isSymbolicLink()) return name;
  if (!existsSync(name)) throw new Error("it is a link that leads nowhere");
  return realpathSync(name);
}

/** Undefined where nothing has that name; throws where what has it may not be written, or is no file. */
function modeOfReplaceable(name: string): number | undefined {
  const found = statSync(name, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.isDirectory()) throw new Error("it is a folder");
  // To rename over /dev/null would take it away; over /dev/stdout, the file that the shell has opened for us.
  if (!found.isFile()) throw new Error("it is a device or a socket");
  if (OUTPUTS.some((descriptor) => isOpen(descriptor, found)))
    throw new Error("this program's output goes there");
  accessSync(name, constants.W_OK);
  return found.mode & 0o7777;
}

function isOpen(descriptor: number, file: Stats): boolean {
  try {
    return isSame(fstatSync(descriptor), file);
  } catch {
    // Started without it.
    return false;
  }
}

/** Without it a power failure may undo the renaming. */
function syncFolder(name: string): void {
  const descriptor = openSync(name, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

class FolderStore implements FileStore {
  readonly #root: string;

  constructor(name: string) {
    try {
      this.#root = realpathSync(name);
      if (!statSync(this.#root).isDirectory()) throw new Error("it is no folder");
    } catch (error) {
      throw new LocalError("no-folder", `${name} cannot be served: ${fileProblem(error)}`, { cause: error });
    }
  }

  open(name: readonly string[]): OpenFile | undefined {
    const path = join(this.#root, ...name);
    // A path with a link in it is another one once it is resolved; a link that is put there afterwards, too.
    const descriptor = this.#isWithin(path) ? openRegular(path) : undefined;
    if (descriptor === undefined) return undefined;
    if (this.#isWithin(path) && isSame(fstatSync(descriptor), statSync(path)))
      return new DiskFile(descriptor);
    closeSync(descriptor);
    return undefined;
  }

  #isWithin(path: string): boolean {
    try {
      return (
        path.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep) &&
        realpathSync(path) === path
      );
    } catch {
      return false;
    }
  }
}

class DiskFile implements OpenFile {
  readonly size: number;
  readonly version: string;
  readonly #descriptor: number;

  constructor(descriptor: number) {
    const stats = fstatSync(descriptor);
    this.#descriptor = descriptor;
    this.size = stats.size;
    this.version = versionOf(stats);
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.#descriptor, bytes, filled, length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  isUnchanged(): boolean {
    return versionOf(fstatSync(this.#descriptor)) === this.version;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Not following a link, and not waiting for the other end of a named pipe. */
function openRegular(path: string): number | undefined {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return undefined;
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  return undefined;
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

function versionOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs * 1000).toString(36)}`;
}

/** Standard output and standard error. */
const OUTPUTS = [1, 2];
