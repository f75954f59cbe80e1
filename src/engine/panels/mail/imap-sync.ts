/** The mail client learns what is on its IMAP server: folders, headers of messages, what a search finds. */

import type { Task } from "../../../net/index.ts";
import type { FetchRequest, ImapClient, SelectedMailbox } from "../../../protocols/imap/index.ts";
import type { Progress } from "./access.ts";
import type { ImapCache, RemoteFolder } from "./imap-cache.ts";
import type { SearchField } from "./view.ts";

export function* readFolders(client: ImapClient, cache: ImapCache, progress: Progress): Task {
  progress("reading the folders");
  const listed = yield* client.listWithStatus(["MESSAGES", "UNSEEN"]);
  cache.setFolders(listed.map(({ mailbox }) => mailbox));
  const counts = new Map(listed.map(({ mailbox, status }) => [mailbox.name, status]));
  for (const folder of cache.folders) {
    const status = counts.get(folder.path);
    cache.setCounts(folder, status?.get("MESSAGES") ?? 0, status?.get("UNSEEN") ?? 0);
  }
}

/** Selects a folder. The one that is selected already is so with all that the server has told of it since. */
export function* enter(client: ImapClient, { path }: RemoteFolder): Task<SelectedMailbox> {
  const current = client.mailbox;
  return current?.name === path ? current : yield* client.select(path);
}

/** The list of a folder as it is now, the newest messages of it; how many were not known before. No message is read for it. */
export function* syncFolder(
  client: ImapClient,
  cache: ImapCache,
  folder: RemoteFolder,
  progress: Progress,
): Task<number> {
  const wasListed = folder.listed !== undefined;
  progress(`opening ${folder.path}`);
  // Also when it is selected already: what others have removed is told then, if not before.
  const selected = yield* client.select(folder.path);
  cache.setValidity(folder, selected.uidValidity);
  const flags = yield* client.fetchNewest(LISTED_MAX, { flags: true });
  const fresh = flags.flatMap(({ uid }) => (uid === undefined || folder.ids.has(uid) ? [] : [uid]));
  for (let at = 0; at < fresh.length; at += BLOCK) {
    progress(`fetching headers: ${at} of ${fresh.length}`, at / fresh.length);
    cache.keep(folder, yield* client.fetch(fresh.slice(at, at + BLOCK), OVERVIEW));
  }
  const ids = cache.keep(folder, flags);
  cache.setListed(folder, ids);
  const { exists } = selected;
  const unread =
    exists <= LISTED_MAX
      ? ids.filter((id) => cache.mail(id)?.row.unread).length
      : (yield* client.search({ withoutFlags: ["\\Seen"] })).length;
  cache.setCounts(folder, exists, unread);
  return wasListed ? fresh.length : unread;
}

/** RFC 3501 section 6.4.4: the server looks, also into texts that were never fetched. */
export function* searchFolder(
  client: ImapClient,
  cache: ImapCache,
  folder: RemoteFolder,
  field: SearchField,
  words: string,
  progress: Progress,
): Task<number> {
  progress(`searching ${folder.path}`);
  const { uidValidity } = yield* enter(client, folder);
  cache.setValidity(folder, uidValidity);
  const found = yield* client.search({ [field]: words });
  const newest = found.sort((a, b) => a - b).slice(-FOUND_MAX);
  const ids = cache.keep(folder, yield* client.fetch(newest, OVERVIEW));
  cache.setFound(folder, field, words, ids);
  return found.length;
}

const OVERVIEW: FetchRequest = { flags: true, octets: true, envelope: true, structure: true };
/** As many as a person scrolls through; older ones are found by a search. */
const LISTED_MAX = 500;
const FOUND_MAX = 500;
/** Headers that are fetched at once, so that it can be seen how it goes on. */
const BLOCK = 50;
