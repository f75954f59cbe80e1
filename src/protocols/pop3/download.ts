/** The two ways to empty a maildrop: download-and-delete and download-and-keep. */

import type { Task } from "../../net/index.ts";
import type { Pop3Client } from "./client.ts";

export interface Download {
  readonly number: number;
  readonly uniqueId: string | undefined;
  readonly content: Uint8Array;
}

export interface DownloadOptions {
  /** Keep the messages on the server, for another client; else they are marked as deleted. */
  readonly keep: boolean;
  /** Unique names of the messages downloaded before: they are not downloaded again. */
  readonly known: ReadonlySet<string>;
  /**
   * Takes one message over (into a file, onto the screen). Only after it has returned is the message marked as
   * deleted, and only `quit` deletes: whatever breaks before, nothing is lost.
   */
  readonly take: (download: Download) => Task;
}

/** Downloads what is new. Returns the unique names of all that is on the server and known now: keep them for next time. */
export function* download(client: Pop3Client, options: DownloadOptions): Task<Set<string>> {
  const uniqueIds = yield* client.uniqueIds();
  const known = new Set<string>();
  for (const { number } of yield* client.list()) {
    const uniqueId = uniqueIds?.get(number);
    if (uniqueId === undefined || !options.known.has(uniqueId)) {
      yield* options.take({ number, uniqueId, content: yield* client.retrieve(number) });
    }
    if (uniqueId !== undefined) known.add(uniqueId);
    if (!options.keep) yield* client.delete(number);
  }
  return known;
}
