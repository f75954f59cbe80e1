/** Files that are written in pieces, and files that are there whole or not at all. */

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { LocalError } from "../net/index.ts";
import { fileProblem } from "../os/index.ts";

/** Puts `bytes` in the place of the file of this name, if there is one: nobody ever sees half of it. */
export function replaceFile(name: string, bytes: Uint8Array): void {
  const part = `${name}.${process.pid}.part`;
  try {
    const descriptor = openSync(part, "w");
    try {
      writeAll(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(part, name);
  } catch (error) {
    rmSync(part, { force: true });
    throw new LocalError("cannot-write", `cannot write ${name}: ${fileProblem(error)}`, { cause: error });
  }
}

/** Writes all of `bytes`: one call may take only a part. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
