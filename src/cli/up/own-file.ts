/** The person's network file on the disk, as the engine saves it: whole and synced, or not at all. */

import { readFileSync, statSync } from "node:fs";
import type { OwnFile } from "../../engine/file-keeper.ts";
import { LocalError } from "../../net/index.ts";
import { diskFiles, fileProblem } from "../../os/index.ts";
import { FILE_OCTETS_MAX } from "../network-source.ts";

export class DiskFile implements OwnFile {
  readonly fileName: string;
  /** Not the name: the folder of the process may change, and what the name links to. */
  readonly #path: string;

  constructor(fileName: string, path: string) {
    this.fileName = fileName;
    this.#path = path;
  }

  read(): string | undefined {
    try {
      const found = statSync(this.#path, { throwIfNoEntry: false });
      // What has become too large since, or no file any more, is not what was read.
      if (found === undefined || !found.isFile() || found.size > FILE_OCTETS_MAX) return undefined;
      return readFileSync(this.#path, "utf8");
    } catch (error) {
      throw new LocalError("not-saved", `${this.fileName} cannot be read: ${fileProblem(error)}`, {
        cause: error,
      });
    }
  }

  write(text: string): void {
    const bytes = Buffer.from(text);
    if (bytes.length > FILE_OCTETS_MAX) {
      throw new LocalError("not-saved", `a network file has ${FILE_OCTETS_MAX} octets at most`);
    }
    try {
      writeWhole(this.#path, bytes);
    } catch (error) {
      if (!(error instanceof LocalError)) throw error;
      // By the name that the person gave it.
      const message = error.message.replace(this.#path, this.fileName);
      throw new LocalError(error.code, message, { cause: error });
    }
  }
}

function writeWhole(path: string, bytes: Uint8Array): void {
  const draft = diskFiles.create(path);
  try {
    draft.write(bytes);
    draft.save();
  } finally {
    draft.discard();
  }
}
