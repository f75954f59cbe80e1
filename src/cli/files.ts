/** Files that are written in pieces. */

import { writeSync } from "node:fs";

/** Writes all of `bytes`: one call may take only a part. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
