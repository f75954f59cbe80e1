/**
 * The file of this machine that the network was read from: under `hamlet up FILE` a console may save it in its place.
 * Whoever saves says on which content of the file his text is based; where something else stands there by now, nothing
 * is overwritten unless he says so. A console names no path: there is this file, or none.
 */

import { encodeHex, encodeUtf8, sha256 } from "../bytes/index.ts";
import { LocalError } from "../net/index.ts";

export interface OwnFile {
  /** As the person called it. */
  readonly fileName: string;
  /** What stands in it; undefined when it is gone. Throws LocalError. */
  read(): string | undefined;
  /** Replaces it, for good, or leaves it as it was. Throws LocalError. */
  write(text: string): void;
}

export class FileKeeper {
  readonly #file: OwnFile | undefined;
  /** Of what runs; undefined while that is another network. */
  #basis: string | undefined;

  constructor(file: OwnFile | undefined, text: string) {
    this.#file = file;
    this.#basis = file && digestOf(text);
  }

  /** What can be saved in its place. */
  get fileName(): string | undefined {
    return this.#file?.fileName;
  }

  get basis(): string | undefined {
    return this.#basis;
  }

  /** What runs is based on this content now, or is none of this file. */
  noteRuns(basis: string | undefined): void {
    this.#basis = this.#file && basis;
  }

  /** Saves; null takes the place of whatever is there. Returns the basis of what is changed from here on. */
  save(text: string, basis: string | null): string {
    const file = this.#file;
    if (file === undefined) {
      throw new LocalError("no-own-file", "this network was not read from a file here: download it");
    }
    const saved = digestOf(text);
    if (basis !== null) {
      const before = file.read();
      if (before === undefined) throw new LocalError("file-changed", `${file.fileName} is gone`);
      if (digestOf(before) === saved) return saved;
      if (digestOf(before) !== basis) {
        throw new LocalError("file-changed", `${file.fileName} holds something else than when it was read`);
      }
    }
    file.write(text);
    return saved;
  }
}

function digestOf(text: string): string {
  return encodeHex(sha256(encodeUtf8(text)));
}
